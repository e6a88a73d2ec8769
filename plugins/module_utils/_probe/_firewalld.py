# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What firewalld says of packets that the machine itself sends: its policies as nft, its direct rules as iptables.

Zones say nothing of these. Direct rules come first. Within a policy, rules that refuse come before those that accept,
as far as their priorities do not say otherwise, and what no rule decides meets the policy's target.
"""

import re

from .._guest import unit_files

POLICIES = ("/etc/firewalld/policies", "/usr/lib/firewalld/policies")
SERVICES = ("/etc/firewalld/services", "/usr/lib/firewalld/services")
IPSETS = ("/etc/firewalld/ipsets", "/usr/lib/firewalld/ipsets")
OF_ADDRESSES = ("hash:ip", "hash:net")
CONF = "/etc/firewalld/firewalld.conf"
DIRECT = "/etc/firewalld/direct.xml"

DEFAULT_ZONE = re.compile(r"\s*DefaultZone\s*=\s*(\S+)")
ACTIONS = ("accept", "drop", "reject")
FIRST = -1
"""The priority of a policy that names none."""


def rules(host):
    """The rules of policies as text; None where none is for what the machine sends to its primary interface's zone."""
    zones = filter(None, map(DEFAULT_ZONE.match, (host.text(CONF) or "").splitlines()))
    egress = {"ANY", next((match.group(1) for match in zones), "public")}
    policies = []
    for path in unit_files.fragments(host, POLICIES, ".xml"):
        root = _root(host, path)
        if root is not None and "HOST" in _zones(root, "ingress-zone") and _zones(root, "egress-zone") & egress:
            name = path.rpartition("/")[2][: -len(".xml")]
            policies.append((_number(root.get("priority"), FIRST), name, _rules(host, root)))
    if not policies:
        return None
    lines = ["table inet firewalld {", "chain filter_OUTPUT {", "type filter hook output priority 10; policy accept;"]
    lines += ['oifname "lo" accept'] + ["jump policy_{0}".format(name) for _priority, name, _found in sorted(policies)]
    for _priority, name, found in policies:
        lines += ["}", "chain policy_{0} {{".format(name)] + found
    return "\n".join(lines + ["}", "}"])


def direct(host):
    """The direct rules for what the machine sends, as iptables-save would print them."""
    found = []
    for element, text in _direct(host, "rule"):
        if element.get("chain") == "OUTPUT":
            found.append((str(element.get("table")), _number(element.get("priority"), 0), text))
    lines = []
    for table, _priority, rule in sorted(found, key=lambda one: one[:2]):
        lines += ["*" + table, ":OUTPUT ACCEPT [0:0]", "-A OUTPUT " + rule]
    return "\n".join(lines)


def passed_on(host):
    """The words of each command of iptables that firewalld passes on as it stands."""
    return [["iptables"] + text.split() for _element, text in _direct(host, "passthrough")]


def _direct(host, tag):
    """``(element, text)`` of direct rules for IPv4."""
    root = _root(host, DIRECT)
    elements = [] if root is None else [one for one in root if one.tag == tag and one.get("ipv") == "ipv4"]
    return [(element, " ".join((element.text or "").split())) for element in elements]


def _root(host, path):
    """The root element of a file, or None for one that firewalld would not load.

    A document type could name endless text; none of firewalld's files has one.
    """
    from xml.etree import ElementTree

    text = host.text(path)
    if text is None or "<!DOCTYPE" in text:
        return None
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return None


def _zones(root, tag):
    return {element.get("name") for element in root.iter(tag)}


def _rules(host, root):
    """The rules of a policy in the order in which they count, and its target."""
    found = []
    for element in root:
        if element.tag == "rule":
            actions = [part.tag for part in element if part.tag in ACTIONS]
            words = ["ip6"] if element.get("family") == "ipv6" else []
            for part in element.iter():
                words += _condition(host, part)
            if actions:
                found.append((_number(element.get("priority"), 0), actions[-1] == "accept", words + actions[-1:]))
        elif element.tag in ("service", "port", "protocol"):
            found.append((0, True, _condition(host, element) + ["accept"]))
    target = root.get("target", "CONTINUE").lower()
    in_order = sorted(found, key=lambda one: one[:2])
    return [" ".join(words) for _priority, _accepts, words in in_order] + ([target] if target in ACTIONS else [])


def _condition(host, element):
    """The words of nft for a condition; ``unknown`` for one that cannot be judged."""
    name = element.tag
    if name in ("source", "destination"):
        inverted = ["!="] if element.get("invert", "").lower() in ("true", "yes", "1") else []
        field = "daddr" if name == "destination" else "saddr"
        address = _set(host, element.get("ipset")) if element.get("ipset") else element.get("address")
        return ["ip", field] + inverted + [address] if address else ["unknown"]
    if name == "port":
        return ["tcp", "dport", element.get("port", "")] if element.get("protocol") == "tcp" else ["udp"]
    if name == "protocol":
        return ["meta", "l4proto", element.get("value", "")]
    if name == "service":
        return _service(host, element.get("name", ""))
    return ["unknown"] if name in ("limit", "mark", "source-port", "icmp-type", "masquerade") else []


def _first(host, directories, name):
    """The root element of the first file of this name, or None."""
    roots = (_root(host, "{0}/{1}.xml".format(path, name)) for path in directories)
    return next((one for one in roots if one is not None), None)


def _set(host, name):
    """The addresses of a set; None for one of another kind, or whose file is not there."""
    root = _first(host, IPSETS, name)
    if root is None or root.get("type") not in OF_ADDRESSES:
        return None
    return "{{ {0} }}".format(", ".join((entry.text or "").strip() for entry in root.iter("entry")))


def _service(host, name):
    """The ports of a service. One whose file is not there may be for any."""
    root = _first(host, SERVICES, name)
    if root is None:
        return ["unknown"]
    ports = [one.get("port", "") for one in root.iter("port") if one.get("protocol") == "tcp"]
    return ["tcp", "dport", "{", ", ".join(ports), "}"] if ports else ["udp"]


def _number(text, default):
    return int(text) if re.match(r"-?[0-9]{1,6}\Z", text or "") else default
