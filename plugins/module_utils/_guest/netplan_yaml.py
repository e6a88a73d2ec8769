# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The few settings of netplan that matter here, from its YAML: no YAML reader can be taken for granted."""

DIRECTORIES = ("/run/netplan", "/etc/netplan", "/usr/lib/netplan", "/lib/netplan")
TRUE = ("true", "yes", "on", "y")


def scalars(text):
    """``(path, value, line)`` of every scalar of block YAML; lists repeat their path, flow collections are opened."""
    stack, found = [], []
    for number, raw in enumerate(text.splitlines(), 1):
        line = _without_comment(raw)
        content = line.strip()
        if not content or content in ("---", "..."):
            continue
        indent = len(line) - len(line.lstrip())
        # A list may stand at the indentation of its own key.
        deeper = indent + 1 if content.startswith("- ") else indent
        stack = [(depth, key) for depth, key in stack if depth < deeper]
        path = tuple(key for _depth, key in stack)
        if content.startswith("- "):
            found.extend((path, value, number) for value in _flow(content[2:].strip()))
            continue
        key, mark, value = content.partition(":")
        if mark and (not value or value[0].isspace()):
            key = _plain(key)
            stack.append((indent, key))
            found.extend(_values(path + (key,), value.strip(), number))
    return found


def _values(path, value, number):
    if value.startswith("{"):
        for item in value.strip("{}").split(","):
            key, mark, inner = item.partition(":")
            if mark:
                yield path + (_plain(key),), _plain(inner), number
    elif value:
        for item in _flow(value):
            yield path, item, number


def _flow(value):
    if value.startswith("["):
        return [_plain(item) for item in value.strip("[]").split(",") if item.strip()]
    return [_plain(value.rstrip(":"))]


def _plain(text):
    return text.strip().strip("\"'")


def _without_comment(line):
    for at, char in enumerate(line):
        if char == "#" and (at == 0 or line[at - 1].isspace()):
            return line[:at]
    return line


def definitions(files):
    """Interfaces of ``[(path, text)]`` in the order in which they override each other.

    ``{id, dhcp4, addresses, mac, name, places}``; ``places``: setting -> ``file:line``.
    """
    found = {}
    for path, text in files:
        for keys, value, line in scalars(text):
            if len(keys) < 4 or keys[:2] != ("network", "ethernets"):
                continue
            item = found.setdefault(
                keys[2], {"id": keys[2], "dhcp4": None, "addresses": [], "mac": None, "name": None, "places": {}}
            )
            place = "{0}:{1}".format(path, line)
            if keys[3:] == ("dhcp4",):
                item["dhcp4"], item["places"]["dhcp4"] = value.lower() in TRUE, place
            elif keys[3] == "addresses" and ":" not in value:
                item["addresses"].append(value)
                item["places"].setdefault("addresses", place)
            elif keys[3:] == ("match", "macaddress"):
                item["mac"], item["places"]["mac"] = value.lower(), place
            elif keys[3:] in (("match", "name"), ("set-name",)):
                item["name"] = value
    return list(found.values())
