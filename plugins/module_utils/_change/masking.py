# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Keeps credentials out of everything that leaves the guest."""

import re

MASK = "********"
# Up to the LAST at sign before the path: a password may hold one unescaped.
_URL_CREDENTIALS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/\"'<>]*@")
_SECRET_ASSIGNMENT = re.compile(
    r"^(\s*(?:export\s+)?[\w.-]*(?:passw|secret|token|api_?key|access_?key|credential)[\w.-]*\s*[=:]).+$",
    re.IGNORECASE | re.MULTILINE,
)


def mask(value):
    """Return the value with user:password@ of URLs and values of secret-like keys masked, at any depth."""
    if isinstance(value, str):
        value = _URL_CREDENTIALS.sub(r"\1" + MASK + "@", value)
        return _SECRET_ASSIGNMENT.sub(r"\1" + MASK, value)
    if isinstance(value, dict):
        return {key: mask(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item) for item in value]
    return value
