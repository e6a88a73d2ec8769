# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts that services of Windows share, and those on one that backup starts when it needs it."""

from __future__ import annotations

from ..._engine._model import ByHand, Fix, Verdict, by_hand, fail, ok
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _last_run
from ._accounts import another_account, another_account_of, is_managed
from ._advice import REPAIR_WINDOWS, restore_service
from ._services import DISABLED, absent, shown


def must_start(state: WindowsState, name: str, effect: str, enable: Fix, of_system: bool = False) -> Verdict:
    """The verdict on a service that backup starts when it needs it: stopped is normal, disabled is not.

    ``of_system``: it works as LocalSystem only.
    """
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} does not exist: {effect}", absent(name), fix=by_hand(restore_service(name)))
    if broken := unable(service, name, enable=enable, repair=REPAIR_WINDOWS, effect=f": {effect}"):
        return broken
    if not service.get("library_exists", True):
        why = f"The library of the service {name} does not exist: {effect}"
        return fail(why, service.fact("library"), fix=by_hand(REPAIR_WINDOWS))
    if of_system and another_account_of(service):
        # A run that succeeded may be older than the change; nobody sets a managed account by mistake.
        if not (is_managed(service) and _last_run.succeeded(state)):
            return another_account(service, name, harm=not _last_run.succeeded(state))
    return ok(*shown(service, "start", "state"))


def unable(service: Facts, name: str, enable: Fix | ByHand, repair: str, effect: str = "") -> Verdict | None:
    """The verdict on a service that cannot be started: it is disabled, or its executable does not exist."""
    if service.start == DISABLED:
        return fail(f"The service {name} is disabled{effect}", *shown(service, "start", "state"), fix=enable)
    if not service.get("image_exists", True):
        why = f"The executable of the service {name} does not exist{effect}"
        return fail(why, *shown(service, "image", "image_exists"), fix=by_hand(repair))
    return None


def leaving(service: Facts, name: str, advice: str) -> Verdict | None:
    """The verdict on a service that is marked for deletion: a reboot removes it."""
    if not service.get("delete_flag"):
        return None
    return fail(f"The service {name} is marked for deletion", service.fact("delete_flag"), fix=by_hand(advice))
