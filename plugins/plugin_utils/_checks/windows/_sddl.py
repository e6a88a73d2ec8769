# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access lists as SDDL: which rights well-known accounts have."""

from __future__ import annotations

import re

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
_SIDS = {"S-1-5-18": SYSTEM, "S-1-5-32-544": ADMINISTRATORS, "S-1-1-0": EVERYONE}
_ACE = re.compile(r"\((?P<type>X?[AD])U?;(?P<flags>[A-Z]*);(?P<rights>[^;]*);[^;]*;[^;]*;(?P<sid>[^;)]*)")


def rights(sddl: str, *accounts: str) -> int:
    """The rights that any of the accounts has on the object itself: allowed and not denied."""
    allowed = denied = 0
    access = sddl.partition("D:")[2]
    for ace in _ACE.finditer(access):
        if "IO" in re.findall("..", ace["flags"]) or _SIDS.get(ace["sid"], ace["sid"]) not in accounts:
            continue
        if ace["type"].endswith("A"):
            allowed |= _mask(ace["rights"])
        else:
            denied |= _mask(ace["rights"])
    return allowed & ~denied


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
