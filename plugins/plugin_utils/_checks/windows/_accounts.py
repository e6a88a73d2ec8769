# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of services that work as LocalSystem only."""

from __future__ import annotations

from ..._engine._model import Verdict, by_hand, fail, warn
from ..._engine._state import Facts

_SYSTEM = ("localsystem", "system", "syst\u00e8me", "sistema", "s-1-5-18")
"""LocalSystem without its authority, by its name in the languages of Windows that have one."""


def another_account_of(service: Facts) -> bool:
    """Whether a service is set to run as another account than LocalSystem, which has several spellings."""
    used = service.get("account")
    return bool(used) and used.rpartition("\\")[2].lower() not in _SYSTEM


def is_managed(service: Facts) -> bool:
    """Whether Windows keeps the password of a service's account: a virtual account, or one that a domain manages."""
    account = str(service.get("account")).lower()
    return account.startswith("nt service\\") or account.endswith("$")


def another_account(service: Facts, name: str, harm: bool) -> Verdict:
    """The verdict on a service that does not run as LocalSystem."""
    return (fail if harm else warn)(
        f"The service {name} is set to run as {service.account}, not as LocalSystem",
        service.fact("account"),
        fix=by_hand(f"Run 'sc.exe config {name} obj= LocalSystem', 'net stop {name}' and 'net start {name}'."),
        key=f"The service {name} has another account",
    )
