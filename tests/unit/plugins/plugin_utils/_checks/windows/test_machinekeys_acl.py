# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""machinekeys_acl: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, STATUS, agent_log, edited, failed_run

ID = "machinekeys_acl"
HARDENED = {"agent.acl.machine_keys": "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.acl.machine_keys": "D:(A;;FA;;;SY)(A;;FA;;;WD)"}, "ok", ""),
        ({"agent.acl.machine_keys": "D:(A;;0x12019f;;;WD)"}, "fail", "lack full access"),
        ({"agent.acl.machine_keys": "D:(D;;FA;;;BA)(A;;FA;;;BA)(A;;0x12019f;;;WD)"}, "fail", "lack full access"),
        ({"agent.acl.machine_keys": "D:(A;OICIIO;FA;;;BA)(A;;0x12019f;;;WD)"}, "fail", "lack full access"),
        (HARDENED, "ok", "last run succeeded"),
        ({**HARDENED, f"{STATUS}.status": None}, "warn", "Everyone"),
        ({**HARDENED, **failed_run("x: y")}, "warn", "Everyone"),
        (
            {**HARDENED, **agent_log("[1] [11/23/2026 08:02:01.1] [ERROR] Zugriff verweigert (0x80090010)")},
            "warn",
            "A key",
        ),
        (
            {"agent.acl.machine_keys": "D:(A;;FA;;;BA)", **failed_run("ExtensionConfigParsingFailure: x")},
            "fail",
            "Everyone",
        ),
        (
            {
                "agent.acl.machine_keys": "D:(A;;FA;;;BA)",
                **agent_log("[ERROR] Self-signed Certificate Generation failed. Error Code: -2146893808."),
            },
            "fail",
            "Everyone",
        ),
        ({**HARDENED, **failed_run("CryptographicException: Le jeu de clés n'existe pas.")}, "fail", "Everyone"),
        ({**HARDENED, **failed_run("hr = 80090016")}, "fail", "Everyone"),
        ({"agent.acl.machine_keys": None}, "ok", "last run succeeded"),
        (
            agent_log("[1] [11/23/2026 08:02:01.1] [ERROR] CryptographicException: Object already exists"),
            "warn",
            "A key",
        ),
        (agent_log("[1] [11/23/2026 08:02:01.1] [ERROR] Zugriff verweigert (0x80090010)"), "warn", "A key"),
        (agent_log("[1] [11/23/2026 07:02:01.1] [ERROR] Zugriff verweigert (0x80090010)"), "ok", ""),
        ({"agent.acl.machine_keys": None, **failed_run("x: y")}, "warn", "does not exist"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"agent.acl.machine_keys": None, **failed_run("x: y")}, "mkdir"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize(("fact", "edits"), [("agent.acl", {}), ("agent.log", HARDENED), ("agent.log.lines", HARDENED)])
def test_missing_fact(fact, edits):
    found = verdict(ID, edited({**edits, fact: GONE}))
    assert found.status == "unknown" and fact in found.why
