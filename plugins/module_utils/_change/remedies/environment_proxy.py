# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module environment_proxy does: proxy variables for logins and for the agent's service."""

import os
import re
from urllib.parse import urlsplit

from ..._guest import processes, systemd_words
from ..._guest.azure import FABRIC
from ..._guest.environment_file import PATH
from ..._guest.environment_file_edit import EnvironmentFile
from ..._guest.errors import Refused
from ..._guest.host import Host, Missing
from .. import managers
from ..agent import find_unit
from ..errors import cannot
from ..steps import FileStep
from ..systemd import ReloadStep, dropin_path
from ..transaction import Plan, execute

VARIABLES = ("http_proxy", "https_proxy", "no_proxy")
ALL = VARIABLES + tuple(name.upper() for name in VARIABLES)
# Sorts behind the names that people give such files: the last drop-in wins.
DROPIN = "vmbackup-proxy.conf"
UNSET = ("# Written by vmbackup.azure\n[Service]\nUnsetEnvironment=" + " ".join(ALL) + "\n").encode()

OPTIONS = {
    "http_proxy": {"type": "str"},
    "https_proxy": {"type": "str"},
    "no_proxy": {"type": "list", "elements": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "targets": {
        "type": "list",
        "elements": "str",
        "choices": ["logins", "service"],
        "default": ["logins", "service"],
    },
    "service": {"type": "str"},
    "path": {"type": "path", "default": PATH},
    "root": {"type": "path"},
}

_BYPASS = re.compile(r"[A-Za-z0-9*._:/\[\]-]+\Z")


def work(params, context):
    """Return the module's result."""
    urls = _urls(params)
    unit = None
    warnings = []
    if "service" in params["targets"]:
        if managers.has_systemd():
            unit = find_unit(managers.systemd(), params["service"])
        else:
            warnings.append("No systemd on this host: nothing gives the agent's start script an environment")
    result = execute(lambda: _plan(params, urls, unit, warnings), context)
    if unit:
        result["restart_required"] = result["changed"] and bool(processes.daemons(Host())) or _stale(unit)
    return result


def _plan(params, urls, unit, warnings):
    steps: list = []
    before, after = {}, {}
    facts = {"warnings": list(warnings), "service": unit or "", "restart_required": False}
    if "logins" in params["targets"]:
        step = FileStep(params["path"], None)
        conf = EnvironmentFile(step.before.data if step.before else None)
        before["logins"] = {name: conf.get(name) for name in ALL}
        wanted = _wanted(urls, params["no_proxy"], before["logins"])
        try:
            _write_file(conf, wanted)
        except Refused as error:
            raise cannot("edit", params["path"], error) from None
        after["logins"] = {name: conf.get(name) for name in ALL}
        step.data = conf.data if step.before or wanted else None
        steps.append(step)
    if unit:
        systemd = managers.systemd()
        before["service"] = _only(service_environment(systemd, unit))
        wanted = _wanted(urls, params["no_proxy"], before["service"])
        step = FileStep(dropin_path(unit, DROPIN), None)
        ours = step.before.data if step.before else None
        step.data = _dropin(ours, before["service"], wanted, _others_set_proxy(systemd, unit, step.path))
        steps += [step, ReloadStep(systemd, step)]
        after["service"] = wanted if step.changed else before["service"]
        return Plan(steps, before, after, facts, lambda: _check_service(systemd, unit, wanted))
    return Plan(steps, before, after, facts)


def _urls(params):
    if params["state"] == "absent":
        return None
    http = params["http_proxy"] or params["https_proxy"]
    if not http:
        raise cannot("set", "http_proxy", "give http_proxy, or state=absent")
    urls = {"http_proxy": http, "https_proxy": params["https_proxy"] or http}
    for name, url in urls.items():
        # The address itself is not repeated: it may hold a password.
        if not _is_proxy(url):
            raise cannot("set", name, "not of the form http://host:port, which the agent requires")
    return urls


def _is_proxy(url):
    try:
        parts = urlsplit(url)
        complete = parts.scheme in ("http", "https") and parts.hostname and parts.port
    except ValueError:
        return False
    rest = parts.path.strip("/") or parts.query or parts.fragment
    return bool(complete and not rest and not re.search(r"[\s\x00-\x1f'\"\\#$`]", url))


def _wanted(urls, bypass, present):
    """Return all six variables, or none of them when the proxy shall go."""
    if urls is None:
        return {}
    if bypass is None:
        bypass = re.split(r"[,\s]+", present.get("no_proxy") or present.get("NO_PROXY") or "")
    hosts = []
    # What goes to the platform's own addresses through a proxy never reaches this host's own fabric.
    for host in list(bypass) + list(FABRIC):
        # The agent compares ends of names and knows no asterisk.
        host = host.strip()[1:] if host.strip().startswith("*.") else host.strip()
        if host and not _BYPASS.match(host):
            raise cannot("set", "no_proxy", "'{}' is not a host, suffix or network".format(host))
        if host and host not in hosts:
            hosts.append(host)
    values = dict(urls, no_proxy=",".join(hosts))
    return {name: values[name.lower()] for name in ALL}


def _write_file(conf, wanted):
    for name in ALL:
        if name in wanted:
            conf.set(name, wanted[name])
        elif name.lower() != "no_proxy" or _is_fabric_only(conf.get(name)):
            # Other people's exceptions outlive the proxy; they harm nothing.
            conf.unset(name)


def _is_fabric_only(value):
    return set((value or "").split(",")) <= set(FABRIC)


def _dropin(ours, present, wanted, others):
    if wanted:
        return ours if present == wanted else render(wanted)
    # Where somebody else sets the variables they are taken away as the service starts.
    return UNSET if others else None


def render(wanted):
    """Return the drop-in's bytes; `%` and quotes mean something to systemd."""
    lines = ["# Written by vmbackup.azure", "[Service]"]
    for name in ALL:
        value = wanted[name].replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
        lines.append('Environment="{}={}"'.format(name, value))
    return ("\n".join(lines) + "\n").encode()


def service_environment(systemd, unit):
    """Return the environment that systemd will start the unit with: its own, its files', the manager's."""
    shown = systemd.show(unit)
    environment = dict(systemd.environment())
    environment.update(word.partition("=")[::2] for word in systemd_words.shown(shown.get("Environment", "")))
    for path in _environment_files(shown):
        text = (_bytes(path) or b"").decode("utf-8", "replace")
        environment.update({found.name: found.value for found in systemd_words.file(text)})
    for word in systemd_words.shown(shown.get("UnsetEnvironment", "")):
        name, mark, value = word.partition("=")
        if not mark or environment.get(name) == value:
            environment.pop(name, None)
    return environment


def _others_set_proxy(systemd, unit, ours):
    shown = systemd.show(unit)
    paths = [shown.get("FragmentPath", "")] + systemd_words.shown(shown.get("DropInPaths", ""))
    found = [_bytes(path) or b"" for path in paths + _environment_files(shown) if path and path != ours]
    found.append("\n".join(name + "=" for name in systemd.environment()).encode())
    return any(re.search(rb"(?im)^[^#;\n]*https?_proxy=", data) for data in found)


def _environment_files(shown):
    return re.findall(r"(?m)^(.+) \(ignore_errors=\w+\)$", shown.get("EnvironmentFiles", ""))


def _bytes(path):
    before = FileStep(path, None).before if os.path.isfile(path) else None
    return before.data if before else None


def _only(environment):
    return {name: environment[name] for name in ALL if name in environment}


def _check_service(systemd, unit, wanted):
    now = _only(service_environment(systemd, unit))
    if wanted and now != wanted or not wanted and any(n.lower() != "no_proxy" for n in now):
        raise cannot("set the proxy of", unit, "a later drop-in or an EnvironmentFile sets other values")
    return {}


def _stale(unit):
    """Tell whether the running agent was started with another proxy than its unit now has."""
    wanted = _only(service_environment(managers.systemd(), unit))
    host = Host()
    for daemon in processes.daemons(host):
        try:
            if _only(processes.environment(host, daemon.pid)) != wanted:
                return True
        except Missing:
            continue  # it has ended
    return False
