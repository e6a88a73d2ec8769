# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why facts are missing, as codes. The probes state them in ``missing``; a sentence there is a reason of its own."""

from __future__ import annotations

LIVE, ROOT, ADMIN, ABSENT, FORM = "live", "root", "admin", "absent", "form"
NOT_ASKED, FORBIDDEN = "not_asked", "forbidden"

_TEXTS = {
    LIVE: "needs a running system",
    ROOT: "needs root",
    ADMIN: "needs administrator",
    ABSENT: "not in the guest state",
    FORM: "the guest state does not have the expected form here",
    NOT_ASKED: "was not asked for",
}
_CODES = {text: code for code, text in _TEXTS.items()}


def forbidden(permission: str) -> str:
    """The reason where a permission is missing: the code, a colon, the permission."""
    return f"{FORBIDDEN}:{permission}"


def permission(reason: object) -> str | None:
    """The permission that is missing; None where that is not the reason."""
    code_, _colon, needed = str(reason).partition(":")
    return needed or None if code_ == FORBIDDEN else None


def text(reason: object) -> str:
    """The reason in words."""
    if needed := permission(reason):
        return f"no permission: {needed}"
    return _TEXTS.get(str(reason), str(reason))


def code(reason: object) -> str | None:
    """The code of a reason; None for a sentence, and for what a damaged state has in its place."""
    if permission(reason):
        return FORBIDDEN
    return str(reason) if str(reason) in _TEXTS else None


def from_saved(reason: str) -> str:
    """The reason as today's probes state it. States saved by earlier releases have the words in place of the code."""
    return _CODES.get(reason, reason)
