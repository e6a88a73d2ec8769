# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree, without
from support import advice_of, verdict

ID = "openssl"


def test_it_works():
    assert verdict(ID, healthy()).status == "ok"
    state = tree()
    for name in ("version", "error"):
        del state["agent"]["openssl"][name]
    assert verdict(ID, state).status == "ok"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"exists": False, "executable": False, "version": None}, "does not exist"),
        ({"executable": False}, "not executable"),
        ({"version": None, "error": "libssl.so.3: cannot open shared object file"}, "calls fails"),
    ],
)
def test_it_does_not(change, words):
    found = verdict(ID, healthy(openssl=change))
    assert found.status == "fail" and words in found.why


def test_it_was_too_slow_to_tell():
    state = healthy()
    for name in ("version", "error"):
        del state["agent"]["openssl"][name]
    assert verdict(ID, state).status == "unknown"
    state["agent"]["openssl"]["exists"] = False
    assert verdict(ID, state).status == "fail"


def test_a_configuration_of_another_product():
    config = {"config": "/FIPS/ssl/openssl.cnf", "config_exists": False}
    line = saying("openssl_failed", "WARNING: can't open config file: /FIPS/ssl/openssl.cnf")
    assert verdict(ID, healthy(openssl=config)).status == "warn"
    assert verdict(ID, healthy(line, openssl=config)).status == "fail"
    assert verdict(ID, healthy(line)).status == "fail"


def test_it_is_not_in_the_path_of_the_service():
    line = saying("openssl_failed", "[Errno 2] No such file or directory: 'openssl'")
    state = tree(line)
    for name in ("version", "error"):
        del state["agent"]["openssl"][name]
    found = verdict(ID, state)
    assert found.status == "fail" and "PATH" in found.why
    assert verdict(ID, healthy(line)).status == "ok"


def test_a_missing_certificate_is_another_condition():
    assert verdict(ID, healthy(saying("openssl_failed", "TransportCert.pem is missing."))).status == "ok"


def test_missing():
    assert verdict(ID, without("openssl")).status == "unknown"


def test_servers_refuse_the_version_of_tls():
    found = verdict(ID, healthy(saying("tls_version_refused", "tlsv1 alert protocol version (_ssl.c:852)")))
    assert found.status == "warn" and "MaxProtocol" in advice_of(found)
