# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the policies of firewalld say of packets that the machine itself sends, as nft would print it.

Zones say nothing of these. Within a policy, rules that refuse come before those that accept, as far as their priorities
do not say otherwise, and what no rule decides meets the policy's target.
"""

import re

from .._guest import unit_files

POLICIES = ("/etc/firewalld/policies", "/usr/lib/firewalld/policies")
SERVICES = ("/etc/firewalld/services", "/usr/lib/firewalld/services")
CONF = "/etc/firewalld/firewalld.conf"

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<(/?)([\w-]+)([^<>]*)>")
ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*[\"']([^\"']*)[\"']")
DEFAULT_ZONE = re.compile(r"^\s*DefaultZone\s*=\s*(\S+)", re.MULTILINE)
ACTIONS = ("accept", "drop", "reject")
FIRST = -1
"""The priority of a policy that names none."""


def rules(host):
    """The rules as text; None where no policy is for what the machine sends to the zone of its primary interface."""
    zone = DEFAULT_ZONE.search(host.text(CONF) or "")
    egress = {"ANY", zone.group(1) if zone else "public"}
    policies = []
    for path in unit_files.fragments(host, POLICIES, ".xml"):
        policy = _Policy(host, host.text(path) or "")
        if "HOST" in policy.ingress and policy.egress & egress:
            policies.append((policy.priority, path.rpartition("/")[2][: -len(".xml")], policy.rules()))
    if not policies:
        return None
    lines = ["table inet firewalld {", "chain filter_OUTPUT {", "type filter hook output priority 10; policy accept;"]
    lines += ['oifname "lo" accept'] + ["jump policy_{0}".format(name) for _priority, name, _rules in sorted(policies)]
    for _priority, name, found in policies:
        lines += ["}", "chain policy_{0} {{".format(name)] + found
    return "\n".join(lines + ["}", "}"])


class _Policy(object):
    def __init__(self, host, text):
        self.host, self.target, self.priority = host, "CONTINUE", FIRST
        self.ingress, self.egress = set(), set()
        self._found, self._rich = [], None
        for closing, name, attributes in TAG.findall(COMMENT.sub("", text)):
            self._tag(name, dict(ATTRIBUTE.findall(attributes)), bool(closing))

    def rules(self):
        """Its rules in the order in which they count, and its target."""
        target = self.target.lower()
        return [rule for _order, rule in sorted(self._found, key=lambda one: one[0])] + (
            [target] if target in ACTIONS else []
        )

    def _tag(self, name, told, closing):
        if name == "policy" and not closing:
            self.target, self.priority = told.get("target", self.target), _number(told.get("priority"), FIRST)
        elif name in ("ingress-zone", "egress-zone"):
            (self.ingress if name == "ingress-zone" else self.egress).add(told.get("name"))
        elif name == "rule":
            if closing and self._rich:
                self._end()
            self._rich = None if closing else _Rich(told)
        elif self._rich and not closing:
            if name in ACTIONS:
                self._rich.action = name
            else:
                self._rich.words += self._condition(name, told)
        elif not closing and name in ("service", "port", "protocol"):
            self._found.append(((0, 1), " ".join(self._condition(name, told) + ["accept"])))

    def _end(self):
        rich = self._rich
        if rich.action:
            order = (rich.priority, int(rich.action == "accept"))
            self._found.append((order, " ".join(rich.words + [rich.action])))

    def _condition(self, name, told):
        if name in ("source", "destination"):
            field = "daddr" if name == "destination" else "saddr"
            inverted = ["!="] if told.get("invert", "").lower() in ("true", "yes", "1") else []
            return ["ip", field] + inverted + [told["address"]] if told.get("address") else ["unknown"]
        if name == "port":
            return ["tcp", "dport", told.get("port", "")] if told.get("protocol") == "tcp" else ["udp"]
        if name == "protocol":
            return ["meta", "l4proto", told.get("value", "")]
        if name == "service":
            return self._service(told.get("name", ""))
        return ["unknown"] if name in ("limit", "mark", "source-port", "icmp-type", "masquerade") else []

    def _service(self, name):
        """The ports of a service. One whose file is not there may be for any."""
        text = next(filter(None, (self.host.text("{0}/{1}.xml".format(path, name)) for path in SERVICES)), None)
        if text is None:
            return ["unknown"]
        tags = TAG.findall(COMMENT.sub("", text))
        told = [dict(ATTRIBUTE.findall(attributes)) for _end, tag, attributes in tags if tag == "port"]
        ports = [one.get("port", "") for one in told if one.get("protocol") == "tcp"]
        return ["tcp", "dport", "{", ", ".join(ports), "}"] if ports else ["udp"]


class _Rich(object):
    def __init__(self, told):
        self.priority, self.action = _number(told.get("priority"), 0), None
        self.words = ["ip6"] if told.get("family") == "ipv6" else []


def _number(text, default):
    return int(text) if re.match(r"-?[0-9]{1,6}\Z", text or "") else default
