# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The firewalls of a Linux host, each asked and changed by its own program: one TCP port for one network.

A rule is a dictionary of ``port``, ``source`` (an address or network) and ``place`` (a zone or chain, empty where there
is none). Its state says whether it is there ``now``, and whether it is again after a boot (``boot``).
"""

import ipaddress
import json
import re
import shlex

from . import commands
from .errors import cannot
from .interfaces import primary_interface

COMMENT = "vmbackup.azure"


class _Firewall:
    """What all have in common: a program, and the states of a rule that differ."""

    name = ""
    has_file = False
    """Whether the rules of a boot are in a file that has to be written beside."""

    def __init__(self, run=commands.run):
        self._run = run

    @staticmethod
    def wanted(there):
        """Return the state of a rule that is there, or is not."""
        return {"now": there, "boot": there}

    def set(self, rule, wanted):
        """Bring a rule to a state; raises ChangeError when the firewall refuses."""
        now = self.state(rule)
        for when in ("boot", "now"):
            if now[when] != wanted[when]:
                self._change(rule, when, wanted[when])

    def state(self, rule):
        raise NotImplementedError

    def _change(self, rule, when, there):
        raise NotImplementedError

    def _do(self, argv):
        return commands.output(argv, self._run)


class Firewalld(_Firewall):
    """A rich rule in the zone of the interface with the default route."""

    name = "firewalld"

    def is_active(self):
        return self._run(["firewall-cmd", "--state"]).rc == 0

    def places(self, _family):
        zone = self._run(["firewall-cmd", "--get-zone-of-interface=" + primary_interface(self._run)])
        return [(zone.out if zone.rc == 0 else self._do(["firewall-cmd", "--get-default-zone"])).strip()]

    def state(self, rule):
        return {"now": self._is_there(rule, []), "boot": self._is_there(rule, ["--permanent"])}

    def _is_there(self, rule, more):
        result = self._run(self._command(rule, "query", more))
        if result.rc not in (0, 1):
            raise cannot("ask", self.name, " ".join((result.err or result.out).split())[:500])
        return result.rc == 0

    def _change(self, rule, when, there):
        self._do(self._command(rule, "add" if there else "remove", ["--permanent"] if when == "boot" else []))

    @staticmethod
    def _command(rule, verb, more):
        words = 'rule family="ipv{}" source address="{}" port port="{}" protocol="tcp" accept'
        text = words.format(family_of(rule["source"]), rule["source"], rule["port"])
        return ["firewall-cmd"] + more + ["--zone=" + rule["place"], "--{}-rich-rule={}".format(verb, text)]


class Ufw(_Firewall):
    """One list of rules, for now and for the next boot."""

    name = "ufw"

    def is_active(self):
        return self._run(["ufw", "status"]).out.startswith("Status: active")

    def places(self, _family):
        return [""]

    def state(self, rule):
        added = [shlex.split(line) for line in self._do(["ufw", "show", "added"]).splitlines() if line[:4] == "ufw "]
        there = any(self._is_rule(words, rule) for words in added)
        return {"now": there, "boot": there}

    @staticmethod
    def _is_rule(words, rule):
        plain = words[: words.index("comment")] if "comment" in words else words
        return plain == ["ufw", "allow", "from", rule["source"], "to", "any", "port", str(rule["port"]), "proto", "tcp"]

    def set(self, rule, wanted):
        if self.state(rule) != wanted:
            words = ["allow", "proto", "tcp", "from", rule["source"], "to", "any", "port", str(rule["port"])]
            self._do(["ufw"] + (words + ["comment", COMMENT] if wanted["now"] else ["delete"] + words))


class Nftables(_Firewall):
    """A rule at the head of each chain that packets to this host pass; a file brings it back after a boot."""

    name = "nftables"
    has_file = True
    _LIST = ["nft", "-j", "-a", "list"]

    @staticmethod
    def wanted(there):
        return {"now": there, "boot": False}

    def is_active(self):
        return bool(self._chains())

    def places(self, family):
        """Return the chains that may drop what comes in, as ``family table name``."""
        found = [chain for chain in self._chains() if chain["family"] in ("inet", "ip" if family == 4 else "ip6")]
        if any((chain["table"], chain["name"]) == ("filter", "INPUT") for chain in found):
            raise cannot("change", self.name, "the rules are those of iptables; accept the port where they come from")
        return ["{family} {table} {name}".format(**chain) for chain in found]

    def _chains(self):
        """Return the chains in which a packet to this host can end. A program that cannot say it is no empty answer."""
        if self._run(["nft", "--version"]).rc == commands.NOT_FOUND:
            return []
        listed = self._parsed(self._do(self._LIST + ["chains"]))
        chains = [item["chain"] for item in listed if item.get("chain", {}).get("hook") == "input"]
        filters = [chain for chain in chains if chain.get("type") == "filter"]
        return [chain for chain in filters if chain.get("policy") == "drop" or self._rules_of(chain)]

    def _rules_of(self, chain):
        """Return the rules of a chain; none where it is gone."""
        result = self._run(self._LIST + ["chain", chain["family"], chain["table"], chain["name"]])
        return [item["rule"] for item in self._parsed(result.out) if "rule" in item] if result.rc == 0 else []

    def _parsed(self, answer):
        try:
            return json.loads(answer)["nftables"]
        except (ValueError, KeyError):
            raise cannot("ask", self.name, "its answer is not JSON") from None

    def state(self, rule):
        return {"now": bool(self._handles(rule)), "boot": False}

    def _handles(self, rule):
        family, table, name = rule["place"].split(" ")
        rules = self._rules_of({"family": family, "table": table, "name": name})
        return [found["handle"] for found in rules if found.get("comment") == self._comment(rule)]

    def _change(self, rule, _when, there):
        if there:
            self._do(["nft", self.line(rule)])
        else:
            for handle in self._handles(rule):
                self._do(["nft", "delete", "rule"] + rule["place"].split(" ") + ["handle", str(handle)])

    @staticmethod
    def _comment(rule):
        return "{}: TCP {} from {}".format(COMMENT, rule["port"], rule["source"])

    def line(self, rule):
        """Return the rule as a command, as the program's files have it too."""
        words = 'insert rule {} ip{} saddr {} tcp dport {} accept comment "{}"'
        family = "" if family_of(rule["source"]) == 4 else "6"
        return words.format(rule["place"], family, rule["source"], rule["port"], self._comment(rule))

    def check(self, path):
        """Raise ChangeError when the program refuses a file."""
        self._do(["nft", "-c", "-f", path])

    def file(self):
        """Return the file that is loaded at boot; None where nothing loads one."""
        if self._run(["systemctl", "is-enabled", "nftables.service"]).rc != 0:
            return None
        shown = self._run(["systemctl", "show", "-p", "ExecStart", "--value", "nftables.service"]).out
        found = re.search(r"nft -f (/\S+)", shown)
        return found and found.group(1)


def difference(firewall, rule, before, after):
    """Return what a rule's state was and will be in the form that Ansible shows."""
    title = "{} {}: TCP {} from {}".format(firewall.name, rule["place"], rule["port"], rule["source"])
    texts = ["now: {now}\nboot: {boot}\n".format(**state).lower() for state in (before, after)]
    return {"before_header": title, "after_header": title, "before": texts[0], "after": texts[1]}


FIREWALLS = {each.name: each for each in (Firewalld, Ufw, Nftables)}


def find(run=commands.run):
    """Return the firewall that decides on this host, None where none does; a manager goes before what it manages."""
    return next((each for each in (kind(run) for kind in FIREWALLS.values()) if each.is_active()), None)


def family_of(source):
    """Return 4 or 6, the version of an address or network."""
    return ipaddress.ip_network(source).version
