# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy's port opened on booted guests behind the real firewalld, ufw and nftables: proved by connecting."""

from dataclasses import dataclass

import pytest
from lab import namespace
from lab.command import wait_until
from lab.hosts import changes

pytestmark = pytest.mark.lab

PORT, RUN = 3128, "proxy-server"
LISTENER = f"systemd-run --unit=listener python3 -m http.server {PORT}"
NFTABLES = """#!/usr/sbin/nft -f
flush ruleset
table inet own {
  chain incoming {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    tcp dport 22 accept
  }
}
# the end"""


@dataclass(frozen=True)
class Firewall:
    """What installs and starts a firewall that lets in nothing but ssh, and what shows its rules."""

    packages: str
    start: str
    rules: str


FIREWALLS = {
    "firewalld": Firewall(
        "firewalld",
        "systemctl enable --now firewalld",
        "firewall-cmd --list-all; firewall-cmd --permanent --list-all",
    ),
    "ufw": Firewall("ufw", "ufw allow 22/tcp; ufw --force enable", "ufw show added"),
    "nftables": Firewall(
        "nftables",
        f"cat >/etc/nftables.conf <<'END'\n{NFTABLES}\nEND\nsystemctl enable --now nftables",
        "nft list ruleset",
    ),
}


@pytest.fixture(scope="module", params=FIREWALLS)
def server(request, lab, module_host):
    """A guest with a program that listens on the proxy's port, behind one firewall."""
    firewall = FIREWALLS[request.param]
    guest = module_host("bookworm", agent=False)
    listen(guest)
    guest.exec(f"apt-get update -q && apt-get install -yq --no-install-recommends {firewall.packages}", timeout=300)
    guest.exec(firewall.start)
    return guest, firewall


def lets_in(guest):
    return namespace.answers(guest.lab.settings.netns, guest.address, PORT)


def listen(guest):
    guest.exec(LISTENER)
    wait_until("listener", lambda: lets_in(guest))


def call(lab, guest, *arguments):
    module = "vmbackup.azure.proxy_firewall_rule"
    options = {"port": PORT, "remote_addresses": ["10.77.0.1/16", "fd00::1"], "run_id": RUN}
    play = {"hosts": guest.name, "gather_facts": False, "become": True, "tasks": [{"name": module, module: options}]}
    return lab.playbook([play], hosts=[guest], arguments=arguments).tasks[-1]["result"]


def test_opened_proved_kept_over_a_boot_and_undone(lab, server, request):
    guest, firewall = server
    files, rules = guest.snapshot("/etc"), guest.exec(firewall.rules).stdout
    assert not lets_in(guest)

    predicted = call(lab, guest, "--check")
    assert (guest.exec(firewall.rules).stdout, changes(files, guest.snapshot("/etc"))) == (rules, [])
    done = call(lab, guest)
    assert done["firewall"] == request.node.callspec.params["server"]
    assert {key: predicted[key] for key in ("before", "after", "diff", "changed")} == {
        key: done[key] for key in ("before", "after", "diff", "changed")
    }
    assert done["changed"] and lets_in(guest)
    assert not call(lab, guest)["changed"]

    guest.reboot()
    listen(guest)
    assert not call(lab, guest)["changed"]

    undone = lab.module(guest, "vmbackup.azure.journal_restore", {"run_id": RUN})
    assert undone["changed"] and not lets_in(guest)
    assert guest.exec(firewall.rules).stdout == rules
    assert not lab.module(guest, "vmbackup.azure.journal_restore", {"run_id": RUN})["changed"]
