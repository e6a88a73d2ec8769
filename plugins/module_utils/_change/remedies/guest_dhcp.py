# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module guest_dhcp does: a static primary interface goes back to DHCP, with a dead-man switch."""

import glob
import os
import re

from ..._guest import interfaces, netplan, network_config
from ..._guest.errors import Refused
from ..._guest.host import Host
from ..._guest.network_config import IGNORED_KEYFILE
from ..._guest.static_address import refuse_several
from .. import commands, guard, network_services, offline
from ..errors import cannot
from ..interfaces import addresses_of, checked_name, primary_interface
from ..steps import EffectStep, FileStep, QuietStep
from ..systemd import Systemd
from ..transaction import Plan, execute
from . import network_formats as formats

APPLIED_SECONDS = 90
REVERTED_SECONDS = 90

OPTIONS = {
    "state": {"type": "str", "choices": ["dhcp", "confirmed"], "default": "dhcp"},
    "interface": {"type": "str"},
    "confirm_within": {"type": "int", "default": 120},
    "root": {"type": "path"},
}


def work(params, context):
    """Return the module's result."""
    if params["state"] == "confirmed":
        return confirm(params, context)
    if not 30 <= params["confirm_within"] <= 3600:
        raise cannot("wait for", params["confirm_within"], "give 30 to 3600 seconds")
    if offline.is_inside() and not params["interface"]:
        raise cannot("find", "the primary interface", "on a mounted disk, give interface")
    interface = checked_name(params["interface"] or primary_interface())
    if offline.is_inside():
        return execute(lambda: plan_files(on_disk(interface)), context)

    def planned():
        # Again under the lock: another run may have been faster.
        network_services.refuse_on_trial(context.journal)
        made = plan(find_source(interface), params["confirm_within"])
        if made.changed:
            guard.check_places(context.journal.directory, made.facts["files"])
        return made

    return execute(planned, context)


def plan(source, seconds, run=commands.run):
    """Plan the files of a Source; the watcher is armed before the first of them is written."""
    steps, before, after = _edited(source)
    formats.judge(source.files, before, after, source.interface, run)
    changed = [step for step in steps if step.changed]
    addresses = addresses_of(source.interface, run)
    ends = (
        [EffectStep(source.interface, source.apply), ArmStep(source, addresses, seconds)] + changed + [ReadyStep()]
        if changed
        else []
    )
    facts = {
        "interface": source.interface,
        "backend": source.backend,
        "files": [step.path for step in changed],
        "confirm_required": bool(changed),
        "confirm_within": seconds if changed else 0,
    }
    if changed and not Systemd.is_running():
        facts["warnings"] = ["This host has no systemd: a reboot before the confirmation keeps the new configuration"]
    return Plan(
        ends,
        {"method": "static" if changed else "dhcp", "addresses": addresses},
        {"method": "dhcp", "addresses": [] if changed else addresses},
        facts,
        watched=[step.path for step in steps],
    )


def plan_files(source):
    """Plan the files alone: of a system that does not run, nothing can be cut off."""
    steps, _before, _after = _edited(source)
    changed = [step.path for step in steps if step.changed]
    facts = {"interface": source.interface, "backend": source.backend, "files": changed}
    facts.update(confirm_required=False, confirm_within=0)
    method = {"method": "static" if changed else "dhcp", "addresses": []}
    return Plan(steps, method, {"method": "dhcp", "addresses": []}, facts)


def _edited(source):
    steps, before, after = [], {}, {}
    for path, form in source.files:
        step = FileStep(path, None)
        before[path] = step.before.data if step.before else b""
        after[path] = step.data = formats.edited((path, form), before[path], source.name)
        steps.append(step)
    return steps, before, after


class Source:
    """Where an interface's configuration stands: files with their formats, and how it takes effect.

    `apply` are commands for a running host, `at_boot` those that a boot needs whose network is not up yet.
    """

    def __init__(self, backend, interface, files, apply, name=None, at_boot=()):
        self.backend = backend
        self.interface = interface
        self.files = files
        self.apply = apply
        self.name = name or interface
        self.at_boot = at_boot


class ArmStep(QuietStep):
    def __init__(self, source, addresses, seconds):
        self._facts = {
            "interface": source.interface,
            "addresses": addresses,
            "apply": source.apply,
            "at_boot": source.at_boot,
            "seconds": seconds,
        }

    def check(self):
        """Raise ChangeError where the watcher cannot be started, as far as that can be seen."""
        guard.check()

    def apply(self, run):
        guard.arm(run, self._facts)


class ReadyStep(QuietStep):
    def apply(self, run):
        guard.ready(run)


def confirm(params, context, run=commands.run):
    """Keep the new configuration of a run; raises ChangeError when it failed or is gone already."""
    if not params["run_id"]:
        raise cannot("confirm", "guest_dhcp", "give the run_id that the change returned")
    found = context.journal.find(params["run_id"])
    interface = next((e["interface"] for e in found.entries() if e["kind"] == "commands"), None)
    if interface is None:
        raise cannot("confirm", found.run_id, "the run did not change an interface")
    state = guard.state(found.path)
    result = {
        "changed": state == guard.ARMED,
        "compliant": state == guard.CONFIRMED,
        "run_id": found.run_id,
        "journal": found.path,
        "interface": interface,
        "confirm_required": False,
    }
    if not context.check:
        if state == guard.ARMED:
            state = _keep(found, interface, run)
        if state == guard.REVERTING:
            state = guard.wait_reverted(found, REVERTED_SECONDS)
    if found.undone:
        raise cannot("confirm", found.run_id, "the old configuration is back: the run was undone")
    if state not in (guard.ARMED, guard.CONFIRMED):
        raise cannot("confirm", found.run_id, _too_late(found.path, state))
    result["addresses"] = addresses_of(interface, run)
    return result


def _keep(found, interface, run):
    if not guard.wait_applied(found.path, APPLIED_SECONDS):
        raise cannot("confirm", found.run_id, "the new configuration has not taken effect yet")
    if guard.state(found.path) == guard.ARMED and not addresses_of(interface, run):
        raise cannot("confirm", found.run_id, "{} has no IPv4 address".format(interface))
    return guard.confirm(found)


def _too_late(run_path, state):
    """Return what became of a change that can no longer be confirmed: what was done, not what was decided."""
    if state == guard.REVERTED:
        reason = guard.note(run_path, guard.REASON) or "it was not confirmed in time"
        return "the old configuration is back: " + reason
    if state is None:
        return "it did not come to the change"
    trouble = guard.note(run_path, guard.TROUBLE)
    words = "the old configuration is not back" + ("" if state == guard.LEFT else " yet")
    return words + (": " + trouble if trouble else "")


def find_source(interface, run=commands.run, root="/"):
    """Return the Source that configures an interface; raises ChangeError when none is found."""
    for look in (_network_manager, _networkd, _wicked, _ifcfg, _ifupdown, _dhcpcd):
        source = look(interface, run, root)
        if source:
            return source
    known = "neither NetworkManager, networkd, netplan, wicked, ifcfg, ifupdown nor dhcpcd"
    raise cannot("find", interface, known + " configures it")


def on_disk(interface):
    """The same by the files of a system that does not run, where every command is missing."""
    for look in (_netplan_files, _keyfiles, _network_files, _wicked, _ifcfg, _ifupdown):
        # There no command can be run: each is as if it were missing.
        source = look(interface, commands.run, "/")
        if source:
            return source
    raise cannot("find", interface, "no file of the disk configures it")


def _netplan_files(interface, _run, root):
    known = _netplan_devices(sorted(glob.glob(os.path.join(root, "etc/netplan/*.yaml"))))
    return _netplan(interface, interface, root) if interface in known else None


def _keyfiles(interface, _run, _root):
    paths = sorted(glob.glob("/etc/NetworkManager/system-connections/*"))
    paths = [path for path in paths if not IGNORED_KEYFILE.search(path)]
    files = [(path, formats.KEYFILE) for path in paths if _has(path, _KEYFILE_NAME, interface)]
    return Source("NetworkManager", interface, files, []) if files else None


def _network_files(interface, _run, _root):
    paths = sorted(glob.glob("/etc/systemd/network/*.network"))
    files = [(path, formats.NETWORKD) for path in paths if _has(path, _NETWORK_NAME, interface)]
    return Source("networkd", interface, files[:1], []) if files else None


_KEYFILE_NAME = re.compile(r"(?m)^interface-name=(.*)$")
_NETWORK_NAME = re.compile(r"(?m)^Name=(.*)$")


def _has(path, names, interface):
    found = FileStep(path, None).before if os.path.isfile(path) else None
    lines = names.findall(found.data.decode("utf-8", "replace")) if found else []
    return any(interface in line.split() for line in lines)


def _network_manager(interface, run, root):
    uuid, path = network_services.active_profile(interface, run)
    if path is None:
        return None
    name = os.path.basename(path)
    if name.startswith("netplan-") and name.endswith(".nmconnection"):
        return _netplan(interface, name[len("netplan-") : -len(".nmconnection")], root)
    form = formats.IFCFG if "/ifcfg-" in path else formats.KEYFILE
    apply = [["nmcli", "connection", "reload"], ["nmcli", "connection", "up", "uuid", uuid]]
    return Source("NetworkManager", interface, [(path, form)], apply)


def _networkd(interface, run, root):
    path = network_services.network_file(interface, root)
    if path is None:
        return None
    number, mark, name = os.path.basename(path).partition("-netplan-")
    if number.isdigit() and mark and name.endswith(".network"):
        return _netplan(interface, name[: -len(".network")], root)
    if not path.startswith("/etc/"):
        raise cannot("edit", path, "it is not the administrator's own; copy it to /etc/systemd/network first")
    drop_ins = glob.glob(os.path.join(root, path[1:] + ".d", "*.conf"))
    if any(os.path.basename(drop_in) != network_services.ROUTES for drop_in in drop_ins):
        raise cannot("edit", path, "it has drop-ins in '{}.d'; write 'DHCP=ipv4' there by hand".format(path))
    # «reload» alone leaves an interface as it is, and systemd before 244 knows neither word.
    apply = [["networkctl", "reload"], ["networkctl", "reconfigure", interface]]
    if Systemd(run).version() < 244:
        apply = [["systemctl", "restart", "systemd-networkd.service"]]
    return Source("networkd", interface, [(path, formats.NETWORKD)], apply)


def _netplan(interface, name, root):
    """Where netplan rendered the configuration; behind the interface's id the name may go on, after a hyphen."""
    paths = sorted(glob.glob(os.path.join(root, "etc/netplan/*.yaml")))
    known = _netplan_devices(paths)
    while name not in known and "-" in name:
        name = name.rpartition("-")[0]
    if name not in known:
        raise cannot("find", interface, "netplan configures it, and no file in /etc/netplan has it")
    files = _static_netplan(known[name], paths)
    # At a boot its generator has read the new files already.
    return Source("netplan", interface, files, [["netplan", "apply"]], name, at_boot=[["netplan", "generate"]])


def _static_netplan(device, paths):
    """Files to edit: none where one turns DHCP on, and the static addresses of others are further ones, which stay."""
    if device["dhcp4"]:
        return []
    try:
        refuse_several(device["addresses"])
    except Refused as error:
        raise formats.refusal(", ".join(paths), formats.NETPLAN, error, device["id"]) from None
    return [(path, formats.NETPLAN) for path in paths]


def _netplan_devices(paths):
    """What all files together say of each device, by its id."""
    found: dict = {}
    for path in paths:
        before = FileStep(path, None).before
        try:
            netplan.read(found, path, before.data.decode("utf-8", "surrogateescape") if before else "")
        except Refused as error:
            raise formats.refusal(path, formats.NETPLAN, error, "it") from None
    return found


def _wicked(interface, _run, root):
    path = os.path.join(root, "etc/sysconfig/network/ifcfg-" + interface)
    if not os.path.exists(path):
        return None
    files = [(path, formats.WICKED)]
    for routes in ("ifroute-" + interface, "routes"):
        candidate = os.path.join(root, "etc/sysconfig/network", routes)
        if os.path.exists(candidate):
            files.append((candidate, formats.IFROUTE))
    return Source("wicked", interface, files, [["wicked", "ifreload", interface]])


def _ifcfg(interface, _run, root):
    path = os.path.join(root, "etc/sysconfig/network-scripts/ifcfg-" + interface)
    if not os.path.exists(path):
        return None
    apply = [["sh", "-c", "ifdown {0}; ifup {0}".format(interface)]]
    return Source("ifcfg", interface, [(path, formats.IFCFG)], apply)


def _ifupdown(interface, run, root):
    files = []
    host = Host(root)
    # What is in /run is made anew at each boot.
    for path in [host.path(path) for path in network_config.interfaces_files(host) if not path.startswith("/run/")]:
        found = FileStep(path, None).before if os.path.isfile(path) else None
        if found and _names(found.data.decode("utf-8", "surrogateescape"), interface):
            files.append((path, formats.IFUPDOWN))
    if not files:
        return None
    if len(files) > 1:
        raise formats.refusal(files[1][0], formats.IFUPDOWN, interface + " has a second address there", interface)
    # The new file knows nothing of the old address: it is flushed by hand, and takes those of aliases with it.
    state = [line.partition("=")[0] for line in run(["ifquery", "--state"]).out.splitlines()]
    names = " ".join([interface] + [name for name in state if re.match(re.escape(interface) + r":[\w.-]+\Z", name)])
    words = "ifdown --force {1}; ip -4 address flush dev {0}; ifup {1}".format(interface, names)
    return Source("ifupdown", interface, files, [["sh", "-c", words]])


def _dhcpcd(interface, _run, root):
    # One daemon for all interfaces: as the client of ifupdown it has a file for each.
    running = any(os.path.exists(os.path.join(root, path)) for path in ("run/dhcpcd/pid", "run/dhcpcd.pid"))
    path = os.path.join(root, "etc/dhcpcd.conf")
    if not running or not os.path.exists(path):
        return None
    return Source("dhcpcd", interface, [(path, formats.DHCPCD)], [["dhcpcd", "-n", interface]])


def _names(text, interface):
    return any(statement.interface() == interface for statement in interfaces.statements(text))
