# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's own servers: DHCP and DNS, the fabric, two HTTP proxies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from . import image, namespace
from .cgroup import Group
from .command import run, wait_until
from .network import BRIDGE
from .settings import (
    AUTH_PROXY_PORT,
    DOMAIN,
    GATEWAY,
    HOST_PLUGIN_PORT,
    IMDS,
    NETWORK,
    NOBODY,
    PACKAGE_PORT,
    PROXY_PORT,
    STORAGE,
    STORAGE_DOMAIN,
    TESTS_DIR,
    WIRE_SERVER,
    Settings,
)

PROXY_USER, PROXY_PASSWORD = "lab", "lab-secret"
# What option 245 of the guest's lease says, by the tag of its DHCP entry; the tag 'none' has none.
WIRE_SERVER_OPTION = {"azure": WIRE_SERVER, "wrong": NOBODY}
_READY = ((WIRE_SERVER, 80), (WIRE_SERVER, HOST_PLUGIN_PORT), (IMDS, 80), (STORAGE, 80), (GATEWAY, PACKAGE_PORT))


class Services:
    """Starts the servers of one lab; they end with the lab's control group."""

    def __init__(self, settings: Settings, group: Group):
        self.settings = settings
        self.group = group
        self.run = settings.run

    def up(self) -> None:
        """Start what does not run yet, and wait until everything answers."""
        self._start("dhcp", self._dhcp())
        self._start("fabric", self._fabric())
        self._start("proxy", self._proxy("proxy", PROXY_PORT, []))
        credentials = [f"BasicAuth {PROXY_USER} {PROXY_PASSWORD}"]
        self._start("authproxy", self._proxy("authproxy", AUTH_PROXY_PORT, credentials))
        for address, port in (*_READY, (GATEWAY, PROXY_PORT), (GATEWAY, AUTH_PROXY_PORT), (GATEWAY, 53)):
            self._wait_for(address, port)

    def running(self) -> dict[str, bool]:
        return {name: self._group(name).populated() for name in ("dhcp", "fabric", "proxy", "authproxy")}

    def set_lease(self, host: str, mac: str, address: str, flavour: str) -> None:
        """What the guest gets from DHCP; see WIRE_SERVER_OPTION for the flavour.

        Entries stay until the lab goes down: dnsmasq 2.90 crashes when the entry of a leased address vanishes.
        """
        entry = self._dhcp_hosts / host
        line = f"{mac},set:{flavour},{address},{host}\n"
        former = entry.read_text(encoding="ascii") if entry.exists() else None
        if former == line:
            return
        entry.write_text(line, encoding="ascii")
        if former is not None:
            # dnsmasq sees new entries at once, but goes by the former one of an entry that changed.
            self._group("dhcp").end()
            self._start("dhcp", self._dhcp())
            self._wait_for(GATEWAY, 53)

    @property
    def _dhcp_hosts(self) -> Path:
        return self.run / "dhcp-hosts"

    def _group(self, name: str) -> Group:
        return self.group.child("services").child(name)

    def _wait_for(self, address: str, port: int) -> None:
        netns = self.settings.netns
        wait_until(f"{address}:{port}", lambda: namespace.answers(netns, address, port), interval=0.05)

    def _start(self, name: str, argv: list[str]) -> None:
        group = self._group(name)
        if group.populated():
            return
        spawn(group, argv, self.run / f"{name}.out")

    def _dhcp(self) -> list[str]:
        self._dhcp_hosts.mkdir(parents=True, exist_ok=True)
        routes = [f"{target},{GATEWAY}" for target in ("0.0.0.0/0", f"{WIRE_SERVER}/32", f"{IMDS}/32")]
        options = [
            f"--dhcp-option=option:router,{GATEWAY}",
            f"--dhcp-option=option:dns-server,{GATEWAY}",
            f"--dhcp-option=option:domain-name,{DOMAIN}",
            f"--dhcp-option=option:classless-static-route,{','.join(routes)}",
        ]
        for tag, address in WIRE_SERVER_OPTION.items():
            code = ":".join(f"{int(part):02x}" for part in address.split("."))
            # Sent unasked: dhclient crashes on its own lease file once its configuration requests unknown-245.
            options.append(f"--dhcp-option-force=tag:{tag},245,{code}")
        command = [
            *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--pid-file"),
            *(f"--interface={BRIDGE}", "--bind-interfaces", "--except-interface=lo"),
            # No upstream servers: names the lab does not know are refused, nothing is ever forwarded.
            *("--no-hosts", "--no-resolv", f"--domain={DOMAIN}", "--expand-hosts"),
            f"--address=/{STORAGE_DOMAIN}/{STORAGE}",
            *("--dhcp-authoritative", "--no-ping", "--dhcp-lease-max=4096", "--log-dhcp"),
            f"--dhcp-range={NETWORK.partition('/')[0]},static,255.255.0.0,1h",
            f"--dhcp-leasefile={self.run}/leases",
            f"--dhcp-hostsdir={self._dhcp_hosts}",
            f"--log-facility={self.run}/dhcp.log",
            *options,
        ]
        return namespace.within(self.settings.netns, command)

    def _fabric(self) -> list[str]:
        hosts = sorted({urlsplit(source).hostname or "" for source in image.package_sources()})
        state = ["--netns", self.settings.netns, "--run", str(self.run / "fabric")]
        module = ["env", f"PYTHONPATH={TESTS_DIR}", sys.executable, "-m", "lab.fabric"]
        return [*module, *state, "--packages", *hosts]

    def _proxy(self, name: str, port: int, extra: list[str]) -> list[str]:
        lines = [
            *(f"Port {port}", f"Listen {GATEWAY}", f"Allow {NETWORK}", "MaxClients 400", "Timeout 60"),
            *("LogLevel Info", f'LogFile "{self.run}/{name}.log"'),
            *extra,
        ]
        config, resolver = self.run / f"{name}.conf", self.run / "resolv.conf"
        config.write_text("\n".join([*lines, ""]), encoding="utf-8")
        resolver.write_text(f"nameserver {GATEWAY}\n", encoding="utf-8")
        # A mount namespace of its own: the proxy must ask the lab's DNS, not the machine's.
        script = 'mount --bind "$1" /etc/resolv.conf && exec tinyproxy -d -c "$2"'
        command = ["unshare", "--mount", "sh", "-c", script, "proxy", str(resolver), str(config)]
        return namespace.within(self.settings.netns, command)


def spawn(group: Group, argv: list[str], output: Path, *, accounted: bool = False) -> None:
    """Start a command in the group, detached from this process, its output appended to a file."""
    output.parent.mkdir(parents=True, exist_ok=True)
    redirected = 'out=$1; shift; exec setsid --fork "$@" </dev/null >>"$out" 2>&1'
    run(group.wrap(["sh", "-c", redirected, "spawn", os.fspath(output), *argv], accounted=accounted))
    wait_until(f"start of {group.path}", group.populated, interval=0.01)
