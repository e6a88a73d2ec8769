# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests boot, answer Ansible, and their real agent follows the fabric."""

from pathlib import Path

import pytest
from lab import LabError, changes, clients

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("suite", ["bookworm", "trixie", "bullseye"])
def test_agent_of_each_release_reports_a_processed_goal_state(lab, lab_host, suite):
    host = lab_host(suite)

    status = host.wait_agent()

    processed = status["aggregateStatus"]["guestAgentStatus"]
    assert processed["status"] == "Ready"
    assert lab.fabric.requests(host.address, "wire", "comp=goalstate")
    assert host.exec(["systemctl", "is-active", "walinuxagent"]).stdout.strip() == "active"
    assert host.read("/etc/os-release").count(f"VERSION_CODENAME={suite}") == 1


def test_fleet_of_three_answers_ansible_and_its_agents_report(lab):
    hosts = lab.fleet(3, ["bookworm", "trixie"], prefix="fleet")
    try:
        play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.ping": {}}]}
        answers = lab.playbook([play], hosts=hosts).of(status="ok")
        assert {answer["host"] for answer in answers} == {"fleet1", "fleet2", "fleet3"}
        assert {answer["result"]["ping"] for answer in answers} == {"pong"}
        for host in hosts:
            host.wait_agent()
        assert [host.spec.suite for host in hosts] == ["bookworm", "trixie", "bookworm"]
    finally:
        for host in hosts:
            host.remove()


@pytest.fixture(scope="module")
def host(module_host):
    return module_host()


def test_ssh_user_is_root_by_sudo_without_a_password(host):
    assert host.ssh("sudo -n id -u").stdout.strip() == "0"
    assert host.ssh("id -un").stdout.strip() == "azureuser"


def test_module_runs_and_its_result_comes_back(lab, host):
    result = lab.module(host, "ansible.builtin.command", {"cmd": "hostname"})
    assert result["stdout"] == host.name


def test_failed_run_raises_with_its_output_or_hands_back_the_result(lab, host):
    with pytest.raises(LabError, match="No such file or directory"):
        lab.module(host, "ansible.builtin.command", {"cmd": "cat /nowhere"})
    assert lab.module(host, "ansible.builtin.command", {"cmd": "false"}, check=False)["rc"] == 1


def test_second_run_of_an_idempotent_play_changes_nothing(lab, host):
    task = {
        "name": "Touch nothing twice",
        "ansible.builtin.copy": {"dest": "/etc/lab-test", "content": "x", "mode": "0600"},
    }
    play = [{"hosts": host.name, "become": True, "gather_facts": False, "tasks": [task]}]

    assert [entry["task"] for entry in lab.playbook(play).changed()] == ["Touch nothing twice"]
    assert lab.playbook(play).changed() == []


def test_command_in_a_guest_can_not_set_the_shared_clock(host):
    refused = host.exec(["date", "--set", "2001-01-01"], check=False)
    assert "Operation not permitted" in refused.stderr


def test_guests_do_not_share_the_cpu_time_of_a_single_process(lab, host):
    """Where cgroup1 divides it: a lab's guests are below one group."""
    shares = Path("/sys/fs/cgroup").glob(f"cpu*/{lab.group.path}/cpu.shares")
    assert {int(file.read_text()) for file in shares} <= {16 * 1024}


def test_command_that_does_not_end_is_ended(host):
    with pytest.raises(LabError, match="no end after 1 s"):
        host.exec("sleep 600", timeout=1)


def test_snapshots_tell_what_changed(host):
    before = host.snapshot("/etc")
    host.write("/etc/lab/new", "text")
    host.exec("chmod 0600 /etc/issue && rm /etc/issue.net && echo >>/etc/fstab")

    assert changes(before, host.snapshot("/etc")) == [
        "~ /etc/fstab",
        "~ /etc/issue",
        "- /etc/issue.net",
        "+ /etc/lab",
        "+ /etc/lab/new",
    ]


def test_idle_guest_changes_no_file(host):
    host.wait_agent()
    before = host.snapshot()
    host.wait_agent(since=host.restart_agent())
    assert changes(before, host.snapshot()) == []


def test_packages_can_be_installed_in_a_guest(lab, host):
    lab.module(host, "ansible.builtin.apt", {"name": "bc", "update_cache": True, "install_recommends": False})
    assert host.exec("echo 6*7 | bc").stdout.strip() == "42"


def test_reboot_keeps_the_disk_and_starts_the_agent_again(host):
    host.write("/etc/lab-kept", "kept")
    boot = host.boot_id()

    host.reboot()

    assert host.boot_id() != boot
    assert host.read("/etc/lab-kept") == "kept"
    assert host.exec(["systemctl", "is-active", "walinuxagent"]).stdout.strip() == "active"


def test_ansible_reboots_a_guest(lab, host):
    assert lab.module(host, "ansible.builtin.reboot", {"reboot_timeout": 600})["rebooted"] is True


def test_power_can_be_cut_and_given_again(host):
    host.write("/etc/lab-kept", "kept")
    host.stop()
    assert not host.running()
    with pytest.raises(LabError, match="does not run"):
        host.exec(["true"])
    host.start()
    assert host.wait_ready().read("/etc/lab-kept") == "kept"


def test_reset_gives_an_untouched_guest(lab, host):
    host.write("/etc/lab-gone", "gone")
    host.faults.cut_cable()
    lab.drop(host, "168.63.129.16")

    host.reset()

    assert host.exec(["test", "-e", "/etc/lab-gone"], check=False).returncode == 1
    assert lab.drops() == []
    host.wait_agent()


def test_networkd_guest_gets_its_lease_too(lab_host):
    host = lab_host("trixie", client="networkd")
    assert "OPTION_245=a83f8110" in host.exec("cat /run/systemd/netif/leases/*").stdout
    host.wait_agent()


def test_guests_of_every_network_get_their_lease(lab_host):
    hosts = [lab_host("trixie", client=name, agent=False, wait=False) for name in clients.CLIENTS]
    for host in hosts:
        shown = host.wait_ready().exec("ip -4 address show dev eth0; cat /etc/network/interfaces.d/eth0").stdout
        assert f" {host.address}/16 " in shown and "dynamic" in shown
        units = {client.unit for client in clients.CLIENTS.values()}
        active = {unit for unit in units if host.exec(["systemctl", "is-active", unit], check=False).returncode == 0}
        assert active == {clients.CLIENTS[host.spec.client].unit}


def test_guest_without_the_agent_service(lab_host):
    host = lab_host(agent=False)
    assert host.exec(["systemctl", "is-enabled", "walinuxagent"], check=False).stdout.strip() == "masked"
