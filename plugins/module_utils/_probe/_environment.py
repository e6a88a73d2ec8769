# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Environment variables of the agent and of log-ins: where they are set, and what a running agent has."""

from .._guest import environment_file, processes, systemd_words, unit_files

NAMES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
SYSTEM_CONF = "/etc/systemd/system.conf"
SYSTEM_CONF_DIRECTORIES = (
    "/etc/systemd/system.conf.d",
    "/run/systemd/system.conf.d",
    "/usr/lib/systemd/system.conf.d",
)


class Variable(object):
    """One variable and where it is set."""

    def __init__(self, name, value, read_from):
        self.name, self.value, self.read_from = name, value, read_from


def login(text):
    """The proxy variables that log-ins get from the text of ``/etc/environment``, each with its line."""
    found = {}
    for assignment in environment_file.assignments(text.split("\n")):
        if assignment.name.lower() in NAMES:
            found.pop(assignment.name, None)
            if assignment.value is not None:
                place = "{0}:{1}".format(environment_file.PATH, assignment.first + 1)
                found[assignment.name] = Variable(assignment.name, assignment.value, place)
    return list(found.values())


def service(host):
    """The proxy variables that systemd's files give the agent's unit."""
    return [variable for variable in of_unit(host) if variable.name.lower() in NAMES]


def of_unit(host):
    """All that systemd's files give it: the manager's defaults, ``Environment=``, ``EnvironmentFile=``. Unmasked."""
    return host.once("unit_environment", lambda: _of_unit(host))


def _of_unit(host):
    unit = unit_files.agent_unit(host)
    if unit is None:
        return []
    found = []
    for path in [SYSTEM_CONF] + unit_files.fragments(host, SYSTEM_CONF_DIRECTORIES):
        defaults = unit_files.Unit(None, path, [], unit_files.parse(host.text(path) or "", path))
        found.extend(_assignments(defaults.values("DefaultEnvironment", "Manager")))
    found.extend(_assignments(unit.values("Environment")))
    for path in unit_files.environment_files(host, unit):
        for name, value, line in systemd_words.file(host.text(path) or ""):
            found.append(Variable(name, value, "{0}:{1}".format(path, line)))
    dropped = set(word for setting in unit.values("UnsetEnvironment") for word in systemd_words.words(setting.value))
    return [v for v in found if not dropped & {v.name, "{0}={1}".format(v.name, v.value)}]


def _assignments(settings):
    for setting in settings:
        for name, value in systemd_words.assignments(setting.value):
            yield Variable(name, value, "{0}:{1}: {2}".format(setting.path, setting.line, setting.key))


def process(host, pid):
    """The proxy variables that a running process started with."""
    pairs = processes.environment(host, pid).items()
    return [Variable(name, value, "/proc/{0}/environ".format(pid)) for name, value in pairs if name.lower() in NAMES]


def agent_pid(host):
    """Process id of the agent's daemon, or None when none runs."""
    running = processes.daemons(host)
    return running[0].pid if running else None


def values(variables):
    """Names and values; the last one of a name counts."""
    return {variable.name: variable.value for variable in variables}
