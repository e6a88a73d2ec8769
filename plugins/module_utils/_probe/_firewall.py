# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which rule of the guest's own packet filter stops a connection of root to the fabric."""

import socket
import struct

from .._guest.host import Missing
from . import _firewall_rules, _saved_rules

AGENT_TABLES = ("security", "walinuxagent")
FINAL = ("accept", "drop", "reject", "redirect", "snat")
LOOPBACK = "lo"
EVERY_BIT = 0xFFFFFFFF
MAX_DEPTH = 16
OTHER_WAY = {True: ("oif", "oifname"), False: ("iif", "iifname")}
EPHEMERAL = "49152"
"""A port that the kernel may choose for a connection's own end."""
COMMANDS_TIMEOUT = 3.0
NAMES = (("root", "0"), ("6", "tcp"), ("all", "tcp"), ("http", "80"), ("www", "80"), ("www-http", "80"))
"""Other words for a value of the packet: users, protocols, and services of /etc/services."""


class Packet(object):
    """The first packet of a TCP connection that root opens, or with ``inbound`` the answer to it.

    ``doubts``: a rule that may concern it has a condition that is not understood.
    """

    def __init__(self, address, port, interface=None, source=None, inbound=False):
        self.address, self.port, self.interface, self.source = address, port, interface, source
        self.inbound, self.doubts = inbound, False
        self.hooks = ("prerouting", "input") if inbound else ("output", "postrouting")
        self.flags = {"SYN", "ACK"} if inbound else {"SYN"}
        there, here = (address, str(port)), (source, EPHEMERAL)
        (daddr, dport), (saddr, sport) = (here, there) if inbound else (there, here)
        link = {"iif": interface, "iifname": interface} if inbound else {"oif": interface, "oifname": interface}
        owner = {} if inbound else {"skuid": "0", "skgid": "0"}
        self.fields = dict(link, l4proto="tcp", nfproto="ipv4", **owner)
        self.pairs = {
            ("ip", "daddr"): daddr,
            ("ip", "saddr"): saddr,
            ("ip", "protocol"): "tcp",
            ("tcp", "dport"): dport,
            ("tcp", "sport"): sport,
            ("th", "dport"): dport,
            ("th", "sport"): sport,
            ("ct", "state"): "established" if inbound else "new",
        }


class Answer(object):
    """What becomes of a packet, in ``chain`` by ``rule`` (None: its policy). ``certain``: no doubt is left."""

    def __init__(self, verdict, chain, rule, certain):
        self.verdict, self.chain, self.rule, self.certain = verdict, chain, rule, certain

    def as_dict(self, packet):
        return {
            "address": packet.address,
            "port": packet.port,
            "verdict": self.verdict,
            "chain": str(self.chain),
            "rule": _firewall_rules.shown(self.rule) if self.rule else "policy {0}".format(self.verdict),
            "certain": self.certain,
            "inbound": packet.inbound,
            "agents_own_table": self.chain.table in AGENT_TABLES,
        }


def blocking(ruleset, packet):
    """The Answer that stops a packet, or diverts it on its way out; None when every chain lets it pass.

    On the way in many rules concern other things than the answers to root: what is not understood blames none.
    """
    doubtful = None
    for chain in [chain for hook in packet.hooks for chain in ruleset.base_chains(hook)]:
        answer = _walk(ruleset, chain, packet, 0)
        if answer is None or _may_pass(answer):
            answer = Answer(chain.policy, chain, None, answer is None)
        answer.certain = answer.certain and ruleset.certain
        if packet.inbound and (packet.doubts or not ruleset.certain or answer.verdict == "redirect"):
            continue
        if answer.verdict != "accept":
            if answer.certain:
                return answer
            doubtful = doubtful or answer
    return doubtful


def _may_pass(answer):
    """Whether a rule that could not be judged may have let the packet pass."""
    return answer is not None and answer.verdict == "accept" and not answer.certain


def _walk(ruleset, chain, packet, depth):
    """The Answer of one chain, None when its end is reached. A doubtful one counts if nothing else is found."""
    doubtful = None
    for words, text in chain.rules:
        matched, certain, verdict, target = _judge(words, packet, ruleset, chain)
        if not matched:
            continue
        packet.doubts = packet.doubts or not certain
        if verdict in ("jump", "goto") and depth < MAX_DEPTH:
            below = ruleset.chains.get((chain.family, chain.table, target))
            answer = _walk(ruleset, below, packet, depth + 1) if below else None
            if answer and (answer.verdict != "accept" or certain):
                answer.certain = answer.certain and certain
                if answer.certain:
                    return answer
                doubtful = answer if doubtful is None or _may_pass(doubtful) else doubtful
            if verdict == "goto" and certain:
                return doubtful
        elif verdict == "return" and certain:
            return doubtful
        elif verdict in FINAL:
            doubt = doubtful if doubtful and not _may_pass(doubtful) else None
            if certain:
                # An earlier rule that may have dropped the packet stays a suspect only if this one accepts it.
                accepted = verdict == "accept"
                return (
                    doubt if doubt and accepted else Answer(verdict, chain, text, accepted or not _may_pass(doubtful))
                )
            doubtful = doubt or Answer(verdict, chain, text, False)
        elif verdict is None and not certain:
            # Where the packet goes is not known: a certain answer after it is a doubtful one.
            doubtful = doubtful or Answer("accept", chain, text, False)
    return doubtful


def _judge(words, packet, ruleset, chain):
    """``(matches, certain, verdict, target)`` of one rule for the packet."""
    certain, at = True, 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in ("ip6", "udp", "icmp", "icmpv6", "sctp", "ether", "arp") or word in OTHER_WAY[packet.inbound]:
            return False, True, None, None
        if word in ("meta", "counter", "packets", "bytes"):
            at += 1 if word in ("packets", "bytes") else 0
            continue
        if word in ("accept", "drop", "reject", "return"):
            return True, certain, word, None
        if word in ("jump", "goto"):
            target = words[at] if at < len(words) else None
            # What stands in a chain without a name is not followed, and a variable may be any chain.
            unknown = isinstance(target, list) or "$" in (target or "")
            return (True, False, None, None) if unknown else (True, certain, word, target)
        if word in ("redirect", "dnat"):
            return True, certain, "redirect", None
        if word == "snat":
            return True, certain, _renumbered(words[at:], packet.source), None
        if word == "tcp_flags" and words[at + 2 :]:
            relation, mask, wanted = words[at : at + 3]
            at += 3
            flags = packet.flags if "ALL" in mask else packet.flags.intersection(mask)
            if (flags == set(wanted) - {"NONE"}) == (relation == "!="):
                return False, True, None, None
            continue
        if word in ("comment", "prefix", "level"):
            at += 1
            continue
        if word == "log":
            continue
        if isinstance(word, list):
            # What a field that is not known here is compared with.
            certain = False
            continue
        known = _field(word, words[at] if at < len(words) else None, packet)
        if known is None:
            certain = False
            continue
        value, used = known
        at += used
        negated = at < len(words) and words[at] in ("!=", "==")
        at += 1 if negated else 0
        if words[at : at + 1] == ["vmap"]:
            items = words[at + 1] if at + 1 < len(words) else []
            if not isinstance(items, list):
                items = ruleset.sets.get((chain.family, chain.table, items[1:]))
            return _mapped(items, value, certain)
        wanted = words[at] if at < len(words) else []
        answer = _contains(wanted, value, ruleset, chain)
        at += 1
        # Whatever interface the packet leaves by, it is not the loopback.
        if answer is None or value is None and wanted not in (LOOPBACK, [LOOPBACK]):
            certain = False
        elif answer == (negated and words[at - 2] == "!="):
            return False, True, None, None
    return False, True, None, None


def _renumbered(words, source):
    """The verdict of a rule that gives packets another source address: none if it is the one that they have."""
    target = words[words.index("to") + 1 :][:1] if "to" in words else []
    items = target[0] if target and isinstance(target[0], list) else target
    return "accept" if any(covers(item.partition(":")[0], source) for item in items) else "snat"


def _mapped(items, value, certain):
    """The judgement of a verdict map: what it has for the value, nothing for one that it does not list.

    ``items`` is None for a map that is not known.
    """
    if items is None:
        return True, False, None, None
    for at, item in enumerate(items):
        if items[at + 1 : at + 2] == [":"] and covers(item, value):
            words = items[at + 2 :]
            return True, certain, words[0] if words else None, words[1] if words[1:] else None
    return False, True, None, None


def _field(word, following, packet):
    """``(value in the packet, further words of the field)``; None for a field that is not known here."""
    if isinstance(following, str) and (word, following) in packet.pairs:
        return packet.pairs[word, following], 1
    return (packet.fields[word], 0) if word in packet.fields else None


def _contains(wanted, value, ruleset, chain):
    """Whether ``value`` is among the wanted ones; None when that cannot be said."""
    items = wanted if isinstance(wanted, list) else [wanted]
    if items and items[0].startswith("@"):
        items = ruleset.sets.get((chain.family, chain.table, items[0][1:]))
        if items is None:
            return None
    if any(covers(item, value) for item in items):
        return True
    return None if any("$" in item for item in items) else False


def covers(item, value):
    """Whether an item of a rule (a word, number, range, address or network) is, or holds, a value."""
    if item == value or (item, value) in NAMES:
        return True
    if value is None:
        return False
    low, dash, high = item.replace(":", "-").partition("-")
    if dash and value.isdecimal():
        return (int(low[:9]) if low.isdecimal() else 0) <= int(value) <= (int(high[:9]) if high.isdecimal() else 65535)
    if item.endswith(("*", "+")) and value.startswith(item[:-1]):
        return True
    network = low.partition("/")[0]
    numbers = [_number(text) for text in ("0.0.0.0" if item == "0/0" else network, high, value)]
    if numbers[0] is None or numbers[2] is None:
        return False
    if dash:
        return numbers[1] is not None and numbers[0] <= numbers[2] <= numbers[1]
    mask = _mask(item.partition("/")[2])
    return numbers[0] & mask == numbers[2] & mask


def _mask(text):
    """The mask of a network as a number, of its bits or of an address; that of one machine without either."""
    if text.isdecimal():
        return (EVERY_BIT << max(0, 32 - int(text[:9]))) & EVERY_BIT
    dotted = _number(text)
    return EVERY_BIT if dotted is None else dotted


def _number(text):
    try:
        return struct.unpack("!I", socket.inet_pton(socket.AF_INET, text))[0]
    except (OSError, ValueError):
        return None


def read(host):
    """The Ruleset of the guest and the commands or files it came from. Raises Missing without root, tool or file."""
    if not host.live:
        return _saved_rules.read(host)
    host.need_root()
    ruleset, tools = _firewall_rules.Ruleset(), []
    listed = _list(host, ("nft", "list", "ruleset"), ruleset, tools) if _loaded(host, "nf_tables") else None
    # Where both kinds of iptables are installed, the plain name is that of one of them.
    if listed is False:
        _list_first(host, ("iptables-nft-save", "iptables-save"), ruleset, tools)
    if host.line("/proc/net/ip_tables_names"):
        _list_first(host, ("iptables-legacy-save", "iptables-save"), ruleset, tools)
    if listed is False and not tools:
        raise Missing("Cannot list the packet filter's rules: neither nft nor iptables-save is there")
    return ruleset, tools


def _list_first(host, names, ruleset, tools):
    """Adds what the first command that works lists, unless one of them has done so already."""
    any(name in tools or _list(host, (name,), ruleset, tools) for name in names)


def _list(host, argv, ruleset, tools):
    """Adds what a command lists to ``ruleset``; False when it cannot be run or fails."""
    try:
        status, out, _err = host.run(list(argv), timeout=COMMANDS_TIMEOUT)
    except Missing:
        return False
    if status:
        return False
    parse = _firewall_rules.from_nft if argv[0] == "nft" else _firewall_rules.from_iptables
    parse(out, ruleset)
    tools.append(" ".join(argv))
    return True


def _loaded(host, module):
    """Whether the kernel has a module; listing rules would load it, so a guest without it is not asked."""
    modules = host.text("/proc/modules")
    if not modules:
        return True
    if any(line.startswith(module + " ") for line in modules.splitlines()):
        return True
    builtin = host.text("/lib/modules/{0}/modules.builtin".format(host.line("/proc/sys/kernel/osrelease"))) or ""
    return "/{0}.ko".format(module) in builtin
