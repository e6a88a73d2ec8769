# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The packet filter's rules that a tree keeps for the next boot, where an enabled service or a script loads them."""

import fnmatch
import re

from .._guest import unit_files
from .._guest.host import MAX_FILE, NEEDS_LIVE, Missing
from . import _boot_commands, _firewall_rules, _firewalld

IPTABLES = ("/etc/iptables/rules.v4", "/etc/sysconfig/iptables", "/etc/iptables/iptables.rules")
NFTABLES = ("/etc/nftables.conf", "/etc/sysconfig/nftables.conf")
UFW, UFW_DEFAULTS = "/etc/ufw/ufw.conf", "/etc/default/ufw"
UFW_RULES = ("/etc/ufw/before.rules", "/etc/ufw/user.rules", "/etc/ufw/after.rules")
UFW_CHAINS = ("ufw-before-output", "ufw-user-output", "ufw-after-output")
"""ufw makes the chain OUTPUT itself, which goes through these."""

RESTORE = ("iptables-restore", "iptables-nft-restore", "iptables-legacy-restore")
COMMENT = re.compile(r"(\"[^\"]*\")|#[^\n]*")
INCLUDE = re.compile(r"include\s+\"(/[^\"\0]+)\"")
DEFINE = re.compile(r"define\s+(\w+)\s*=(.*)")
VARIABLE = re.compile(r"\$(\w+)")
NFT_LIMIT, VALUE_LIMIT = 1 << 18, 1 << 8
"""Characters of nft's files, and of a variable's value; a longer one stays a variable."""


def read(host):
    """``(Ruleset, files)``. Raises Missing for a tree that keeps none."""
    ruleset, files = _firewall_rules.Ruleset(), []
    for path in IPTABLES:
        _add(_firewall_rules.from_iptables, host.text(path), path, ruleset, files)
    for path in NFTABLES if unit_files.wanted(host, "nftables.service") else ():
        _add(_firewall_rules.from_nft, _nft(host, path), path, ruleset, files)
    _add(_firewall_rules.from_iptables, _ufw(host), UFW, ruleset, files)
    if unit_files.wanted(host, "firewalld.service"):
        _add(_firewall_rules.from_iptables, _firewalld.direct(host), _firewalld.DIRECT, ruleset, files)
        passed_on = [_firewall_rules.from_command(words, ruleset) for words in _firewalld.passed_on(host)]
        if any(passed_on):
            files.append(_firewalld.DIRECT)
        _add(_firewall_rules.from_nft, _firewalld.rules(host), _firewalld.POLICIES[0], ruleset, files)
    for place, words, certain in _boot_commands.read(host):
        if _firewall_rules.from_command(words, ruleset, certain):
            files.append(place)
            continue
        program, path, loaded = words[0].rpartition("/")[2], words[-1], len(files)
        if program in RESTORE and path.startswith("/"):
            _add(_firewall_rules.from_iptables, _boot_commands.regular(host, path, MAX_FILE), path, ruleset, files)
        elif program == "nft" and words[-2:-1] == ["-f"]:
            _add(_firewall_rules.from_nft, _nft(host, path), path, ruleset, files)
        elif program == "nft":
            _add(_firewall_rules.from_nft, " ".join(words[1:]), place, ruleset, files)
        ruleset.certain = ruleset.certain and (certain or len(files) == loaded)
    if not files:
        raise Missing(NEEDS_LIVE)
    return ruleset, files


def _add(parse, text, path, ruleset, files):
    if text:
        parse(text, ruleset)
        files.append(path)


def _nft(host, path):
    """A file of nft with what it includes, its variables replaced, no comments; None without the file."""
    text = _uncommented(host, path)
    if text is None:
        return None
    for pattern in INCLUDE.findall(text):
        directory, _slash, name = pattern.rpartition("/")
        for entry in fnmatch.filter(host.names(directory), name):
            if len(text) < NFT_LIMIT:
                text += "\n" + (_uncommented(host, "{0}/{1}".format(directory, entry)) or "")
    values = {}
    for match in filter(None, map(DEFINE.match, _firewall_rules.statements(text))):
        value = _replaced(match.group(2).strip(), values)
        if len(value) <= VALUE_LIMIT:
            values[match.group(1)] = value
    return _replaced(text, values)


def _uncommented(host, path):
    text = _boot_commands.regular(host, path, NFT_LIMIT)
    return None if text is None else COMMENT.sub(lambda match: match.group(1) or "", text)


def _replaced(text, values):
    return VARIABLE.sub(lambda match: values.get(match.group(1), match.group(0)), text)


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
