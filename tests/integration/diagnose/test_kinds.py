# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of faults on a booted guest with the real agent: the right first cause, or silence."""

from types import SimpleNamespace

import pytest
from lab.command import wait_until
from lab.fabric.control import Extension
from lab.fabric.extension import LIB_DIR
from machine_load import OF_LOAD

pytestmark = pytest.mark.lab

WIRE, METADATA = "168.63.129.16", "169.254.169.254"
UNIT = "walinuxagent.service"
LOG = "/var/log/waagent.log"
PACKAGES = "/usr/lib/python3/dist-packages/azurelinuxagent"


@pytest.fixture(scope="module")
def guest(module_host):
    return module_host("trixie")


@pytest.fixture
def healthy(lab, healthy):
    yield healthy
    lab.undrop()
    lab.fabric.heal(healthy.address)
    lab.fabric.set_extension(None, healthy.address)


def diagnosed(lab, host, **options):
    return lab.module(host, "vmbackup.azure.findings_info", {"skip": OF_LOAD, "timeout": 60, **options})


def shown(result):
    return [(one["id"], one["status"], one["why"]) for one in result["findings"] if one["status"] in ("fail", "warn")]


def finding(result, id_):
    (found,) = [one for one in result["findings"] if one["id"] == id_]
    return found


def wait(host, test):
    wait_until(test, lambda: host.exec(test, check=False).returncode == 0)


def test_the_extension_ends_without_a_status(lab, healthy):
    lab.fabric.set_extension(Extension(behaviour="silent"), healthy.address)
    lab.fabric.publish(healthy.address)
    wait(healthy, f"[ -e {LIB_DIR}/mrseq ] && grep -q Enabled {LIB_DIR}/config/HandlerState")
    healthy.exec(f"touch -d '-2 hours' {LIB_DIR}/config/0.settings")
    result = diagnosed(lab, healthy)
    assert result["first_cause"] == "ext_result", shown(result)


def test_the_agent_has_a_python_of_its_own_that_lacks_a_module(lab, healthy):
    healthy.exec("mkdir -p /opt/python/bin; ln -s /usr/bin/python3 /opt/python/bin/python3")
    healthy.write("/opt/python/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n")
    start = "ExecStart=/opt/python/bin/python3 -u /usr/sbin/waagent -daemon"
    healthy.write(f"/etc/systemd/system/{UNIT}.d/20-site.conf", f"[Service]\nExecStart=\n{start}\n")
    healthy.exec(f"systemctl daemon-reload; systemctl restart {UNIT}", check=False)
    result = diagnosed(lab, healthy)
    assert result["first_cause"] == "python_usable", shown(result)


def test_the_agent_repeats_an_unknown_error(lab, healthy):
    healthy.exec(
        "echo 'Extensions.GoalStatePeriod=1' >> /etc/waagent.conf;"
        f" cat >> {PACKAGES}/ga/agent_update_handler.py <<'EOF'\n"
        "def _no_value(self, *goal_state):\n    logger.error('No value for the object {0}', id(goal_state))\n"
        "AgentUpdateHandler.run = _no_value\nEOF"
    )
    healthy.exec(f"systemctl restart {UNIT}")
    wait(healthy, f"[ $(grep -c 'ERROR.*No value for' {LOG}) -ge 4 ]")
    result = diagnosed(lab, healthy)
    assert result["first_cause"] == "agent_reports_error", shown(result)
    assert "No value for" in finding(result, "agent_reports_error")["evidence"][0]["value"]


def test_packets_leave_with_another_address(lab, healthy):
    """The test itself still reaches the guest by the leased address, which its loopback keeps."""
    other = "10.77.1.102"
    healthy.exec(
        f"ip address del {healthy.address}/16 dev eth0; ip address add {other}/16 dev eth0;"
        f" ip route add default via 10.77.0.1; ip address add {healthy.address}/32 dev lo"
    )
    for place in (WIRE, METADATA):
        lab.drop(SimpleNamespace(address=other), place)
    result = diagnosed(lab, healthy)
    assert result["first_cause"] == "lease_address", shown(result)


def test_the_fabric_refuses_this_caller(lab, healthy):
    for listener, path in (("wire", "comp=versions"), ("hostplugin", "versions"), ("imds", "")):
        lab.fabric.fail(listener, path, 403, healthy.address)
    result = diagnosed(lab, healthy)
    assert finding(result, "wire_http_80")["status"] == "ok", shown(result)
    assert result["verdict"] != "blocked", shown(result)


@pytest.mark.parametrize("line", ["nsComment = $ENV::NOWHERE", "[ unfinished"])
def test_the_configuration_of_openssl_is_broken(lab, healthy, line):
    healthy.exec(f"echo '{line}' >> /etc/ssl/openssl.cnf")
    result = diagnosed(lab, healthy)
    assert result["first_cause"] == "openssl", shown(result)


def test_a_burst_of_seconds_is_no_load(lab, healthy):
    """The averages are the machine's: the limit stands just above what it has before the burst."""
    before = lab.module(healthy, "vmbackup.azure.linux_guest_state_info", {"timeout": 60})["state"]["load"]["cpu"]
    limit = 100 * max(before["load_per_core"], before["load_15m"] / before["cores"]) + 60
    healthy.exec("for _ in 1 2 3 4; do timeout 5 sh -c 'while :; do :; done' & done; sleep 4")
    result = diagnosed(lab, healthy, skip=["memory_use", "disk_iops"], max_cpu_percent=limit)
    assert finding(result, "cpu_load")["status"] == "ok", shown(result)


def test_the_extension_gets_no_memory(lab, healthy):
    """A container shows the machine's memory: a limit of the extension's process stands in for a full guest."""
    lab.fabric.set_extension(Extension(behaviour="greedy"), healthy.address)
    lab.fabric.publish(healthy.address)
    wait(healthy, f"grep -q 'Non-zero exit code: 1' {LOG}")
    result = diagnosed(lab, healthy, skip=["cpu_load", "disk_iops"])
    assert result["first_cause"] == "memory_use", shown(result)
