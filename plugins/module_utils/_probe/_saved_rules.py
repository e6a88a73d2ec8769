# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The packet filter's rules that a tree keeps for the next boot, where a service that is enabled loads them."""

import fnmatch
import re

from .._guest import unit_files
from .._guest.host import NEEDS_LIVE, Missing
from . import _firewall_rules, _firewalld

IPTABLES = ("/etc/iptables/rules.v4", "/etc/sysconfig/iptables", "/etc/iptables/iptables.rules")
NFTABLES = ("/etc/nftables.conf", "/etc/sysconfig/nftables.conf")
DIRECT = "/etc/firewalld/direct.xml"
UFW, UFW_DEFAULTS = "/etc/ufw/ufw.conf", "/etc/default/ufw"
UFW_RULES = ("/etc/ufw/before.rules", "/etc/ufw/user.rules", "/etc/ufw/after.rules")
UFW_CHAINS = ("ufw-before-output", "ufw-user-output", "ufw-after-output")
"""ufw makes the chain OUTPUT itself, which goes through these."""

INCLUDE = re.compile(r"include\s+\"(/[^\"]+)\"")
DEFINE = re.compile(r"^\s*define\s+(\w+)\s*=\s*(.+?)\s*$", re.MULTILINE)
RULE = re.compile(r"<rule\s([^>]*)>([^<]*)</rule>")
PASSTHROUGH = re.compile(r"<passthrough\s([^>]*)>([^<]*)</passthrough>")
ATTRIBUTE = re.compile(r"(\w+)=[\"']([^\"']*)[\"']")


def read(host):
    """``(Ruleset, files)``. Raises Missing for a tree that keeps none."""
    ruleset, files = _firewall_rules.Ruleset(), []
    for path in IPTABLES:
        _add(_firewall_rules.from_iptables, host.text(path), path, ruleset, files)
    for path in NFTABLES if unit_files.wanted(host, "nftables.service") else ():
        _add(_firewall_rules.from_nft, _nft(host, path), path, ruleset, files)
    _add(_firewall_rules.from_iptables, _ufw(host), UFW, ruleset, files)
    if unit_files.wanted(host, "firewalld.service"):
        _add(_firewall_rules.from_iptables, _direct(host.text(DIRECT) or ""), DIRECT, ruleset, files)
        _add(_firewall_rules.from_nft, _firewalld.rules(host), _firewalld.POLICIES[0], ruleset, files)
    if not files:
        raise Missing(NEEDS_LIVE)
    return ruleset, files


def _add(parse, text, path, ruleset, files):
    if text:
        parse(text, ruleset)
        files.append(path)


def _nft(host, path):
    """A file of nft with what it includes, its variables replaced; None without the file."""
    text = host.text(path)
    if text is None:
        return None
    for pattern in INCLUDE.findall(text):
        directory, _slash, name = pattern.rpartition("/")
        for entry in fnmatch.filter(host.names(directory), name):
            text += "\n" + (host.text("{0}/{1}".format(directory, entry)) or "")
    for name, value in DEFINE.findall(text):
        text = re.sub(r"\$" + name + r"\b", value.replace("\\", ""), text)
    return text


def _ufw(host):
    """The rules of ufw as iptables-save would print them; None where it is off."""
    if _setting(host.text(UFW), "ENABLED") != "yes":
        return None
    policy = _setting(host.text(UFW_DEFAULTS), "DEFAULT_OUTPUT_POLICY") or "accept"
    lines = ["*filter", ":OUTPUT {0} [0:0]".format(policy)]
    lines += ["-A OUTPUT -j {0}".format(chain) for chain in UFW_CHAINS]
    return "\n".join(lines + [host.text(path) or "" for path in UFW_RULES])


def _setting(text, name):
    """The value of a shell assignment, in small letters."""
    lines = (line.strip().partition("=") for line in (text or "").splitlines())
    return next((value.strip().strip("\"'").lower() for key, _mark, value in lines if key.strip() == name), None)


def _direct(text):
    """The direct rules of firewalld as iptables-save would print them: they come before those of its zones."""
    rules = []
    for head, body in RULE.findall(text):
        told = dict(ATTRIBUTE.findall(head))
        if told.get("ipv") == "ipv4" and told.get("chain") == "OUTPUT":
            rules.append((told.get("table"), _priority(told), "-A OUTPUT " + body.strip()))
    for head, body in PASSTHROUGH.findall(text):
        table, _mark, rule = body.strip().partition(" -A ")
        if dict(ATTRIBUTE.findall(head)).get("ipv") == "ipv4" and rule.startswith("OUTPUT "):
            rules.append((table.replace("-t ", "").strip() or "filter", 0, "-A " + rule))
    lines = []
    for table, _priority_of, rule in sorted(rules, key=lambda one: one[:2]):
        lines += ["*" + str(table), ":OUTPUT ACCEPT [0:0]", rule]
    return "\n".join(lines)


def _priority(told):
    return int(told["priority"]) if told.get("priority", "").lstrip("-").isdigit() else 0
