# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access lists as SDDL: which rights well-known accounts have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

SYSTEM, ADMINISTRATORS, EVERYONE = "SY", "BA", "WD"
FULL, READ_WRITE, CREATE_KEY = 0x1F01FF, 0x12019F, 0x4
DENIED = r"UnauthorizedAccessException|Access (to the path .*)?is denied|\b(?:0x)?80070005\b"
"""How programs say that they lack a right."""
_NAMES = {
    "FA": 0x1F01FF, "FR": 0x120089, "FW": 0x120116, "FX": 0x1200A0, "KA": 0xF003F, "KR": 0x20019, "KW": 0x20006,
    "GA": 0x1F01FF, "GR": 0x120089, "GW": 0x120116, "GX": 0x1200A0, "RC": 0x20000, "SD": 0x10000, "WD": 0x40000,
    "WO": 0x80000, "CC": 0x1, "DC": 0x2, "LC": 0x4, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": 0x40, "LO": 0x80,
    "CR": 0x100,
}  # fmt: skip
_USERS = "AU"
_SIDS = {"S-1-5-18": SYSTEM, "S-1-5-32-544": ADMINISTRATORS, "S-1-1-0": EVERYONE, "S-1-5-11": _USERS}
_DENIED_WITH = {SYSTEM: (ADMINISTRATORS, _USERS, EVERYONE), ADMINISTRATORS: (_USERS, EVERYONE)}
"""Groups that an account is in: what is denied to them is denied to it."""
_GRANTED_WITH = {SYSTEM: (_USERS, EVERYONE), ADMINISTRATORS: (_USERS, EVERYONE)}
"""Groups whose rights count as those of an account; SYSTEM is to have its own next to those of administrators."""
_ACE = re.compile(r"\((?P<type>X?[AD]);(?P<flags>[A-Z]*);(?P<rights>[^;]*);[^;]*;[^;]*;(?P<sid>[^;)]*)")


def rights(sddl: str, *accounts: str) -> int:
    """The rights that any of the accounts has on the object itself. Of two entries for a right the first decides."""
    allowed = denied = 0
    denying, granting = _groups(_DENIED_WITH, accounts), _groups(_GRANTED_WITH, accounts)
    for ace in sorted(_ACE.finditer(sddl.partition("D:")[2]), key=_place):
        account, mask = _SIDS.get(ace["sid"], ace["sid"]), _mask(ace["rights"])
        if "IO" in _flags(ace):
            continue
        if not ace["type"].endswith("A"):
            denied |= mask & ~allowed if account in denying else 0
        elif account in granting:
            allowed |= mask & ~denied
    return allowed


def _groups(table: Mapping[str, Iterable[str]], accounts: Iterable[str]) -> set[str]:
    """The accounts and their groups by a table."""
    return {name for account in accounts for name in (account, *table.get(account, ()))}


def _place(ace: re.Match[str]) -> tuple[bool, bool]:
    """The order in which Windows writes entries: those of the object before inherited ones, denials first."""
    return "ID" in _flags(ace), ace["type"].endswith("A")


def _flags(ace: re.Match[str]) -> list[str]:
    return re.findall("..", ace["flags"])


def grants(sddl: str, wanted: int, *accounts: str) -> bool:
    """Whether the accounts together have all of the wanted rights."""
    return rights(sddl, *accounts) & wanted == wanted


def _mask(text: str) -> int:
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", text):
        return int(text, 16)
    if text.isdigit():
        return int(text[:10])
    mask = 0
    for name in re.findall("..", text):
        mask |= _NAMES.get(name, 0)
    return mask
