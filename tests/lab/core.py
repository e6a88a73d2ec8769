# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One lab: the network, the servers and the guests of an instance."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from . import cgroup, clients, image, machine, namespace
from .ansible import Outcome, Runner
from .command import LabError, run
from .fabric import Fabric
from .files import get_json, put_json
from .hosts import Host, Spec
from .locking import held, hold, locked
from .network import Drop, Network
from .proxylog import ProxyLog
from .services import Services
from .settings import Settings

_STARTING_AT_ONCE = 4
_WEIGHT = 16  # of all guests of a lab, in processes of the machine
_OWNED = "pytest"  # labs of this name prefix exist for one process alone


class Lab:
    """The handle on one lab instance; every process that makes one sees the same lab."""

    def __init__(self, settings: Settings | None = None):
        self.settings = settings or Settings.from_environment()
        self.group = cgroup.Group(self.settings.netns)
        self.network = Network(self.settings)
        self.services = Services(self.settings, self.group)
        self.fabric = Fabric(self.settings.run / "fabric")
        self.proxy_log = ProxyLog(self.settings.run / "proxy.log")
        self.auth_proxy_log = ProxyLog(self.settings.run / "authproxy.log")

    @classmethod
    def own(cls) -> Lab:
        """A lab for this process alone, not up yet; other test runs sweep it up when the process has died."""
        lab = cls(Settings.from_environment(f"{_OWNED}{os.getpid()}"))
        hold(lab._owner)
        return lab

    @staticmethod
    def sweep() -> None:
        """Take down the labs whose process has died."""
        for owner in Settings.from_environment().disk.glob(f".{_OWNED}*.owner"):
            if not held(owner):
                Lab(Settings.from_environment(owner.stem[1:])).down()

    # ---- life ------------------------------------------------------------------------------------

    def up(self) -> None:
        """Bring up network and servers; does nothing where they stand."""
        self.settings.disk.mkdir(parents=True, exist_ok=True)
        with locked(self._lock):
            machine.enlist(self.settings.instance)
            (self.settings.run / "hosts").mkdir(parents=True, exist_ok=True)
            self.group.weigh(_WEIGHT)
            self._make_key()
            self.network.up()
            self.services.up()

    def down(self) -> None:
        """End every process and remove every trace of the lab, whatever state it is in."""
        with locked(self._lock):
            cgroup.leave(self.group)
            self.group.end()
            self.network.down()
            shutil.rmtree(self.settings.guests, ignore_errors=True)
            shutil.rmtree(self.settings.run, ignore_errors=True)
            machine.dismiss(self.settings.instance)
            self._owner.unlink(missing_ok=True)
            self._lock.unlink(missing_ok=True)

    def demand_network(self) -> None:
        """Raises LabError where the lab was not brought up."""
        if not namespace.exists(self.settings.netns):
            raise LabError(f"Cannot use the lab '{self.settings.instance}': it is not up; start it with 'up'")

    @property
    def is_up(self) -> bool:
        return namespace.exists(self.settings.netns) and all(self.services.running().values())

    @property
    def _lock(self) -> Path:
        return self.settings.disk / f".{self.settings.instance}.lock"

    @property
    def _owner(self) -> Path:
        return self.settings.disk / f".{self.settings.instance}.owner"

    def _make_key(self) -> None:
        with locked(self.settings.disk / ".key.lock"):
            if not self.settings.key.exists():
                comment = ["-C", "vmbackup-lab"]
                run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", *comment, "-f", self.settings.key])

    # ---- guests ----------------------------------------------------------------------------------

    def host(
        self,
        name: str,
        suite: str = "bookworm",
        *,
        client: str | None = None,
        option_245: str = "azure",
        agent: bool = True,
    ) -> Host:
        """Switch on a guest, made first where it is new; returns before it has booted (see wait_ready)."""
        self.demand_network()
        found = self._records().get(name)
        if found is None:
            client = client or clients.usual(suite)
            base = image.ensure(self.settings, suite, clients.image_packages(client))
            with locked(self._lock):
                number = self._next_number()
                found = Spec(name, number, suite, str(base), client, option_245, agent)
                put_json(self._record_path(name), asdict(found))
        host = Host(self, found)
        host.start()
        return host

    def hosts(self) -> list[Host]:
        """Every guest that was made and not removed."""
        return [Host(self, spec) for spec in self._records().values()]

    def get(self, name: str) -> Host:
        """The guest of that name."""
        spec = self._records().get(name)
        if spec is None:
            raise LabError(f"Cannot find '{name}': the lab has no such host")
        return Host(self, spec)

    def fleet(self, count: int, suites: Sequence[str] = ("bookworm",), prefix: str = "host") -> list[Host]:
        """So many booted guests, the suites in turn."""
        for suite in dict.fromkeys(suites):
            image.ensure(self.settings, suite)

        def boot(index: int) -> Host:
            host = self.host(f"{prefix}{index + 1}", suites[index % len(suites)])
            return host.wait_ready(timeout=300 + 5 * count)

        with ThreadPoolExecutor(_STARTING_AT_ONCE) as pool:
            return list(pool.map(boot, range(count)))

    def forget(self, host: Host) -> None:
        """Take a removed guest out of the lab's books."""
        self.undrop(host)
        self.fabric.forget(host.address)
        self._record_path(host.name).unlink(missing_ok=True)

    def _record_path(self, name: str) -> Path:
        return self.settings.run / "hosts" / f"{name}.json"

    def _records(self) -> dict[str, Spec]:
        files = (self.settings.run / "hosts").glob("*.json")
        records = [get_json(file, None) for file in files]
        specs = [Spec(**record) for record in records if record]  # None: removed meanwhile
        return {spec.name: spec for spec in sorted(specs, key=lambda spec: spec.number)}

    def _next_number(self) -> int:
        """Never used before in this lab: an address belongs to one guest for good."""
        counter = self.settings.run / "last-number"
        number = int(counter.read_text(encoding="ascii")) + 1 if counter.exists() else 1
        counter.write_text(str(number), encoding="ascii")
        return number

    # ---- packets ---------------------------------------------------------------------------------

    def drop(self, host: Host, target: str, port: int | None = None) -> None:
        """Let packets from the guest to an address of the fabric (and TCP port) vanish."""
        self._change_drops(lambda drops: [*drops, Drop(host.address, target, port)])

    def undrop(self, host: Host | None = None) -> None:
        """Take back the drops of one guest, or all."""
        self._change_drops(lambda drops: [drop for drop in drops if host and drop.source != host.address])

    def drops(self) -> list[Drop]:
        return [Drop(**entry) for entry in get_json(self.settings.run / "drops.json", [])]

    def _change_drops(self, change: Callable[[list[Drop]], list[Drop]]) -> None:
        with locked(self._lock):
            before = self.drops()
            after = change(before)
            if after != before:
                self.network.apply_drops(after)
                put_json(self.settings.run / "drops.json", [asdict(drop) for drop in after])

    # ---- control ---------------------------------------------------------------------------------

    def ctl(self, argv: Sequence[str]) -> list[str]:
        """The command line that runs a controller's command inside the lab's network."""
        self.demand_network()
        return self.group.child("control").wrap(namespace.within(self.settings.netns, argv))

    def ssh_options(self) -> list[str]:
        """How ssh gets at the guests from anywhere on this machine."""
        connect = Path(__file__).with_name("connect.py")
        way = namespace.within(self.settings.netns, [sys.executable, "-I", "-S", str(connect), "%h", "%p"])
        return [
            f"ProxyCommand={' '.join(way)}",
            "ProxyUseFdpass=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
        ]

    def runner(self) -> Runner:
        return Runner(self)

    def playbook(self, play: str | Path | list, **options) -> Outcome:
        """Run a playbook (see Runner.playbook)."""
        return self.runner().playbook(play, **options)

    def module(self, hosts: str | Host, name: str, arguments: dict | None = None, **options) -> dict:
        """Run one module on one host and return its result (see Runner.module)."""
        return self.runner().module(hosts, name, arguments, **options)
