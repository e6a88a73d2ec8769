# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing leaves the lab, and the leases say what they are told to say."""

import pytest
from lab import Lab, LabError, namespace
from lab.command import run
from lab.settings import Settings

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def host(module_host):
    return module_host()


def within(lab, *argv):
    return run(namespace.within(lab.settings.netns, argv))


def test_lab_is_isolated(lab):
    assert lab.network.leaks() == []


@pytest.mark.parametrize(
    ("undo", "do", "leak"),
    [
        ("ip route del default", "ip route add default via 10.77.0.99", "a default route"),
        ("ip route del 192.0.2.0/24", "ip route add 192.0.2.0/24 via 10.77.0.99", "a route to the outside"),
        ("sysctl -qw net.ipv4.ip_forward=0", "sysctl -qw net.ipv4.ip_forward=1", "forwarding is on"),
        ("ip link del stranger", "ip link add stranger type bridge", "an unknown link 'stranger'"),
        ("ip link del inner", "ip link add inner type veth peer name outer", "an unknown link 'inner'"),
    ],
)
def test_every_leak_is_found(lab, do, undo, leak):
    within(lab, *do.split())
    try:
        with pytest.raises(LabError, match=leak):
            lab.network.check_isolation()
    finally:
        within(lab, *undo.split())
    assert lab.network.leaks() == []


def test_guest_reaches_the_fabric_and_nothing_else(host):
    assert host.exec("curl -s http://168.63.129.16/?comp=versions").stdout.count("2015-04-05") == 2
    assert (
        host.exec("curl -s -H Metadata:true http://169.254.169.254/metadata/instance/compute/osType").stdout
        == '"Linux"'
    )
    outside = host.exec("curl -s --max-time 2 http://192.0.2.1/", check=False)
    assert outside.returncode != 0
    assert "lab" in host.exec("getent hosts labstorage.blob.core.windows.net").stdout
    assert host.exec("getent hosts example.org", check=False).returncode == 2


def test_machine_itself_can_not_reach_the_lab_or_the_wire_server_by_mistake(lab, host):
    for address in (host.address, "168.63.129.16"):
        looked_up = run(["ip", "route", "get", address], check=False)
        assert "unreachable" in looked_up.stderr or "No route to host" in looked_up.stderr


def test_inventory_works_from_the_machines_own_network(lab, host, tmp_path):
    from lab import inventory
    from lab.ansible import _program

    file = tmp_path / "inventory.yml"
    file.write_text(inventory.render(lab, [host]))
    asked = run([_program("ansible"), "--inventory", file, "all", "-m", "ansible.builtin.ping"], cwd=tmp_path)
    assert '"ping": "pong"' in asked.stdout


@pytest.mark.parametrize(("flavour", "code"), [("wrong", "a:4d:0:63"), ("none", None), ("azure", "a8:3f:81:10")])
def test_next_lease_carries_the_option_245_that_is_set(host, flavour, code):
    host.set_option_245(flavour)

    host.renew_lease()

    leases = host.read("/var/lib/dhcp/dhclient.eth0.leases")
    last = leases[leases.rindex("lease {") :]
    assert (f"option unknown-245 {code};" in last) if code else ("unknown-245" not in last)


def test_first_lease_carries_it_as_well(lab_host):
    host = lab_host(option_245="none")
    assert "unknown-245" not in host.read("/var/lib/dhcp/dhclient.eth0.leases")


def test_two_labs_stand_side_by_side_with_the_same_addresses(lab, host):
    other = Lab(Settings.from_environment(f"{lab.settings.instance}x"))
    try:
        other.up()
        twin = other.host(host.name).wait_ready()
        assert twin.address.startswith("10.77.1.")
        assert twin.boot_id() != host.boot_id()
        twin.wait_agent()
        other.down()
        host.wait_ssh()
        assert lab.is_up
    finally:
        other.down()
