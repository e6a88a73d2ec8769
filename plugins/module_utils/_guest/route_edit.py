# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Reads and edits routes: in a key file of NetworkManager, in a drop-in of systemd-networkd that has nothing else, and
in a file ``route-*`` of Red Hat, which has a route a line.

A route is ``(destination, gateway, metric)``, three texts. Every line but those of the given routes stays as it is.
"""

import re

from .errors import Refused
from .ini_sections import joined, sections_of

_ROUTE = re.compile(r"routes?([0-9]+)\Z")
_KEYS = ("Destination", "Gateway", "Metric")
_ONLINK = ("GatewayOnLink", "yes")
"""networkd adds the routes before the address comes by DHCP."""
_LINE = re.compile(r"\s*(\S+)\s+via\s+(\S+)\s+(?:dev\s+\S+\s+)?metric\s+([0-9]+)\s*\Z")
_NUMBERED = re.compile(r"(?m)^[ \t]*ADDRESS[0-9]+=")
_HEAD = "# By vmbackup.azure.persistent_routes\n"


def in_keyfile(text):
    """The IPv4 routes of a key file."""
    return {route for _section, _at, route in _places(sections_of(text))}


def keyfile(text, routes, there):
    """The text of a key file with the routes, or without them. Raises Refused."""
    sections = sections_of(text)
    found = [section for section in sections if section.name == "ipv4"]
    if not found:
        raise Refused("it has no section [ipv4]")
    method = ([section.last("method") for section in found if section.places("method")] or ["auto"])[-1]
    if method not in ("auto", "manual"):
        raise Refused("its method is '{0}'".format(method[:32]))
    places = _places(sections)
    if there:
        has = {route for _section, _at, route in places}
        section, at = places[-1][:2] if places else (found[-1], _last_line(found[-1]))
        numbers = [int(_ROUTE.match(its.key(line)).group(1)) for its, line, _route in places]
        missing = enumerate([route for route in routes if route not in has], 1 + max(numbers or [0]))
        section.lines[at + 1 : at + 1] = ["route{0}={1}".format(number, ",".join(route)) for number, route in missing]
    else:
        for section, at, route in reversed(places):
            if route in routes:
                del section.lines[at]
    return joined(sections, text)


def _places(sections):
    """``(section, line in it, route)`` for each IPv4 route."""
    found = [(section, at) for section in sections if section.name == "ipv4" for at in range(len(section.lines))]
    found = [(section, at) for section, at in found if _ROUTE.match(section.key(at) or "")]
    return [(section, at, tuple(re.split("[,;]", section.value(at).rstrip(",;")))) for section, at in found]


def _last_line(section):
    """Where the last line of a section is that is not empty."""
    return max(at for at in range(len(section.lines)) if section.lines[at].strip())


def in_drop_in(text):
    """The routes of a drop-in. Raises Refused when it has something else."""
    return {_route(section) for section in _routes_of(text)[1]}


def drop_in(text, routes, there):
    """The text of a drop-in with the routes, or without them: empty without any. Raises Refused."""
    head, found = _routes_of(text)
    if there:
        has = {_route(section) for section in found}
        missing = "".join(_rendered(route) for route in routes if route not in has)
        return (text or _HEAD) + missing if missing else text
    kept = [section for section in found if _route(section) not in routes]
    return joined([head] + kept, text) if kept else ""


def _routes_of(text):
    head, *found = sections_of(text)
    if any(line.strip() and not line.lstrip().startswith(("#", ";")) for line in head.lines):
        raise Refused("it has a line before its first section")
    return head, found


def _route(section):
    lines = range(1, len(section.lines))
    keys = [section.key(at) or section.lines[at] for at in lines if section.lines[at].strip()]
    if (
        section.name != "Route"
        or sorted(keys) != sorted((*_KEYS, _ONLINK[0]))
        or section.last(_ONLINK[0]) != _ONLINK[1]
    ):
        raise Refused("it has more than the routes that this module adds")
    return tuple(section.last(key) for key in _KEYS)


def _rendered(route):
    return "\n[Route]\n{0}\n".format("\n".join("{0}={1}".format(*pair) for pair in [*zip(_KEYS, route), _ONLINK]))


def in_lines(text):
    """The routes of a file that has one a line, as ``ip route add`` takes it. Raises Refused for another form."""
    if _NUMBERED.search(text):
        raise Refused("its routes are variables with numbers (ADDRESS0=)")
    return {match.groups() for match in map(_LINE.match, text.split("\n")) if match}


def lines(text, routes, there, interface):
    """The text of such a file with the routes of an interface, or without them. Raises Refused."""
    has = in_lines(text)
    if not there:
        found = [(line, _LINE.match(line)) for line in text.splitlines(True)]
        return "".join(line for line, match in found if not (match and match.groups() in routes))
    missing = ["{0} via {1} dev {3} metric {2}\n".format(*route, interface) for route in routes if route not in has]
    return text + ("\n" if missing and text and not text.endswith("\n") else "") + "".join(missing)
