# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests: what cannot be done is said, the host is as it was, and it can still be reached."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from lab.hosts import changes
from remediate_faults import CONF, UNIT, VMBACKUP_CONF

pytestmark = pytest.mark.lab

JOURNAL = "/var/lib/vmbackup"
INTERFACE = "/etc/network/interfaces.d/eth0"

# With an address by DHCP nobody can log in; with its own address everybody can.
CUT_OFF = f"""cat > {INTERFACE} <<'END'
auto eth0
iface eth0 inet static
  pre-up iptables -F INPUT
  address ADDRESS
  netmask 255.255.0.0
  gateway 10.77.0.1
END
cat > /etc/dhcp/dhclient-exit-hooks.d/cut-off <<'END'
[ "$reason" != BOUND ] || iptables -A INPUT -p tcp --dport 22 -j DROP
END
ifdown --force eth0; ip address flush dev eth0; ifup eth0"""


@pytest.fixture(scope="module")
def guest(module_host):
    guest = module_host("bookworm")
    guest.wait_agent()
    guest.write(VMBACKUP_CONF, "timeout: 100\n")
    return guest


def refused(lab, guest, module, options):
    """The message of a module that fails and, as it says, changed nothing; and what differs afterwards on the host."""
    before = guest.snapshot("/etc")
    result = lab.module(guest, f"vmbackup.azure.{module}", options, check=False)
    assert not result.get("changed")
    return result["msg"], changes(before, guest.snapshot("/etc"))


SETTINGS = {"settings": {"timeout": 60}, "normalize": True}


@pytest.mark.parametrize(
    ("fault", "options", "said"),
    [("fill_disk", [], "the disk is full"), ("remount", ["ro"], "the file system is read-only")],
)
@pytest.mark.parametrize("folder", [JOURNAL, "/etc/azure"])
def test_a_file_that_cannot_be_written(lab, guest, folder, fault, options, said):
    getattr(guest.faults, fault)(folder, *options)
    try:
        message, differing = refused(lab, guest, "vmbackup_conf", SETTINGS)
    finally:
        guest.faults.restore_directory(folder)
    assert message.startswith("Cannot ") and message.endswith(f": {said}"), message
    assert differing == []


def test_a_host_without_the_unit(lab, guest):
    unit, script = f"/usr/lib/systemd/system/{UNIT}", "/etc/init.d/walinuxagent"
    guest.exec(f"systemctl stop {UNIT}; mv {unit} /root/unit; mv {script} /root/script; systemctl daemon-reload")
    try:
        message, differing = refused(lab, guest, "waagent_service", {"restart_policy": "always"})
    finally:
        guest.exec(f"mv /root/unit {unit}; mv /root/script {script}; systemctl daemon-reload")
    assert message == f"Cannot find '{UNIT}': this host has no such unit; install the agent's package"
    assert differing == []


def test_two_runs_at_once_lose_nothing(lab, guest):
    settings = [{"Logs.Verbose": True}, {"OS.EnableRDMA": True}]

    def change(one):
        return lab.module(guest, "vmbackup.azure.waagent_conf", {"settings": one})

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(change, settings))
    assert all(result["changed"] for result in results)
    written = guest.read(CONF).splitlines()
    assert "Logs.Verbose=y" in written and "OS.EnableRDMA=y" in written
    assert len({result["run_id"] for result in results}) == 2


def test_a_host_that_is_cut_off_comes_back_by_itself(lab, lab_host):
    guest = lab_host("bookworm")
    guest.exec(CUT_OFF.replace("ADDRESS", guest.address))
    before = guest.snapshot("/etc")
    play = {
        "hosts": guest.name,
        "gather_facts": False,
        # As the role calls it, but not waiting for two minutes.
        "module_defaults": {"vmbackup.azure.guest_dhcp": {"confirm_within": 30}},
        "tasks": [
            {
                "vmbackup.azure.findings_info": {"only": ["dhcp_enabled"], "timeout": 60},
                "become": True,
                "register": "found",
            },
            {
                "ansible.builtin.include_role": {"name": "vmbackup.azure.remediate"},
                "vars": {"remediate_diagnosis": "{{ found }}", "remediate_allow": ["guest_dhcp"]},
            },
        ],
    }
    outcome = lab.playbook([play], hosts=[guest], check=False)
    (stopped,) = outcome.of(guest.name, "Stop this host", "failed")
    assert "the old configuration is back: it was not confirmed in time" in stopped["result"]["msg"]
    assert changes(before, guest.snapshot("/etc")) == []
    assert guest.ssh("true").returncode == 0
