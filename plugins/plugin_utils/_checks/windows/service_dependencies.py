# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the services of a backup depend on can start.

A service starts only after those that it depends on. A disabled one among them keeps it down, whatever its own start
type, and Windows names only the service that was asked for.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import WindowsState
from ._pages import SC_CONFIG
from ._services import AGENTS, DISABLED, shown

CHECK = Check(
    title="What the services of a backup depend on can start",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("services.RdAgent", "services.VSS"),
    advice="Set the start type of the service that is named to manual with 'sc.exe config <name> start= demand'.",
    sources=(SC_CONFIG,),
)

NEEDED = ("RdAgent", "WindowsAzureGuestAgent", "VSS", "swprv", "EventSystem", "COMSysApp", "MSDTC", "CryptSvc")

WITHOUT = (
    "Install the product of that service again, or run 'sc.exe config {0} depend= RpcSs' and 'net start {0}': the"
    " agent itself needs no other service."
)


def judge(state: WindowsState) -> Verdict:
    # Windows does not care how a name is written.
    names = {name.lower(): name for name in state.services}
    judged = {name.lower() for name in NEEDED}  # Each of these has a check that explains the others of a backup.
    for name in NEEDED:
        service = state.services.get(name)
        if service is None or service.get("state") == "Running":
            continue
        for needed in service.depends_on:
            own = needed.lower() in judged and name not in AGENTS
            if name in AGENTS and needed.lower() in names and state.services[names[needed.lower()]] is None:
                why = f"The service {needed}, on which {name} depends, does not exist"
                return fail(why, service.fact("depends_on"), fix=by_hand(WITHOUT.format(name)))
            other = None if own else state.services.get(names.get(needed.lower(), ""))
            if other is not None and other.start == DISABLED and other.get("state") != "Running":
                why = f"The service {needed}, on which {name} depends, is disabled"
                fix = by_hand(f"Run 'sc.exe config {needed} start= demand' and 'net start {name}'.")
                return fail(why, *shown(other, "start", "state"), service.fact("depends_on"), fix=fix)
    return ok()
