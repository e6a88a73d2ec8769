# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Keeps passwords and signatures out of the guest state."""

import re

_QUERY = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>,)]+")


def mask(text):
    """The text with the password in ``[scheme://]user:password@host`` replaced by ``***``."""
    if not text or "@" not in text:
        return text
    scheme, mark, rest = text.rpartition("://") if "://" in text else ("", "", text)
    # Up to the last at sign before the path: a password may hold one, or a slash only when it is encoded.
    head, slash, tail = rest.partition("/")
    user, at, place = head.rpartition("@")
    if not at:
        return text
    name, colon, _password = user.partition(":")
    return scheme + mark + (name + ":***" if colon else name) + at + place + slash + tail


def mask_query(text):
    """The text with the query of every address replaced by ``***``: signatures of storage addresses stand there."""
    return _QUERY.sub(r"\1?***", text)
