# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""openssl tried as the agent uses it: a damaged key is no fault of openssl."""

import os
import sys
import types

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Late
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _crypto

DAMAGED = "Could not find private key"


class Guest(_probe.Host):
    """A guest with a key of some age, whose openssl fails with some arguments."""

    def __init__(self, key, fails):
        _probe.Host.__init__(self)
        self.key, self.fails = key, fails

    def stat(self, _path):
        return os.stat(self.key) if self.key.exists() else None

    def run(self, argv, *_options):
        said = next((text for word, text in self.fails.items() if word in argv), None)
        return (1, "", said + "\n") if said else (0, "", "")


@pytest.fixture
def tried(tmp_path):
    def run(fails, age_s=3600):
        key = tmp_path / "TransportPrivate.pem"
        if age_s is not None:
            key.write_text("")
            os.utime(key, (key.stat().st_mtime - age_s,) * 2)
        return _crypto._as_agent(Guest(key, fails), "/usr/bin/openssl", str(key), {})

    return run


def test_it_works(tried):
    assert tried({}) == tried({}, age_s=None) == (None, None)


def test_the_key_is_damaged(tried):
    assert tried({"-key": DAMAGED}) == (None, DAMAGED)


@pytest.mark.parametrize("age_s", [3600, 0, None])
def test_openssl_fails_with_every_key(tried, age_s):
    assert tried({"req": "cannot load provider"}, age_s) == ("cannot load provider", None)


@pytest.mark.parametrize("age_s", [0, None])
def test_a_key_that_is_being_written_is_not_read(tried, age_s):
    assert tried({"-key": DAMAGED}, age_s) == (None, None)


CONF = types.SimpleNamespace(value={"OS.OpensslPath": "/usr/bin/openssl", "Lib.Dir": "/var/lib/waagent"}.get)


class Slow(_probe.Host):
    """A guest whose openssl answers to some arguments only."""

    def __init__(self, answers):
        _probe.Host.__init__(self)
        self.privileged, self.answers = True, answers

    def stat(self, path, *_options):
        return os.stat(sys.executable) if path == "/usr/bin/openssl" else None

    def run(self, argv, *_options):
        if argv[1] not in self.answers:
            raise Late("Cannot run 'openssl': no answer within 4 s")
        return 0, "OpenSSL 3.0.15\n", ""


@pytest.mark.parametrize("answers", [(), ("version",)])
def test_a_slow_guest_says_nothing_of_openssl(answers):
    facts = _probe.Facts()
    found = _crypto.openssl(Slow(answers), CONF, facts)
    assert found["executable"] and "version" not in found and "error" not in found
    assert "no answer" in facts.missing["openssl.error"]


def test_openssl_answers():
    facts = _probe.Facts()
    found = _crypto.openssl(Slow(("version", "req")), CONF, facts)
    assert (found["version"], found["error"], facts.missing) == ("OpenSSL 3.0.15", None, {})
