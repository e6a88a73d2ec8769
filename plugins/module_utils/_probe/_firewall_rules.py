# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The guest's packet filter as chains of rules, from what nft and iptables-save print."""

import re

IPTABLES = "iptables"
"""Family of chains that iptables lists: the same names may stand for other chains in nft."""

FAMILIES = ("ip", "inet", IPTABLES)
NFT_FAMILIES = ("ip", "ip6", "inet", "arp", "bridge", "netdev")
COUNTED = re.compile(r" packets \d+ bytes \d+")
PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "nat": -100, "filter": 0, "security": 50, "srcnat": 100}
HOOK = re.compile(r"type (\w+) hook (\w+) (?:device \S+ )?priority (.+)")
POLICY = re.compile(r"policy (\w+)\Z")
WORD = re.compile(r"\"[^\"]*\"|[{}]|[^\s{}]+")
PIECE = re.compile(r"\"[^\"]*\"|[{};\n]|[^\"{};\n]+|\"")
BLOCKS = ("table", "chain", "set", "map")
ADDS, INSERTS = ("add", "create"), ("insert",)
TARGETS = {
    "ACCEPT": ["accept"],
    "DROP": ["drop"],
    "REJECT": ["reject"],
    "RETURN": ["return"],
    "DNAT": ["redirect"],
    "REDIRECT": ["redirect"],
    "SNAT": ["snat"],
    "LOG": [],
}
REMARK = re.compile(
    r"(--(?:comment|[a-z-]{0,16}prefix|(?:hex-)?string)\s+)(?:\"[^\"]*\"|\S+)|((?:comment|prefix)\s+)\"[^\"]*\""
)
"""What somebody wrote beside a rule, for people or for a log."""

OPTIONS = {
    "-d": ["ip", "daddr"],
    "-s": ["ip", "saddr"],
    "--dst-range": ["ip", "daddr"],
    "--src-range": ["ip", "saddr"],
    "-p": ["l4proto"],
    "--dport": ["tcp", "dport"],
    "--dports": ["tcp", "dport"],
    "--sport": ["tcp", "sport"],
    "--sports": ["tcp", "sport"],
    "-o": ["oifname"],
    "-i": ["iifname"],
    "--uid-owner": ["skuid"],
    "--gid-owner": ["skgid"],
    "--ctstate": ["ct", "state"],
    "--state": ["ct", "state"],
    "--to-source": ["to"],
}


COMMANDS = ("iptables", "iptables-nft", "iptables-legacy")
APPEND, INSERT, DELETE, POLICIES = ("-A", "--append"), ("-I", "--insert"), ("-D", "--delete"), ("-P", "--policy")
FLUSH = ("-F", "--flush")
BEFORE = (
    "do",
    "then",
    "else",
    "if",
    "{",
    "!",
    "exec",
    "command",
    "env",
    "sudo",
    "nice",
    "ionice",
    "nohup",
    "time",
    "timeout",
)
"""What may stand before a command that runs on the machine itself."""

WAITING = ("-w", "--wait")
BUILT_IN = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")


class Chain(object):
    """One chain. ``rules``: ``(words, text)``; a base chain has a hook, a priority and a policy."""

    def __init__(self, family, table, name):
        self.family, self.table, self.name = family, table, name
        self.rules, self.hook, self.priority, self.policy = [], None, 0, "accept"

    def __str__(self):
        return "{0} {1} {2}".format(self.family, self.table, self.name)


class Ruleset(object):
    """Chains by (family, table, name), and the elements of named sets by (family, table, name).

    ``certain``: nothing may have changed them that is not known to have run.
    """

    def __init__(self):
        self.chains, self.sets, self.certain = {}, {}, True

    def base_chains(self, hook):
        found = [chain for chain in self.chains.values() if chain.hook == hook and chain.family in FAMILIES]
        return sorted(found, key=lambda chain: chain.priority)


def from_nft(text, ruleset=None):
    """The output of ``nft list ruleset``, or a file of nft: tables in braces, and commands that add to them.

    A file must come without its comments: where nft lists a rule that iptables made, ``#`` begins a match that it
    cannot translate, and in a rule the sign is a word like others that are not known.
    """
    ruleset = ruleset or Ruleset()
    table, chain, set_name = None, None, None
    for line in statements(text):
        words = line.split()
        command = words.pop(0) if words[0] in ADDS + INSERTS else None
        if words[:1] == ["rule"] and command:
            _added(ruleset, command, _whole(words[1:]))
            continue
        if words[:1] == ["element"] and command:
            names = _whole(words[1:])
            ruleset.sets.setdefault(tuple(names[:3]), []).extend(_elements(" ".join(names[3:])))
            continue
        opens, kind = line.endswith("{"), words[0] if words else None
        if kind == "table":
            table = tuple(_whole(words[1:])[:2]) if opens else None
        elif kind in BLOCKS and opens:
            names = words[1:-1]
            key = tuple(_whole(names)[:3]) if command or table is None else table + tuple(names[:1])
            if kind == "chain":
                chain, set_name = ruleset.chains.setdefault(key, Chain(*key)) if key[2:] else None, None
            else:
                chain, set_name = None, key
        elif line == "}":
            chain, set_name = None, None
        elif set_name:
            if kind == "elements":
                ruleset.sets.setdefault(set_name, []).extend(_elements(line.partition("=")[2]))
        elif chain is not None:
            base, policy = HOOK.match(line), POLICY.match(line)
            if policy:
                chain.policy = policy.group(1)
            elif base:
                chain.hook, chain.priority = base.group(2), _priority(base.group(3))
            else:
                _append(chain, line)
    return ruleset


def statements(text):
    """The statements of nft, one a line as it lists them: a block's opening, what stands in it, and its end."""
    current, nested = [], 0
    for piece in PIECE.findall(text.replace("\\\n", " ")):
        if nested or piece == "{" and not _opens_block(current):
            nested += {"{": 1, "}": -1}.get(piece, 0)
            current.append(" {0} ".format(piece) if piece in "{}" else piece)
            continue
        if piece not in "{};\n":
            current.append(piece)
            continue
        statement = " ".join("".join(current + [piece] if piece == "{" else current).split())
        current = []
        if statement:
            yield statement
        if piece == "}":
            yield piece
    statement = " ".join("".join(current).split())
    if statement:
        yield statement


def _opens_block(pieces):
    return next((word for word in "".join(pieces).split() if word not in ADDS), None) in BLOCKS


def _whole(words):
    """``family, table, ...`` of a command: nft takes the family ip where none is named."""
    return words if words[:1] and words[0] in NFT_FAMILIES else ["ip"] + words


def _added(ruleset, command, words):
    """Puts a rule into its chain, as a command says."""
    chain = ruleset.chains.get(tuple(words[:3]))
    rest = words[5:] if words[3:4] and words[3] in ("position", "handle", "index") else words[3:]
    if chain is not None and rest:
        _append(chain, " ".join(rest), 0 if command in INSERTS else len(chain.rules))


def _append(chain, line, place=None):
    # Counters differ from host to host and second to second; the rule is the same.
    line = COUNTED.sub("", line)
    chain.rules.insert(len(chain.rules) if place is None else place, (_words(line), line))


def _elements(text):
    return [word.rstrip(",") for word in WORD.findall(text) if word not in "{},"]


def _words(line):
    """The words of a rule; what stands in braces, or is joined by commas, becomes one list."""
    words, group, depth = [], [], 0
    for word in WORD.findall(line):
        if word in ("{", "}"):
            depth = max(0, depth + (1 if word == "{" else -1))
            if word == "}" and not depth:
                words.append(group)
                group = []
        elif depth:
            group += [word.rstrip(",").strip('"')] if word != "," else []
        elif "," in word and not word.startswith('"'):
            words.append(word.split(","))
        else:
            words.append(word.strip('"'))
    return words


def _priority(text):
    name = text.split()[0]
    number = re.search(r"[+-]?[0-9]{1,9}\Z", text.replace(" ", ""))
    return PRIORITIES.get(name, 0) + (int(number.group()) if number else 0)


def from_iptables(text, ruleset=None):
    """The output of ``iptables-save``."""
    ruleset = ruleset or Ruleset()
    table = None
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":") and table and line[1:].split()[1:]:
            name, policy = line[1:].split()[:2]
            chain = ruleset.chains.setdefault((IPTABLES, table, name), Chain(IPTABLES, table, name))
            if policy != "-":
                chain.hook, chain.priority, chain.policy = name.lower(), PRIORITIES.get(table, 0), policy.lower()
        elif line.startswith("-A ") and table and line[3:].strip():
            words = re.findall(r"\"[^\"]*\"|\S+", line)
            chain = ruleset.chains.setdefault((IPTABLES, table, words[1]), Chain(IPTABLES, table, words[1]))
            chain.rules.append((_translate(words[2:]), line))
    return ruleset


def from_command(words, ruleset, certain=True):
    """Does to the rules what a command of iptables does; whether it is one that concerns a rule or a policy.

    One that is not ``certain`` to run, or that has variables, leaves doubts.
    """
    at = next((place for place, word in enumerate(words) if word.rpartition("/")[2] in COMMANDS), None)
    if at is None or not all(map(_may_precede, words[:at])):
        return False
    pairs = zip(words[at:], words[at + 1 :])
    rest = [word for before, word in pairs if word not in WAITING and not (before in WAITING and word.isdecimal())]
    table = _taken(rest, ("-t", "--table")) or "filter"
    kinds = (APPEND, INSERT, DELETE, POLICIES, FLUSH)
    options = next((options for options in kinds if any(one in rest for one in options)), ())
    name = _taken(rest, options)
    adds = options in (APPEND, INSERT)
    fixed = not any("$" in word for word in [table, name or ""] + ([] if adds else rest))
    if options is FLUSH:
        chains = [chain for chain in ruleset.chains.values() if (chain.family, chain.table) == (IPTABLES, table)]
        chains = [chain for chain in chains if chain.rules and (name in (None, chain.name) or not fixed)]
    else:
        chains = [_chain(ruleset, table, name)] if name else []
    for chain in chains:
        _apply(options, chain, rest, " ".join(map(_quoted, words[at:])), certain and fixed)
    if chains:
        ruleset.certain = ruleset.certain and fixed and (certain or adds)
    return bool(chains)


def _may_precede(word):
    option = word.startswith("-") and "/" not in word
    return option or word.isdecimal() or "=" in word or word.rpartition("/")[2] in BEFORE


def _taken(words, options):
    """The value of one of the options, which is taken out of the words; None without it."""
    at = next((place for place, word in enumerate(words[:-1]) if word in options), None)
    if at is None:
        return None
    value = words[at + 1]
    del words[at : at + 2]
    return value


def _chain(ruleset, table, name):
    key = (IPTABLES, table, name)
    if key not in ruleset.chains:
        chain = ruleset.chains[key] = Chain(*key)
        if name in BUILT_IN:
            chain.hook, chain.priority = name.lower(), PRIORITIES.get(table, 0)
    return ruleset.chains[key]


def _apply(options, chain, rest, text, certain):
    """A command that is not certain to run takes nothing away, and allows nothing for certain."""
    if options is POLICIES:
        policy = rest[0].lower() if rest else None
        if policy == "drop" or policy == "accept" and certain:
            chain.policy = policy
    elif options is FLUSH:
        chain.rules = [] if certain else chain.rules
    elif options is DELETE:
        wanted = _translate(rest)
        first = next((rule for rule in chain.rules if rule[0] == wanted), None)
        if first and certain:
            chain.rules.remove(first)
    else:
        place = len(chain.rules)
        if options is INSERT:
            place = int(rest.pop(0)[:9]) - 1 if rest and rest[0].isdecimal() else 0
        chain.rules.insert(place, (([] if certain else ["unknown"]) + _translate(rest), text))


def _quoted(word):
    return '"{0}"'.format(word) if " " in word else word


def _translate(words):
    """A rule of iptables in the words of nft; options that are not known become the word ``unknown``."""
    found, negated, at = [], False, 0
    while at < len(words):
        word, value = words[at], words[at + 1] if at + 1 < len(words) else ""
        at += 2
        if word == "!":
            negated, at = True, at - 1
            continue
        if word == "--tcp-flags" and at < len(words):
            found += ["tcp_flags", "!=" if negated else "==", value.split(","), words[at].split(",")]
            at += 1
        elif word in OPTIONS:
            values = value.lower().split(",") if word in ("--ctstate", "--state") else value.split(",")
            found += OPTIONS[word] + (["!="] if negated else []) + [values]
        elif word in ("-j", "-g"):
            found += TARGETS.get(value, ["jump" if word == "-j" else "goto", value])
        elif word == "--comment" or word == "-m":
            pass
        elif word.startswith("--reject-with"):
            pass
        elif word.startswith("-"):
            found.append("unknown")
            # Options without a value, or with several: step to the next option.
            at -= 1
            while at < len(words) and not words[at].startswith("-") and words[at] != "!":
                at += 1
        else:
            at -= 1
        negated = False
    return found


def shown(rule):
    """The text of a rule as it may leave the guest."""
    return REMARK.sub(lambda found: '{0}"***"'.format(found.group(1) or found.group(2)), rule)
