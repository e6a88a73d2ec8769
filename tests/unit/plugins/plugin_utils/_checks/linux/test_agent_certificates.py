# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, saying, without
from support import advice_of, fix_of, verdict

ID = "agent_certificates"
LINE = saying("certificates_undecryptable", "Failed to decrypt /var/lib/waagent/Certificates.p7m (return code: 1)")


def test_decrypted():
    assert verdict(ID, healthy()).status == "ok"


def test_not_decrypted():
    found = verdict(ID, healthy(LINE))
    assert found.status == "fail" and fix_of(found) is None


def test_the_key_is_damaged():
    found = verdict(ID, healthy(openssl={"key_error": "Could not find private key from TransportPrivate.pem"}))
    assert found.status == "fail" and "key" in found.why
    assert fix_of(found) == ("waagent_service", {"state": "restarted"})


def test_the_key_is_gone():
    found = verdict(ID, healthy(openssl={"key": False}))
    assert found.status == "fail" and fix_of(found) == ("waagent_service", {"state": "restarted"})
    # An agent that has only just started, or that has not reached the Azure host, has none yet.
    assert verdict(ID, healthy(STOPPED, openssl={"key": False})).status == "ok"
    assert verdict(ID, healthy(openssl={"key": False}, status={"age_s": 99999})).status == "ok"
    assert verdict(ID, healthy(openssl={"key": True})).status == "ok"


def test_fips_is_named():
    raw = healthy(LINE)
    raw["security"] = {"fips": {"enabled": True, "read_from": "/proc/sys/crypto/fips_enabled"}}
    found = verdict(ID, raw)
    assert found.evidence[-1].value is True and "enableFips1403Encryption" in advice_of(found)
    assert "2.14.0.1" in advice_of(found)
    raw["agent"]["version"]["value"] = "2.15.0.1"
    assert "Update the agent" not in advice_of(verdict(ID, raw))


def test_an_old_error_of_an_agent_that_reports_is_history():
    assert verdict(ID, healthy(LINE, saying("certificates_undecryptable", age_s=8 * 3600))).status == "ok"


def test_no_log():
    assert verdict(ID, healthy(log=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("log")).status == "unknown"


def test_a_key_that_openssl_cannot_read_for_the_agent():
    found = verdict(ID, healthy(saying("key_unreadable", "Command: [openssl rsa -in 7.prv -pubout], return code: [1]")))
    assert found.status == "fail" and "RSA" in advice_of(found)
