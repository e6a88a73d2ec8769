# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""crypto_dirs_acl: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, agent_log, edited

ID = "crypto_dirs_acl"
REFUSED = "[ERROR] PInvoke PFXImportCertStore failed. Error Code: 86"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.acl.keys": None, "agent.acl.rsa": None, "agent.acl.system_keys": None}, "ok", ""),
        ({"agent.acl.keys": "D:(A;;FA;;;BA)"}, "warn", "do not name SYSTEM"),
        (
            {
                "agent.acl.keys": "D:(A;;FA;;;BA)",
                **agent_log("[ERROR] PInvoke PFXImportCertStore failed. Error Code: 86"),
            },
            "fail",
            "do not name SYSTEM",
        ),
        ({"agent.acl.keys": "D:(A;;FA;;;BA)", **agent_log(f"[1] [11/23/2026 08:03:01.1] {REFUSED}")}, "fail", "SYSTEM"),
        ({"agent.acl.keys": "D:(A;;FA;;;BA)", **agent_log(f"[1] [11/23/2026 08:00:01.1] {REFUSED}")}, "warn", "SYSTEM"),
        (agent_log(f"[1] [11/23/2026 08:00:01.1] {REFUSED}"), "ok", ""),
        ({"agent.acl.keys": "D:(A;;0x1200a9;;;WD)"}, "fail", "lack full access"),
        ({**agent_log("[ERROR] PInvoke PFXImportCertStore failed. Error Code: 86")}, "warn", "although"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        (agent_log("[ERROR] PInvoke PFXImportCertStore failed. Error Code: 86"), "Process Monitor"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["agent.acl"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
