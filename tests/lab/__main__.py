# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's command line: ``python -m lab`` (from the directory tests)."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

from . import clients, inventory, machine, preflight
from .command import LabError
from .core import Lab
from .image import SUITES
from .settings import Settings


def _setup(lab: Lab, options: argparse.Namespace) -> None:
    preflight.install(lab.settings, options.suite or ["bookworm"])


def _up(lab: Lab, options: argparse.Namespace) -> None:
    _demand_rights()
    started = time.monotonic()
    lab.up()
    hosts = lab.fleet(options.hosts, options.suite or ["bookworm"])
    file = lab.settings.run / "inventory.yml"
    file.write_text(inventory.render(lab), encoding="utf-8")
    for host in hosts:
        print(f"{host.name:12} {host.address:12} {host.spec.suite}")
    print(f"up in {time.monotonic() - started:.1f} s; inventory: {file}")
    print(f"try: ansible -i {file} -m ansible.builtin.ping lab")


def _host(lab: Lab, options: argparse.Namespace) -> None:
    suite = (options.suite or ["bookworm"])[0]
    flavour = {"client": options.client, "option_245": options.option_245, "agent": not options.no_agent}
    host = lab.host(options.name, suite, **flavour).wait_ready()
    print(json.dumps({**host.record(), "address": host.address}))


def _exec(lab: Lab, options: argparse.Namespace) -> None:
    _become(lab.get(options.name).entry(options.command))


def _ctl(lab: Lab, options: argparse.Namespace) -> None:
    _become(lab.ctl(options.command))


def _drop(lab: Lab, options: argparse.Namespace) -> None:
    lab.drop(lab.get(options.name), options.address, options.port)


def _undrop(lab: Lab, options: argparse.Namespace) -> None:
    lab.undrop(lab.get(options.name) if options.name else None)


def _cut(lab: Lab, options: argparse.Namespace) -> None:
    lab.get(options.name).faults.cut_cable()


def _plug(lab: Lab, options: argparse.Namespace) -> None:
    lab.get(options.name).faults.plug_cable()


def _freeze(lab: Lab, options: argparse.Namespace) -> None:
    lab.get(options.name).faults.freeze()


def _thaw(lab: Lab, options: argparse.Namespace) -> None:
    lab.get(options.name).faults.thaw()


def _remove(lab: Lab, options: argparse.Namespace) -> None:
    lab.get(options.name).remove()


def _status(lab: Lab, options: argparse.Namespace) -> None:
    print(f"instance {lab.settings.instance}: {'up' if lab.is_up else 'down'}")
    for name, running in lab.services.running().items():
        print(f"  {name:12} {'running' if running else 'stopped'}")
    for host in lab.hosts():
        agent = (lab.fabric.status(host.address) or {}).get("aggregateStatus", {}).get("guestAgentStatus", {})
        state = "running" if host.running() else "stopped"
        print(f"  {host.name:12} {host.address:12} {host.spec.suite:10} {state}, agent {agent.get('status', '-')}")
    others = [name for name in machine.instances() if name != lab.settings.instance]
    if others:
        print(f"other instances: {' '.join(others)}")


def _inventory(lab: Lab, options: argparse.Namespace) -> None:
    print(inventory.render(lab), end="")


def _check(lab: Lab, options: argparse.Namespace) -> None:
    lab.demand_network()
    lab.network.check_isolation()
    print("nothing can leave the lab")


def _down(lab: Lab, options: argparse.Namespace) -> None:
    lab.down()
    if options.abandoned:
        Lab.sweep()


def _demand_rights() -> None:
    problems = preflight.problems()
    if problems:
        raise LabError(f"Cannot start 'lab': {'; '.join(problems)}")


def _become(command: list[str]) -> None:
    os.execvp(command[0], command)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("--instance", help="the lab to work on (default: VMBACKUP_LAB_INSTANCE, else 'lab')")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, action, text: str, *positional: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=text, description=text)
        sub.set_defaults(action=action)
        for argument in positional:
            sub.add_argument(argument)
        return sub

    def suites(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--suite", action="append", choices=SUITES, help="Debian release (default: bookworm)")

    suites(verb("setup", _setup, "install what is missing and build the base images"))
    up = verb("up", _up, "bring up the lab and a fleet of guests")
    up.add_argument("--hosts", type=int, default=0, help="how many guests (host1, host2 ...)")
    suites(up)
    host = verb("host", _host, "switch on one guest", "name")
    suites(host)
    usual = "what configures the network (default: as the release does)"
    host.add_argument("--client", choices=clients.CLIENTS, help=usual)
    host.add_argument("--option-245", default="azure", help="azure, wrong or none")
    host.add_argument("--no-agent", action="store_true", help="without the agent's service")
    verb("exec", _exec, "run a command in a guest", "name").add_argument("command", nargs=argparse.REMAINDER)
    verb("ctl", _ctl, "run a command of the controller in the lab's network").add_argument(
        "command", nargs=argparse.REMAINDER
    )
    drop = verb("drop", _drop, "drop a guest's packets to an address", "name", "address")
    drop.add_argument("port", type=int, nargs="?")
    verb("undrop", _undrop, "take back the drops of a guest, or all").add_argument("name", nargs="?")
    verb("cut", _cut, "pull a guest's cable", "name")
    verb("plug", _plug, "plug a guest's cable", "name")
    verb("freeze", _freeze, "hang a guest", "name")
    verb("thaw", _thaw, "let a hung guest go on", "name")
    verb("remove", _remove, "end a guest and throw it away", "name")
    verb("status", _status, "what runs")
    verb("inventory", _inventory, "print the Ansible inventory")
    verb("check", _check, "check that nothing can leave the lab")
    down = verb("down", _down, "end the lab and leave nothing behind")
    down.add_argument("--abandoned", action="store_true", help="also the labs of test runs that died")
    return parser


def main() -> int:
    options = _parser().parse_args()
    try:
        options.action(Lab(Settings.from_environment(options.instance)), options)
    except LabError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
