# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Booted guests that answer badly or not at all: a clear finding or a clear reason, inside the deadline.

What needs no running system is in tests/unit: the same probe on trees.
"""

import base64
import json
import shlex

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._script import LAUNCH, probe_script
from machine_load import OF_LOAD

pytestmark = pytest.mark.lab

CONF = "/etc/waagent.conf"
LOG = "/var/log/waagent.log"
TIMEOUT = 8


@pytest.fixture
def host(healthy):
    return healthy


def diagnose(lab, host, **options):
    """The findings of the guest, by the module."""
    return lab.module(
        host, "vmbackup.azure.findings_info", {"timeout": TIMEOUT, "skip": OF_LOAD}, timeout=300, **options
    )


def report(lab, host, folder):
    """What the report says of the guest, after the playbook as users run it."""
    variables = {"diagnose_timeout": TIMEOUT, "diagnose_skip": OF_LOAD, "diagnose_report_dir": str(folder)}
    # A run that can diagnose nobody fails.
    lab.playbook("playbooks/diagnose.yml", hosts=[host], extra_vars=variables, timeout=300, check=False)
    (found,) = json.loads((folder / "report.json").read_text("utf-8"))["hosts"]
    return found


@pytest.mark.parametrize(
    "damage",
    [
        f"head -c 4096 /dev/urandom > {CONF}",
        f"rm {CONF}; mkfifo {CONF}",
        f"rm {CONF}; mkdir {CONF}",
        f"ln -sf /nowhere/waagent.conf {CONF}",
        f"ln -sf waagent.conf {CONF}",
    ],
    ids=["binary", "a FIFO", "a directory", "a dangling link", "a link to itself"],
)
def test_a_configuration_that_is_none(lab, host, damage):
    host.exec(f"{damage}; systemctl restart walinuxagent")
    result = diagnose(lab, host)
    assert (result["verdict"], result["first_cause"]) == ("blocked", "conf_path"), result["findings"][:4]


@pytest.mark.parametrize(
    "damage",
    [
        f"truncate -s 1G {LOG}",
        f"rm {LOG}; mkfifo {LOG}",
        f"ln -sf /nowhere/waagent.log {LOG}",
        f"ln -sf /dev/zero {LOG}",
    ],
    ids=["1 GB", "a FIFO", "a dangling link", "an endless device"],
)
def test_a_log_that_is_none_fails_nothing(lab, host, damage):
    host.exec(damage)
    assert [one for one in diagnose(lab, host)["findings"] if one["status"] == "fail"] == []


def test_what_only_root_may_read_is_unknown_to_others(lab, host):
    host.exec(f"chmod 0600 {CONF}")
    result = diagnose(lab, host, become=False)
    (enabled,) = [one for one in result["findings"] if one["id"] == "extensions_enabled"]
    assert enabled["status"] == "unknown" and "needs root" in enabled["why"]


@pytest.mark.parametrize("directory", ["/mnt/share", "/var/log/azure", "/var/lib/waagent"])
def test_a_mount_that_never_answers(lab, host, tmp_path, directory):
    host.faults.mount_silent(directory)
    found = report(lab, host, tmp_path)
    assert found["first_cause"] == "network_mount"
    evidence = [one["source"] for one in found["findings"][0]["evidence"]]
    assert evidence == [f"statfs {directory}"]


def test_the_module_is_back_from_a_mount_that_never_answers(lab, host):
    host.faults.mount_silent("/var/lib/waagent")
    state = lab.module(host, "vmbackup.azure.linux_guest_state_info", {"timeout": TIMEOUT}, timeout=300)["state"]
    assert state["missing"]["agent"] == f"no answer within {TIMEOUT} s"
    assert state["conf"]["path"] == CONF


def test_a_host_without_systemd(host):
    host.exec("systemctl stop walinuxagent")
    probe = f"base64 -d | python3 -IS -c {shlex.quote(LAUNCH)}"
    alone = f"umount --lazy /run; mount --bind /bin/false /bin/systemctl; {probe}"
    ended = host.exec(
        ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", alone],
        stdin=base64.b64encode(probe_script()).decode(),
    )
    state = _schema.accept(json.loads(ended.stdout))
    result = _registry.diagnose(state)
    assert result["first_cause"] == "agent_service_running"
    assert "systemctl" in state["missing"]["agent.unit.active"]


def test_a_host_without_python(lab, host, tmp_path):
    host.exec("for python in /usr/bin/python3*; do mv $python /root/; done")
    found = report(lab, host, tmp_path)
    assert (found["verdict"], found["first_cause"]) == ("unknown", None)
    assert "python" in found["reason"].lower()
