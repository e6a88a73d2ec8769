# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module persistent_routes does: routes to networks by a gateway, at once and after each boot."""

import collections
import os

from ..._guest import route_edit
from .. import commands, network_services, routes
from ..errors import cannot
from ..interfaces import checked_name, gateway_of, primary_interface
from ..steps import EffectStep, FileStep
from ..transaction import Plan, execute
from . import network_formats as formats

MOST = 1000
"""systemd-networkd takes 1,024 routes in one file."""
METRIC = 100
DROP_INS, PROFILES = "/etc/systemd/network", "/etc/NetworkManager"
IFCFG = "/etc/sysconfig/network-scripts/ifcfg-"
OPTIONS = {
    "destinations": {"type": "list", "elements": "str", "required": True},
    "gateway": {"type": "str"},
    "interface": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}

Store = collections.namedtuple("Store", "service path read edit form load")
"""The file of a service, how it is read and edited, and commands after which the service knows it."""


class KernelStep:
    """The routes that the kernel has until the next boot. The interface stays up."""

    def __init__(self, way, destinations, there):
        self._way = way
        self.before = routes.by(way)
        self.after = self.before | destinations if there else self.before - destinations

    @property
    def changed(self):
        return self.before != self.after

    def diff(self):
        return routes.difference(self._way, self.before, self.after)

    def check(self):
        """What the kernel would refuse, the plan refused."""

    def entry(self):
        return {
            "kind": "routes",
            "interface": self._way["interface"],
            "way": self._way,
            "added": sorted(self.after - self.before),
            "deleted": sorted(self.before - self.after),
        }

    def happened(self):
        return routes.by(self._way) != self.before

    def apply(self, _run):
        routes.bring(self._way, self.after)


class StoreStep(FileStep):
    """The routes that a boot brings. The service knows them at once, and leaves the interface as it is."""

    def __init__(self, store, wanted, there, interface):
        super().__init__(store.path, None)
        data = self.before.data if self.before else b""
        form = store.form._replace(edit=lambda text, _interface: store.edit(text, wanted, there))
        new = formats.edited((store.path, form), data, interface)
        formats.judge([(store.path, form)], {store.path: data}, {store.path: new}, interface, commands.run)
        self.has, self.gets = (store.read(each.decode("utf-8", "replace")) for each in (data, new))
        self.data = new or None
        self._load = store.load

    def apply(self, run):
        super().apply(run)
        commands.run_all(self._load)


def work(params, context):
    """Return the module's result."""
    networks = sorted({routes.network(text) for text in params["destinations"]})
    if not 0 < len(networks) <= MOST:
        raise cannot("route", "{:,} networks".format(len(networks)), "give 1 to {:,}".format(MOST))

    def planned():
        # Again under the lock: another run may have been faster.
        network_services.refuse_on_trial(context.journal)
        return _plan(params, networks)

    return execute(planned, context)


def _plan(params, networks):
    interface = checked_name(params["interface"] or primary_interface())
    gateway = params["gateway"] or gateway_of(interface)
    way = {"interface": interface, "gateway": gateway, "metric": METRIC}
    there = params["state"] == "present"
    if there:
        routes.refuse(networks, way)
    wanted = [(str(network), gateway, str(METRIC)) for network in networks]
    store = find_store(interface)
    kernel = KernelStep(way, {str(network) for network in networks}, there)
    file = StoreStep(store, wanted, there, interface)
    steps: list = [file, kernel]
    if file.changed and store.load:
        steps.insert(0, EffectStep(interface, store.load))

    def shown(now, boot):
        return {
            "now": [route[0] for route in wanted if route[0] in now],
            "boot": [route[0] for route in wanted if route in boot],
        }

    facts = {"interface": interface, "gateway": gateway, "service": store.service, "file": store.path}
    return Plan(steps, shown(kernel.before, file.has), shown(kernel.after, file.gets), facts)


def find_store(interface, run=commands.run):
    """Return the Store of an interface; raises ChangeError where neither service configures it by a file."""
    _uuid, path = network_services.active_profile(interface, run)
    if path and path.startswith(IFCFG):
        return _of_red_hat("NetworkManager", path, interface, [["nmcli", "connection", "load", path]])
    if path:
        return _of_network_manager(path)
    path = network_services.network_file(interface)
    if path:
        # A drop-in counts for each file of this name, whoever wrote it.
        path = "{}/{}.d/{}".format(DROP_INS, path.rpartition("/")[2], network_services.ROUTES)
        form = formats.NETWORKD._replace(by_hand="write the routes of {0} to another drop-in")
        return Store("networkd", path, route_edit.in_drop_in, route_edit.drop_in, form, [])
    if os.path.exists(IFCFG + interface):
        return _of_red_hat("network", IFCFG + interface, interface, [])
    raise cannot(
        "find", interface, "neither NetworkManager, systemd-networkd nor an ifcfg file of Red Hat configures it"
    )


def _of_network_manager(path):
    form = formats.KEYFILE._replace(by_hand="run 'nmcli connection modify' for {0} with '+ipv4.routes'")
    if not path.startswith(PROFILES + "/"):
        reason = "it is not a key file in {}; add the routes where it comes from".format(PROFILES)
        if path.rpartition("/")[2].startswith("netplan-"):
            reason = (
                "netplan writes it; add the routes below the interface in /etc/netplan, then run 'netplan generate'"
            )
        raise cannot("edit", path, reason)
    load = [["nmcli", "connection", "load", path]]
    return Store("NetworkManager", path, route_edit.in_keyfile, route_edit.keyfile, form, load)


def _of_red_hat(service, path, interface, load):
    """The file of routes beside an ifcfg file, which both services read."""
    by_hand = "write a line such as '20.38.0.0/16 via 10.0.0.1 dev {0} metric 100' for each route"
    form = formats.Format(None, by_hand, None)
    file = "{0}/route-{1}".format(path.rpartition("/")[0], path[len(IFCFG) :])

    def edit(text, routes, there):
        return route_edit.lines(text, routes, there, interface)

    return Store(service, file, route_edit.in_lines, edit, form, load)
