# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""strong_crypto: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, agent_log, edited, failed_run

ID = "strong_crypto"
OLD = {"identity.os.build": 9600, "dotnet.release": 378389}
FOLLOWS_WINDOWS = {"dotnet.crypto_v4": {"native": {"SystemDefaultTlsVersions": 1}, "wow64": None}}
REFUSED = "[ERROR] Could not create SSL/TLS secure channel."


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"dotnet.crypto_v4": {"native": {"SchUseStrongCrypto": 1}, "wow64": None}}, "ok", ""),
        ({"dotnet.crypto_v4": {"native": {"SchUseStrongCrypto": 0}, "wow64": None}}, "warn", "SchUseStrongCrypto is 0"),
        (
            {
                "dotnet.crypto_v4": {"native": {"SchUseStrongCrypto": 0}, "wow64": None},
                **failed_run("ExtensionSnapshotFailedNoSecureNetwork: x"),
            },
            "fail",
            "SchUseStrongCrypto is 0",
        ),
        ({"dotnet.crypto_v4": {"native": None, "wow64": {"SchUseStrongCrypto": 0}}}, "ok", ""),
        ({"dotnet.crypto_v2": {"native": {"SchUseStrongCrypto": 0}, "wow64": None}}, "ok", ""),
        ({"security.tls12_client": {"Enabled": 0}}, "fail", "disables TLS 1.2"),
        ({"security.tls12_client": {"DisabledByDefault": 1}}, "warn", "only to programs"),
        (
            {
                "security.tls12_client": {"DisabledByDefault": 1},
                **failed_run("Impossible de cr\u00e9er un canal s\u00e9curis\u00e9 SSL/TLS."),
            },
            "fail",
            "only to programs",
        ),
        (
            {"security.cipher_suites.names": ["TLS_RSA_WITH_RC4_128_MD5", "TLS_RSA_WITH_NULL_SHA"]},
            "fail",
            "cipher suite",
        ),
        ({"security.cipher_suites.names": ["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"]}, "ok", ""),
        ({"security.cipher_suites.names": ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]}, "ok", ""),
        ({"security.cipher_suites": None}, "ok", ""),
        ({"security.tls12_client": {"Enabled": 4294967295, "DisabledByDefault": 0}}, "ok", ""),
        ({"identity.os.build": 9600, "dotnet.release": 378389}, "warn", "is not set"),
        (
            {
                "identity.os.build": 9600,
                "dotnet.release": 378389,
                **agent_log("[ERROR] Could not create SSL/TLS secure channel."),
            },
            "fail",
            "is not set",
        ),
        ({**OLD, **agent_log(f"[1] [11/23/2026 08:03:01.1] {REFUSED}")}, "fail", "is not set"),
        ({**OLD, **agent_log(f"[1] [11/23/2026 08:00:01.1] {REFUSED}")}, "warn", "is not set"),
        ({**OLD, **FOLLOWS_WINDOWS}, "ok", "that Windows offers"),
        ({**OLD, "dotnet.crypto_v4": {"native": {"SystemDefaultTlsVersions": 0}, "wow64": None}}, "warn", "is not set"),
        ({**OLD, **FOLLOWS_WINDOWS, "identity.os.build": 7601}, "warn", "is not set"),
        ({**OLD, **FOLLOWS_WINDOWS, "security.tls12_client": {"Enabled": 0}}, "fail", "disables TLS 1.2"),
        ({"identity.os.build": 9600}, "ok", ""),
        (
            {
                "identity.os.build": 9600,
                "dotnet.release": 378389,
                "dotnet.crypto_v4": {"native": {"SchUseStrongCrypto": 1}, "wow64": None},
            },
            "ok",
            "",
        ),
        (
            {
                "identity.os.build": 9600,
                "dotnet.release": 378389,
                "dotnet.crypto_v4": {"native": None, "wow64": {"SchUseStrongCrypto": 1}},
            },
            "warn",
            "is not set",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"security.tls12_client": {"Enabled": 0}}, "DisabledByDefault to 0"),
        ({"security.tls12_client": {"DisabledByDefault": 1}}, "DisabledByDefault to 0"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["security.tls12_client", "dotnet.crypto_v4", "dotnet.release"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


def test_states_of_an_older_probe_do_without_what_it_did_not_ask():
    raw = edited({"security.cipher_suites": GONE})
    assert verdict(ID, raw).status == "ok"
    raw["missing"]["security.cipher_suites"] = "access denied"
    assert verdict(ID, raw).status == "unknown"
