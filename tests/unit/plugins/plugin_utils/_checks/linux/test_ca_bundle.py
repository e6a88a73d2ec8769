# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, saying, without
from support import advice_of, fix_of, verdict

ID = "ca_bundle"
LINE = saying("https_unverified", "GET https://a.blob.core.windows.net CERTIFICATE_VERIFY_FAILED")
NOTHING = {"ca": {"bundles": [], "directories": []}}
NOWHERE = {"ca": {"file": {"path": "/no/ca.pem", "exists": False}}}


def test_there():
    assert verdict(ID, healthy()).status == "ok"


def test_an_empty_store():
    found = verdict(ID, healthy(NOTHING))
    assert found.status == "warn" and "ca-certificates" in advice_of(found)
    assert verdict(ID, healthy(NOTHING, LINE)).status == "fail"


def test_a_variable_that_points_nowhere():
    found = verdict(ID, healthy(NOWHERE, LINE))
    assert found.status == "fail" and found.evidence[0].value == "/no/ca.pem"
    assert "/no/ca.pem" in found.why and "SSL_CERT_FILE" in advice_of(found)
    assert verdict(ID, healthy(NOWHERE)).status == "warn"


def test_a_store_is_there_and_verification_fails():
    found = verdict(ID, healthy(LINE))
    assert found.status == "warn" and fix_of(found) is None


def test_missing():
    assert verdict(ID, without("ca")).status == "unknown"
