# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Turns one interface's static IPv4 address into DHCP, in the file formats of the distributions.

Every function takes a file's text and returns the new text, the same one when there is nothing to do,
or None when the file does not speak of the interface. Lines about anything else stay as they are.
"""

import ipaddress
import re

from .errors import Refused


def ifupdown(text, interface):
    """Debian's /etc/network/interfaces and the files that it includes."""
    lines, found, inside = [], False, False
    head = re.compile(r"(\s*iface\s+{}\s+inet\s+)(\w+)(.*)".format(re.escape(interface)))
    for line in text.split("\n"):
        match = head.match(line)
        if match:
            found, inside = True, match.group(2) == "static"
            line = match.group(1) + "dhcp" + match.group(3) if inside else line
        elif re.match(r"\s*(iface|auto|allow-|mapping|source|rename|template)\b|\s*allow-", line):
            inside = False
        elif inside and re.match(r"\s+(address|netmask|gateway|broadcast|network|pointopoint)\s", line):
            continue
        lines.append(line)
    return "\n".join(lines) if found else None


def ifcfg(text, _interface):
    """Red Hat's ifcfg files."""
    return _shell_variables(text, "dhcp", r"(IPADDR|NETMASK|PREFIX|NETWORK|BROADCAST|GATEWAY)[0-9]*")


def wicked(text, _interface):
    """SUSE's ifcfg files; their quotes are single ones."""
    return _shell_variables(text, "'dhcp'", r"(IPADDR|NETMASK|PREFIXLEN|NETWORK|BROADCAST|REMOTE_IPADDR)(_\w+)?")


def ifroute(text, _interface):
    """SUSE's routes beside an ifcfg file: the default route comes by DHCP."""
    lines = [line for line in text.split("\n") if line.split()[:1] not in (["default"], ["0.0.0.0/0"])]
    return "\n".join(lines)


def networkd(text, interface):
    """systemd-networkd's .network files; the caller knows that the file is the interface's."""
    sections = _ini_sections(text)
    if not any(name == "Network" for name, _lines in sections):
        return None
    kept = []
    for name, lines in sections:
        if name == "Address" and _has_ipv4(lines, "Address"):
            continue
        if name == "Route" and _is_default_route(lines):
            continue
        kept.append(_networkd_section(lines) if name == "Network" else lines)
    _dhcp_once(kept)
    return "\n".join(line for lines in kept for line in lines)


def keyfile(text, _interface):
    """NetworkManager's key files."""
    sections = _ini_sections(text)
    out, found = [], False
    for name, lines in sections:
        if name == "ipv4":
            found = True
            lines = [
                re.sub(r"^(method\s*=\s*)manual\s*$", r"\1auto", line)
                for line in lines
                if not re.match(r"(address(es)?[0-9]*|gateway)\s*=", line)
            ]
        out.extend(lines)
    return "\n".join(out) if found else None


def netplan(text, interface):
    """netplan's YAML, block style only: anything else raises Refused rather than being guessed at."""
    lines = text.split("\n")
    head = re.compile(r"\s+{}:\s*(#.*)?$".format(re.escape(interface)))
    start = next((number for number, line in enumerate(lines) if head.match(line)), None)
    if start is None:
        if re.search(r"\b{}\b".format(re.escape(interface)), text):
            raise Refused("it mentions {} in a style that only a person should edit".format(interface))
        return None
    end = _block_end(lines, start)
    body = [line for line in lines[start + 1 : end] if line.strip()]
    if not body or any("\t" in line for line in body):
        raise Refused("the block of {} is not plain block style".format(interface))
    indent = _indent(next(line for line in body if not line.lstrip().startswith("#")))
    kept = _netplan_block(lines[start + 1 : end], indent)
    if kept is None:
        raise Refused("the block of {} has routes besides the default one".format(interface))
    block = [" " * indent + "dhcp4: true"] + kept
    if any(re.match(r"\s*dhcp4:\s*(true|yes|on)\b", line) for line in body):
        return text
    return "\n".join(lines[: start + 1] + block + lines[end:])


def _netplan_block(lines, indent):
    kept, number = [], 0
    while number < len(lines):
        line = lines[number]
        key = re.match(r"\s{%d}([\w-]+):" % indent, line)
        end = number + 1
        if key:
            end = _block_end(lines, number, lists=True)
        if key and key.group(1) == "routes":
            if len(re.findall(r"\bto:", "\n".join(lines[number:end]))) > 1:
                return None
        block = lines[number:end]
        if key and key.group(1) == "addresses":
            block = _ipv6_only(block)
        if not key or key.group(1) not in ("dhcp4", "gateway4", "routes"):
            kept.extend(block)
        number = end
    return kept


def _ipv6_only(block):
    """Return the list of addresses without IPv4 ones, nothing when none is left."""
    if len(block) == 1:
        return [] if "." in block[0] else block
    items = [line for line in block[1:] if not re.match(r"\s*-\s*[\"']?[0-9]+\.", line)]
    return [block[0]] + items if any(item.lstrip().startswith("-") for item in items) else []


def _block_end(lines, start, lists=False):
    """Return the line after the block that begins at `start`; list items may stand at its own indent."""
    depth = _indent(lines[start])
    end = start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if _indent(line) < depth or _indent(line) == depth and not (lists and line.lstrip().startswith("- ")):
            break
        end = number + 1
    return end


def _indent(line):
    return len(line) - len(line.lstrip(" "))


def _shell_variables(text, dhcp, gone):
    lines, seen = [], False
    for line in text.split("\n"):
        match = re.match(r"\s*([A-Za-z_0-9]+)=(.*)$", line)
        if match and match.group(1) == "BOOTPROTO":
            seen = True
            if match.group(2).strip().strip("'\"").lower() not in ("dhcp", "dhcp4"):
                line = "BOOTPROTO=" + dhcp
        elif match and re.match(gone + r"\Z", match.group(1)):
            continue
        lines.append(line)
    if not seen:
        lines.insert(len(lines) - 1 if lines[-1] == "" else len(lines), "BOOTPROTO=" + dhcp)
    return "\n".join(lines)


def _ini_sections(text):
    sections = [("", [])]
    for line in text.split("\n"):
        match = re.match(r"\s*\[([^]]+)\]\s*$", line)
        if match:
            sections.append((match.group(1), []))
        sections[-1][1].append(line)
    return sections


def _networkd_section(lines):
    return [line for line in lines if not (_has_ipv4([line], "Address") or _has_ipv4([line], "Gateway"))]


def _dhcp_once(sections):
    """Let the first [Network] section ask for IPv4 by DHCP, keeping a wish for IPv6."""
    wanted, place = "ipv4", None
    for lines in sections:
        for line in list(lines):
            match = re.match(r"\s*DHCP\s*=\s*(\S+)", line)
            if match:
                if match.group(1).lower() in ("yes", "true", "ipv4", "both"):
                    return
                wanted = "yes" if match.group(1).lower() in ("ipv6",) else wanted
                place = (lines, lines.index(line))
    if place:
        place[0][place[1]] = "DHCP=" + wanted
        return
    section = next(lines for lines in sections if lines and lines[0].strip() == "[Network]")
    section.insert(1, "DHCP=" + wanted)


def _has_ipv4(lines, key):
    for line in lines:
        match = re.match(r"\s*{}\s*=\s*([^\s/]+)".format(key), line)
        if match:
            try:
                return ipaddress.ip_address(match.group(1)).version == 4
            except ValueError:
                return False
    return False


def _is_default_route(lines):
    body = "\n".join(lines)
    destination = re.search(r"(?m)^\s*Destination\s*=\s*(\S+)", body)
    return _has_ipv4(lines, "Gateway") and (not destination or destination.group(1) in ("0.0.0.0/0", "0.0.0.0"))
