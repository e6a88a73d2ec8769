# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""systemd's files as systemd reads them: units with their drop-ins, ``.network`` files, ``system.conf``."""

import collections

DIRECTORIES = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
AGENT_UNITS = ("walinuxagent.service", "waagent.service")

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
    """The Unit that ``path`` defines, with the drop-ins of all directories."""
    drop_ins = fragments(host, ["{0}/{1}.d".format(directory, name) for directory in DIRECTORIES])
    settings = []
    for file in [path] + drop_ins:
        settings.extend(parse(host.text(file) or "", file))
    return Unit(name, path, drop_ins, settings)


def fragments(host, directories, suffix=".conf"):
    """Paths of the files in ``directories``, sorted by name; one of the same name in an earlier directory wins."""
    chosen = {}
    for directory in directories:
        for name in host.names(directory):
            if name.endswith(suffix):
                chosen.setdefault(name, "{0}/{1}".format(directory, name))
    return [chosen[name] for name in sorted(chosen)]


def parse(text, path):
    """The settings in a file of systemd's syntax, in order; ``line`` is where an assignment begins."""
    settings, section, started, pending = [], "", 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith(("#", ";")):
            continue
        started = started if pending else number
        if raw.endswith("\\"):
            pending += line[:-1] + " "
            continue
        line, pending = (pending + line).strip(), ""
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        key, mark, value = line.partition("=")
        if mark:
            settings.append(Setting(section, key.strip(), value.strip(), path, started))
    return settings


def words(text):
    """Splits at blanks as systemd does: quotes group, a backslash takes the next character as it is."""
    found, word, quote, escaped = [], None, None, False
    for char in text:
        if escaped:
            word, escaped = (word or "") + char, False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            if char == quote:
                quote = None
            else:
                word += char
        elif char in "'\"":
            quote, word = char, word or ""
        elif char.isspace():
            if word is not None:
                found.append(word)
            word = None
        else:
            word = (word or "") + char
    return found if word is None else found + [word]
