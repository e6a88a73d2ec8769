# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""command_start: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "command_start"
COMMANDS = "security.commands"


def debuggers(*names):
    return {f"{COMMANDS}.debuggers": {name: r"C:\Tools\deny.exe" for name in names}}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({f"{COMMANDS}.finds_system": False, f"{COMMANDS}.path": r"C:\App\bin"}, "warn", "System32"),
        ({f"{COMMANDS}.finds_system": False, f"{COMMANDS}.path": None}, "ok", ""),
        ({f"{COMMANDS}.comspec": r"C:\Program Files\Shell\tcc.exe"}, "warn", "tcc.exe"),
        ({f"{COMMANDS}.comspec": r'"C:\WINDOWS\System32\CMD.EXE"'}, "ok", ""),
        ({f"{COMMANDS}.comspec": None}, "ok", ""),
        (debuggers("IaaSBcdrExtension.exe"), "fail", "in place of IaaSBcdrExtension.exe"),
        (debuggers("WaAppAgent.exe"), "warn", "in place of WaAppAgent.exe"),
        ({**debuggers("WaAppAgent.exe"), "services.RdAgent.state": "Stopped"}, "fail", "WaAppAgent.exe"),
        (debuggers("WaAppAgent.exe", "cmd.exe"), "fail", "WaAppAgent.exe and cmd.exe"),
        # What an older probe read.
        ({COMMANDS: GONE}, "not_applicable", "older probe"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_the_evidence_is_the_value_of_the_registry():
    (evidence,) = verdict(ID, edited(debuggers("IaasVmProvider.exe"))).evidence
    assert evidence.source.endswith(r"Image File Execution Options\IaasVmProvider.exe: Debugger")
    assert evidence.value == r"C:\Tools\deny.exe"


def test_missing_fact():
    found = verdict(ID, edited({"missing": {COMMANDS: "SecurityException"}, COMMANDS: GONE}))
    assert found.status == "unknown" and "SecurityException" in found.why
