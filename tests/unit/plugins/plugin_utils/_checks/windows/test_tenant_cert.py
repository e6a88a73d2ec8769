# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tenant_cert: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, PLUGIN, agent_log, edited, failed_run

ID = "tenant_cert"
KEYSET = "One or more errors occurred. ---> System.Security.Cryptography.CryptographicException: Keyset does not exist"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.certificates.0.not_after": "2026-11-22T00:00:00Z"}, "fail", "expired"),
        ({"agent.certificates.0.not_before": "2026-11-24T00:00:00Z"}, "fail", "not valid before"),
        ({"agent.certificates.0.has_private_key": False}, "fail", "private key"),
        ({"agent.certificates": []}, "ok", "last run succeeded"),
        ({"agent.certificates": [], f"{PLUGIN}.status": None}, "warn", "missing"),
        ({"agent.certificates": [], **failed_run("x: FailedToDecryptProtectedSettings")}, "fail", "missing"),
        ({"agent.certificates": [], **agent_log("[ERROR] Keyset does not exist")}, "fail", "missing"),
        (agent_log(f"[1] [11/23/2026 08:03:01.1] [ERROR] {KEYSET}"), "warn", "cannot use the private key"),
        (
            {**agent_log(f"[1] [11/23/2026 08:03:01.1] [ERROR] {KEYSET}"), **failed_run("Snapshot command failed")},
            "fail",
            "cannot use the private key",
        ),
        (
            {
                **agent_log(f"[1] [11/23/2026 08:03:01.1] [ERROR] {KEYSET}"),
                **failed_run("ExtensionFailedVssWriterInBadState: writers"),
            },
            "warn",
            "cannot use the private key",
        ),
        (
            {**agent_log(f"[1] [11/23/2026 03:03:01.1] [ERROR] {KEYSET}"), **failed_run("Snapshot command failed")},
            "warn",
            "cannot use the private key",
        ),
        (agent_log(f"[1] [11/23/2026 07:59:01.1] [ERROR] {KEYSET}"), "ok", ""),
        (
            agent_log("[1] [11/23/2026 08:03:01.1] [ERROR] Clé non valide (0x8009000B)"),
            "warn",
            "cannot use the private key",
        ),
        (failed_run("Cannot find the certificate and private key to use for decryption"), "fail", "cannot use the"),
        (agent_log("[1] [11/23/2026 07:59:01.1] [ERROR] Clé non valide (0x8009000B)"), "ok", ""),
        (failed_run("x: FailedToDecryptProtectedSettings"), "fail", "cannot use the private key"),
        ({"agent.certificates": [], "extension.versions": []}, "ok", "No extension"),
        ({"agent.certificates": [], "agent.guest": None}, "not_applicable", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"agent.certificates.0.not_before": "2026-11-24T00:00:00Z"}, "w32tm /resync"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["agent.certificates", "agent.guest", "agent.log", "agent.log.lines"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
