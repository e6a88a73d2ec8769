# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""keyiso: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, agent_log, edited

ID = "keyiso"
GONE_KEY = "[ERROR] CNG Key Isolation is not there"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.KeyIso.state": "Stopped"}, "ok", "normal"),
        ({"services.KeyIso.start": 4}, "fail", "disabled"),
        ({"services.KeyIso": None}, "fail", "does not exist"),
        (
            {"services.KeyIso.state": "Stopped", **agent_log("[ERROR] CNG Key Isolation is not there")},
            "fail",
            "because of it",
        ),
        (
            {
                "services.KeyIso.state": "Stopped",
                **agent_log("[ERROR] Failed to get TransportCertificate. The RPC server is unavailable. (0x800706ba)"),
            },
            "fail",
            "because of it",
        ),
        ({"services.KeyIso.state": "Stopped", **agent_log(f"[1] [11/23/2026 08:03:01.1] {GONE_KEY}")}, "fail", ""),
        ({"services.KeyIso.state": "Stopped", **agent_log(f"[1] [11/23/2026 08:00:01.1] {GONE_KEY}")}, "ok", "normal"),
        ({**agent_log("[ERROR] CNG Key Isolation is not there")}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "parameters"),
    [
        ({"services.KeyIso.start": 4}, {"services": ["KeyIso"]}),
        (
            {"services.KeyIso.state": "Stopped", **agent_log("[ERROR] CNG Key Isolation is not there")},
            {"started": ["KeyIso"], "restarted": True},
        ),
    ],
)
def test_fix(edits, parameters):
    assert fix_of(verdict(ID, edited(edits))) == ("win_backup_services", parameters)


def test_a_service_that_is_gone_is_restored_by_hand():
    assert r"Services\KeyIso on a VM" in advice_of(verdict(ID, edited({"services.KeyIso": None})))


@pytest.mark.parametrize("fact", ["services.KeyIso"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
