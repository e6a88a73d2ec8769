# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Texts made safe to show: what would move a cursor, hide text or turn its direction is written as an escape.

Runs in a pipeline are shown to it: what its agent takes for a command is parted by a blank.
"""

import re

LINE = "\n\t"
"""What a text of several lines may hold."""

COMMAND = re.compile(r"##(?=(?:vso)?\[)|(?<!\S)::(?=[a-z-]{1,40}[^\n]{0,200}?::)", re.IGNORECASE)
"""How commands to Azure Pipelines and to GitHub Actions begin: anywhere in a line, or as its first word."""


def visible(value):
    """The value with every text in it safe to show, at any depth; lines stay lines."""
    if isinstance(value, str):
        text = value if value.isprintable() else "".join(map(_shown, value))
        return COMMAND.sub(lambda found: " ".join(found.group()), text) if "##" in text or "::" in text else text
    if isinstance(value, dict):
        return {visible(key): visible(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [visible(item) for item in value]
    return value


def _shown(char):
    if char.isprintable() or char in LINE:
        return char
    code = ord(char)
    if code < 0x100:
        return "\\x{0:02x}".format(code)
    return "\\u{0:04x}".format(code) if code < 0x10000 else "\\U{0:08x}".format(code)
