# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module proxy_firewall_rule does: clients of a proxy server pass the firewall of its host."""

import ipaddress
import os
import tempfile

from .. import firewalls
from ..errors import cannot
from ..steps import FileStep
from ..transaction import Plan, execute

OPTIONS = {
    "port": {"type": "int", "required": True},
    "remote_addresses": {"type": "list", "elements": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


class RuleStep:
    """Add a rule to a firewall, or remove it."""

    def __init__(self, firewall, rule, there):
        self._firewall, self._rule = firewall, rule
        self.name = " ".join(filter(None, [rule["place"], rule["source"]]))
        self.before, self.after = firewall.state(rule), firewall.wanted(there)

    @property
    def changed(self):
        return self.before != self.after

    def diff(self):
        return firewalls.difference(self._firewall, self._rule, self.before, self.after)

    def check(self):
        """The firewall judges a rule when it is added; nothing is changed when it refuses."""

    def entry(self):
        return {"kind": "rule", "firewall": self._firewall.name, "rule": self._rule, "before": self.before}

    def happened(self):
        return self._firewall.state(self._rule) != self.before

    def apply(self, _run):
        self._firewall.set(self._rule, self.after)


class RulesFile(FileStep):
    """The file of the rules that are loaded at boot. The firewall's own program judges a copy of it first."""

    def __init__(self, firewall, path, rules, there):
        super().__init__(path, None)
        self._firewall = firewall
        lines = (self.before.data if self.before else b"").splitlines(True)
        own = [(firewall.line(rule) + "\n").encode() for rule in rules]
        missing = [line for line in own if line not in lines]
        if there and missing:
            end = [b"\n"] if lines and not lines[-1].endswith(b"\n") else []
            lines += end + missing
        elif not there:
            lines = [line for line in lines if line not in own]
        self.data = b"".join(lines) if self.before or lines else None

    def check(self):
        super().check()
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, os.path.basename(self.path))
            with open(copy, "wb") as handle:
                handle.write(self.data or b"")
            self._firewall.check(copy)


def work(params, context):
    """Return the module's result."""
    if not 0 < params["port"] < 65536:
        raise cannot("open the port", params["port"], "give 1 to 65535")
    sources = sorted({_network(text) for text in params["remote_addresses"]})
    if not sources:
        raise cannot("open the port", params["port"], "no address or network is given")
    return execute(lambda: _plan(firewalls.find(), params["port"], sources, params["state"] == "present"), context)


def _network(text):
    """Return an address or a network as all firewalls write it."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise cannot("allow", text, "give an address, or a network such as 10.0.0.0/16") from None
    return str(network.network_address if network.num_addresses == 1 else network)


def _plan(firewall, port, sources, there):
    facts = {"firewall": firewall.name if firewall else None, "warnings": []}
    if firewall is None:
        return Plan([], {}, {}, facts)
    rules = [
        {"port": port, "source": source, "place": place}
        for source in sources
        for place in firewall.places(firewalls.family_of(source))
    ]
    steps: list = [RuleStep(firewall, rule, there) for rule in rules]
    before, after = {}, {}
    for step in steps:
        before[step.name], after[step.name] = step.before, step.after
    if firewall.has_file:
        path = firewall.file()
        if path:
            steps.insert(0, RulesFile(firewall, path, rules, there))
        else:
            facts["warnings"].append("nftables.service is not enabled: the rule is gone after a boot")
    return Plan(steps, before, after, facts)
