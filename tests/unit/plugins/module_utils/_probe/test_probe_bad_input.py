# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a broken guest may hold in place of a good file: the probe answers in time, and judging does not fail."""

import json
import os
import threading
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema

CONF = "etc/waagent.conf"
TIMEOUT = 8


@pytest.fixture
def tree(tmp_path):
    for folder in ("etc", "usr/bin", "usr/sbin", "var/lib/waagent", "var/log"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "usr/bin/env").write_text("")
    (tmp_path / CONF).write_text("Extensions.Enabled=y\n")
    return tmp_path


def diagnose(tree):
    """The state and the evaluation of a tree, inside the deadline."""
    began = time.monotonic()
    state = _probe.collect({"root": str(tree), "timeout": TIMEOUT})
    assert time.monotonic() - began < TIMEOUT
    return state, _registry.diagnose(_schema.accept(state))


def status(result, id_):
    return next(finding["status"] for finding in result["findings"] if finding["id"] == id_)


def test_a_binary_configuration(tree):
    (tree / CONF).write_bytes(os.urandom(4096))
    _state, result = diagnose(tree)
    assert status(result, "extensions_enabled") != "ok"


@pytest.mark.parametrize("path", [CONF, "var/log/waagent.log", "etc/os-release", "etc/environment"])
def test_a_fifo_in_place_of_a_file(tree, path):
    (tree / path).unlink(missing_ok=True)
    os.mkfifo(tree / path)
    diagnose(tree)


def test_a_huge_sparse_log(tree):
    with open(tree / "var/log/waagent.log", "wb") as log:
        log.truncate(1 << 30)
        log.seek(0, os.SEEK_END)
        log.write(b"\n2026/11/25 02:00:00.000000 INFO ExtHandler [HEARTBEAT] Agent WALinuxAgent-2.11.1.4\n")
    state, _result = diagnose(tree)
    assert state["agent"]["log"]["size"] > 1 << 30


@pytest.mark.parametrize("target", ["/nowhere/waagent.conf", "waagent.conf"])
def test_a_link_that_leads_nowhere_or_to_itself(tree, target):
    (tree / CONF).unlink()
    (tree / CONF).symlink_to(target)
    _state, result = diagnose(tree)
    assert status(result, "conf_path") in ("fail", "unknown")


def test_a_link_does_not_lead_out_of_the_tree(tree, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "waagent.conf"
    outside.write_text("Extensions.Enabled=n\n")
    (tree / CONF).unlink()
    (tree / CONF).symlink_to(os.path.relpath(outside, tree / "etc"))
    state, _result = diagnose(tree)
    assert "Enabled=n" not in str(state) and state["conf"].get("kind") != "file"


def test_a_directory_in_place_of_a_file(tree):
    (tree / CONF).unlink()
    (tree / CONF).mkdir()
    _state, result = diagnose(tree)
    assert status(result, "conf_path") in ("fail", "unknown")


NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
STATUS = f"var/lib/waagent/{NAME}-1.0.9232.0/config/HandlerStatus"
LOG = f"var/log/azure/{NAME}/extension.log"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (STATUS, json.dumps({"message": "http://a" * 16384})),
        (STATUS, json.dumps({"message": "password=" * 16384})),
        (LOG, "starting daemon initially\nFailed to open: /" + " " * 65536 + "x"),
        (LOG, "starting daemon initially\nFailed to open: /" + " with error" * 20000),
        (LOG, "starting daemon initially\nPath not a directory: /" + "x " * 65536),
        ("var/log/audit/audit.log", "type=AVC avc: denied waagent " + "a" * 65536),
        ("var/log/audit/audit.log", "type=AVC avc: denied waagent " + 'a="' * 30000),
        ("var/log/waagent.log", "No space left on device " + "a:b@" * 40000),
        ("etc/azure/vmbackup.conf", "[SnapshotThread]\ntimeout" + " " * 32768 + "x\n"),
        ("etc/azure/vmbackup.conf", "[SnapshotThread]\n" + "[" * 65536),
        ("etc/azure/vmbackup.conf", "[SnapshotThread]\ntimeout = %(" + "a%(" * 20000),
        ("var/lib/dhcp/dhclient.eth0.leases", "lease {" + " option unknown-245 a8:" * 20000),
        ("etc/waagent.conf", "HttpProxy.Host" + " " * 65536 + "= " + "# " * 30000),
        ("etc/environment", "http_proxy=" + "a@" * 100000),
        ("etc/environment", "http_proxy=" + "http_proxy=" * 50000),
    ],
    ids=lambda text: text[:40],
)
def test_a_text_that_is_worst_for_an_expression_costs_no_fact(tree, path, text):
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(text)
    state, _result = diagnose(tree)
    assert [reason for reason in state["missing"].values() if reason.startswith("no answer")] == []


def test_a_section_that_hangs_costs_itself_only(tree, monkeypatch):
    released = threading.Event()
    sections = [*_probe.SECTIONS, ("stuck", lambda host, options, facts: released.wait())]
    monkeypatch.setattr(_probe, "SECTIONS", sections)
    # What it keeps for its way back is what a busy machine may take from this test.
    monkeypatch.setattr(_probe, "REPLY_MARGIN", TIMEOUT - 3)
    began = time.monotonic()
    state = _probe.collect({"root": str(tree), "timeout": TIMEOUT})
    released.set()
    assert time.monotonic() - began <= TIMEOUT
    assert state["missing"]["stuck"] == f"no answer within {TIMEOUT} s"
    assert state["conf"]["path"] == "/etc/waagent.conf"


def test_a_section_that_breaks_costs_itself_only(tree, monkeypatch):
    def broken(host, options, facts):
        facts["first"] = 1
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(_probe, "SECTIONS", [*_probe.SECTIONS, ("broken", broken)])
    state = _probe.collect({"root": str(tree)})
    assert state["broken"] == {"first": 1}
    assert state["missing"]["broken"].startswith("Cannot probe 'broken': ZeroDivisionError at test_probe_bad_input.py:")
