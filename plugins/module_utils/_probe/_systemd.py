# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The agent's unit under systemd: what its files say, and on a running system what the manager says."""

import os

from .._guest import systemd_words, trees, unit_files
from .._guest.host import NEEDS_LIVE, Missing
from . import _conditions, _confinement, _manager

LIVE_ONLY = ("active", "sub", "result", "main_pid", "exit_code", "exit_status", "restarts", "condition_result")

REQUIREMENTS = ("Requires", "Requisite", "BindsTo")
MADE = (
    "/usr/local/lib/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system.attached",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/run/systemd/generator",
    "/run/systemd/generator.late",
)
"""Further directories of units, most of them for units that something makes."""


def describe(host, facts):
    """The agent's unit for the guest state, or None when there is no unit of any of its names."""
    unit = unit_files.agent_unit(host)
    live, refused = {}, None
    if host.live:
        try:
            live = _manager.shown(host)
        except Missing as missing:
            refused = missing
    name = _name(unit, live, host)
    if name is None:
        return None
    manager = live.get(name, {})
    path = manager.get("FragmentPath")
    known = unit is not None and os.path.realpath(unit.path) == os.path.realpath(path or "")
    if path and not known and not masked_by(host, name):
        # A unit outside the usual directories, or one that a generator wrote.
        unit = unit_files.unit(host, name, path)
    # An alias is the unit it stands for: the manager says which.
    name = manager.get("Id") or name
    stated = _from_files(host, name, unit)
    if manager:
        stated.update(_manager.stated(manager))
    else:
        for fact in LIVE_ONLY:
            facts.lack("unit." + fact, refused or NEEDS_LIVE)
    if stated["enabled"] == "disabled" and unit_files.pulled_in(host, name):
        # As of a unit without [Install]: systemctl knows only the links that it makes.
        stated["enabled"] = "static"
    if not host.live and stated["enabled"] == "disabled" and not _holds_links(host):
        del stated["enabled"]
        facts.lack("unit.enabled", "the tree does not contain the links of enabled units")
    stated["conditions"] = _conditions.evaluated(host, unit) if unit else []
    stated["confinement"] = _confinement.settings(unit) + _confinement.search_path(host) if unit else []
    stated["requires"] = _required(host, unit) if unit else []
    stated["before"] = _before(unit) if unit else []
    return stated


def others(host, name):
    """Names of further units of the agent that are no alias of ``name``."""
    files = [unit for unit in unit_files.AGENT_UNITS if unit != name and _file(host, unit)]
    try:
        live = _manager.shown(host) if host.live else {}
    except Missing:
        live = {}
    return [unit for unit in files if not live or live[unit].get("Id") == unit and live[unit]["LoadState"] == "loaded"]


def _name(unit, live, host):
    for name in unit_files.AGENT_UNITS:
        if live.get(name, {}).get("LoadState") in ("loaded", "error", "bad-setting"):
            return name
    if unit:
        return unit.name
    return next((name for name in unit_files.AGENT_UNITS if masked_by(host, name)), None)


def _file(host, name):
    """Where a unit of its own is defined; a link to a unit of another name is an alias and no unit."""
    for directory in unit_files.DIRECTORIES:
        path = "{0}/{1}".format(directory, name)
        target = host.link(path)
        if target is None and host.exists(path):
            return path
        if target and target.endswith("/" + name):
            return path
    return None


def masked_by(host, name):
    """The link to /dev/null, or empty file, that masks a unit; None when nothing does."""
    for directory in unit_files.DIRECTORIES:
        path = "{0}/{1}".format(directory, name)
        if host.link(path) == "/dev/null":
            return path
        info = host.stat(path)
        if info is not None:
            return None if info.st_size else path
    return None


def _from_files(host, name, unit):
    masked = masked_by(host, name)
    read = [] if unit is None else [unit.path] + list(unit.drop_ins)
    return {
        "name": name,
        "kind": "systemd",
        "load": "masked" if masked else ("loaded" if unit else "not-found"),
        "masked_by": masked,
        "enabled": "masked" if masked else enablement(host, name, unit),
        "fragment": unit.path if unit else None,
        "drop_ins": list(unit.drop_ins) if unit else [],
        "exec": _exec(unit),
        "restart": _last(unit, "Restart") or "no",
        "restart_s": _manager.span(_last(unit, "RestartSec") or "100ms"),
        "start_limit_burst": _manager.number(_last(unit, "StartLimitBurst", ("Unit", "Service"))),
        "start_limit_s": _manager.span(
            _last(unit, "StartLimitIntervalSec", ("Unit",)) or _last(unit, "StartLimitInterval", ("Unit", "Service"))
        ),
        "read_from": ["{0} ({1})".format(name, path) for path in read[:1]] + read[1:] or name,
    }


def _required(host, unit):
    """The services without which systemd does not start the agent; ``exists``: null where a tree does not say."""
    found = []
    for setting in [setting for name in REQUIREMENTS for setting in unit.values(name, "Unit")]:
        for name in setting.value.split():
            if name.endswith((".service", ".socket", ".target")) and "%" not in name:
                place = "{0}:{1}: {2}".format(setting.path, setting.line, setting.key)
                stated = {"name": name, "exists": _exists(host, name), "masked": bool(masked_by(host, name))}
                found.append(dict(stated, read_from=place))
    return found


def _exists(host, name):
    stem, at, _instance = name.partition("@")
    files = [name] + ([stem + "@" + name[name.rindex(".") :]] if at else [])
    places = ["{0}/{1}".format(folder, file) for folder in unit_files.DIRECTORIES + MADE for file in files]
    # A link to a unit that is elsewhere counts as well as a start script, of which a generator makes a unit.
    if any(host.link(place) is not None or host.exists(place) for place in places):
        return True
    if host.exists("/etc/init.d/" + name.rpartition(".")[0]):
        return True
    return False if host.live or trees.holds_system(host) else None


def enablement(host, name, unit):
    """``enabled``, ``disabled`` or ``static`` by the links that systemctl makes; None when there is no unit."""
    if unit is None:
        return None
    aliases = [word for setting in unit.values("Alias", "Install") for word in setting.value.split()]
    directory = "/etc/systemd/system"
    if unit_files.wanted(host, name):
        return "enabled"
    if any((host.link("{0}/{1}".format(directory, alias)) or "").endswith("/" + name) for alias in aliases):
        return "enabled"
    installs = unit.values("WantedBy", "Install") + unit.values("RequiredBy", "Install")
    return "disabled" if installs or aliases else "static"


def _holds_links(host):
    """Whether a missing link means anything: a tree may hold a part of a system only."""
    if any(entry.endswith(".wants") for entry in host.names("/etc/systemd/system")):
        return True
    return trees.holds_system(host)


def _exec(unit):
    settings = unit.values("ExecStart") if unit else []
    # Prefixes such as a hyphen or an at sign change how systemd judges the result, not what it runs.
    return systemd_words.words(settings[-1].value.lstrip("-@:+!")) if settings else []


def _before(unit):
    """The commands before the agent that keep it from starting: not those whose failure a hyphen forgives."""
    settings = [setting for name in ("ExecCondition", "ExecStartPre") for setting in unit.values(name)]
    return [
        {"name": setting.key, "value": setting.value, "read_from": "{0}:{1}".format(setting.path, setting.line)}
        for setting in settings
        if not setting.value.lstrip("@:+!").startswith("-")
    ]


def _last(unit, key, sections=("Service",)):
    found = [setting for section in sections for setting in (unit.values(key, section) if unit else ())]
    return found[-1].value if found else None
