# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a booted guest, what takes files, network or the processor from the agent alone: first cause and words."""

import pytest
from lab.command import wait_until
from machine_load import OF_LOAD

pytestmark = pytest.mark.lab

UNIT = "walinuxagent.service"
LIB = "/var/lib/waagent"

SSHD_ONLY = "-o lo -j ACCEPT; -p udp -j ACCEPT; -p tcp --sport 22 -m conntrack --ctstate ESTABLISHED -j ACCEPT"


@pytest.fixture
def healthy(healthy):
    yield healthy
    healthy.exec("iptables -P OUTPUT ACCEPT; iptables -F OUTPUT")  # the network outlives a reset


def drop_in(host, *lines):
    host.write(f"/etc/systemd/system/{UNIT}.d/20-site.conf", "\n".join(["[Service]", *lines, ""]))
    host.exec(f"systemctl daemon-reload; systemctl restart {UNIT}", check=False)


def wait(host, test):
    wait_until(test, lambda: host.exec(test, check=False).returncode == 0)


def hidden(host):
    drop_in(host, f"InaccessiblePaths={LIB}")


def not_executed(host):
    drop_in(host, f"NoExecPaths={LIB}")


def no_network(host):
    drop_in(host, "PrivateNetwork=yes")


def no_working_directory(host):
    drop_in(host, "WorkingDirectory=/nowhere")
    wait(host, f"systemctl is-failed -q {UNIT}")


def no_variables(host):
    drop_in(host, "EnvironmentFile=/nowhere/agent.env")
    wait(host, f"systemctl is-failed -q {UNIT}")


def small_files(host):
    drop_in(host, "LimitFSIZE=1K")
    key = f"{LIB}/TransportPrivate.pem"
    wait(host, f"[ $(stat -c %s {key}) = 1024 ]")
    host.exec(f"touch -d -1min {key}")


def spoilt_interpreter(host):
    drop_in(host, "Environment=PYTHONHOME=/nowhere")
    wait(host, f"systemctl is-failed -q {UNIT}")


def frozen(host):
    host.exec(f"systemctl freeze {UNIT}")


def directory_elsewhere(host):
    host.exec(f"systemctl stop {UNIT}; mv {LIB} /root/; ln -s /data/waagent {LIB}")
    host.exec(f"systemctl start {UNIT}", check=False)


def all_but_sshd_dropped(host):
    host.exec("; ".join(f"iptables -A OUTPUT {rule}" for rule in SSHD_ONLY.split("; ")) + "; iptables -P OUTPUT DROP")


FAULTS = [
    (hidden, "agent_confinement", f"hides {LIB}"),
    (not_executed, "agent_confinement", "no extension can run"),
    (no_network, "agent_confinement", "network of its own"),
    (no_working_directory, "agent_unit_start", "WorkingDirectory"),
    (no_variables, "agent_unit_start", "before it starts the agent"),
    (small_files, "agent_confinement", "too small files"),
    (spoilt_interpreter, "python_usable", "variables that its unit sets"),
    (frozen, "agent_unfrozen", "frozen"),
    (directory_elsewhere, "lib_dir_exec", "which does not exist"),
    (all_but_sshd_dropped, "guest_firewall", "policy"),
]


@pytest.mark.parametrize(("inject", "cause", "words"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_fault_of_the_agent_alone(lab, healthy, inject, cause, words):
    inject(healthy)
    result = lab.module(healthy, "vmbackup.azure.findings_info", {"skip": OF_LOAD, "timeout": 60})
    shown = [(one["id"], one["status"], one["why"]) for one in result["findings"] if one["status"] in ("fail", "warn")]
    assert (result["verdict"], result["first_cause"]) == ("blocked", cause), shown
    (found,) = [one for one in result["findings"] if one["id"] == cause]
    assert words in found["why"], found
