# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""systemd's files as systemd reads them: units with their drop-ins, ``.network`` files, ``system.conf``."""

import collections
import fnmatch
import re

from .agent import UNITS as AGENT_UNITS

DIRECTORIES = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
CONTROL = ("/etc/systemd/system.control", "/run/systemd/system.control")
"""Where ``systemctl set-property`` keeps its drop-ins: they come before those of all other directories."""
BOOT_TARGETS = ("sysinit.target", "basic.target", "multi-user.target")
VENDORS = DIRECTORIES[2:]
LINKED = ("wants", "requires", "upholds")
PULLS = ("Wants", "Requires", "BindsTo", "Upholds")
BLANKS = " \t\n\r"
LINE_END = re.compile("\r\n|\n\r|[\n\r\0]")

Setting = collections.namedtuple("Setting", "section key value path line")


class Unit(object):
    """One unit: its name, the file that defines it, its drop-ins, and their settings in the order that counts."""

    def __init__(self, name, path, drop_ins, settings):
        self.name, self.path, self.drop_ins, self.settings = name, path, drop_ins, settings

    def values(self, key, section="Service"):
        """The settings of a list-valued key that are in force: an empty assignment discards those before it."""
        found = []
        for setting in self.settings:
            if setting.key == key and setting.section == section:
                found = found + [setting] if setting.value else []
        return found


def agent_unit(host):
    """The agent's Unit as its files define it, or None when there is no unit file. Read once for all sections."""
    return host.once("agent_unit_files", lambda: _first_unit(host))


def _first_unit(host):
    for name in AGENT_UNITS:
        for directory in DIRECTORIES:
            path = "{0}/{1}".format(directory, name)
            if host.exists(path) and host.stat(path).st_size:
                return unit(host, name, path)
    return None


def unit(host, name, path):
    """The Unit that ``path`` defines, with the drop-ins of all directories: its own, and those of all its type."""
    folders = [name + ".d", name.rpartition(".")[2] + ".d"]
    places = ["{0}/{1}".format(directory, folder) for folder in folders for directory in CONTROL + DIRECTORIES]
    drop_ins = fragments(host, places)
    settings = []
    for file in [path] + drop_ins:
        settings.extend(parse(host.text(file) or "", file))
    return Unit(name, path, drop_ins, settings)


def fragments(host, directories, suffix=".conf"):
    """Paths of the files in ``directories``, sorted by name; one of the same name in an earlier directory wins.

    None of their readers takes a hidden file.
    """
    chosen = {}
    for directory in directories:
        for name in host.names(directory):
            if name.endswith(suffix) and not name.startswith("."):
                chosen.setdefault(name, "{0}/{1}".format(directory, name))
    return [chosen[name] for name in sorted(chosen)]


def parse(text, path):
    """The settings in a file of systemd's syntax, in order; ``line`` is where an assignment begins."""
    settings, section = [], ""
    for number, line in _statements(text):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        key, mark, value = line.partition("=")
        # What is no UTF-8 was read as the replacement character: systemd passes such a line over.
        if mark and key.strip(BLANKS) and "\ufffd" not in line:
            settings.append(Setting(section, key.strip(BLANKS), value.strip(BLANKS), path, number))
    return settings


def _statements(text):
    """``(number of its first line, text)`` of each statement: comments are left out, continued lines are joined."""
    started, parts = 0, []
    for number, raw in enumerate(LINE_END.split(text), 1):
        if raw.lstrip(BLANKS).startswith(("#", ";")):
            continue
        started = started if parts else number
        # A last backslash goes on with the next line unless the one before it takes it away.
        if (len(raw) - len(raw.rstrip("\\"))) % 2:
            parts.append(raw[:-1] + " ")
            continue
        yield started, "".join(parts + [raw]).strip(BLANKS)
        parts = []
    if parts:
        yield started, "".join(parts).strip(BLANKS)


def wanted(host, name):
    """Whether an enabled target or unit starts the unit ``name``, by the links that systemctl makes."""
    directory = DIRECTORIES[0]
    places = (entry for entry in host.names(directory) if entry.endswith((".wants", ".requires")))
    return any(host.link("{0}/{1}/{2}".format(directory, place, name)) is not None for place in places)


def pulled_in(host, name):
    """Whether a target of each boot starts the unit ``name`` by its own settings or a link of the vendor."""
    for target in BOOT_TARGETS:
        own = unit(host, target, "{0}/{1}".format(DIRECTORIES[2], target))
        if any(name in setting.value.split() for key in PULLS for setting in own.values(key, "Unit")):
            return True
        links = ["{0}/{1}.{2}/{3}".format(place, target, kind, name) for place in VENDORS for kind in LINKED]
        if any(host.link(link) not in (None, "/dev/null") for link in links):
            return True
    return False


def environment_files(host, unit):
    """Paths of the files of variables that a unit names, in order: it may name them by a pattern."""
    found = []
    for setting in unit.values("EnvironmentFile"):
        path = setting.value[1:] if setting.value.startswith("-") else setting.value
        directory, _slash, name = path.replace("%%", "%").rpartition("/")
        names = fnmatch.filter(host.names(directory or "/"), name) if set(name) & set("*?[") else [name]
        found.extend("{0}/{1}".format(directory, entry) for entry in names if path.startswith("/"))
    return found
