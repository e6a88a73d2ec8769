# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The systemd of a system that does not run: units as their files define them, and the verbs that only make links."""

import glob
import os

from .._guest import systemd_words, unit_files
from .._guest.host import Host
from . import atomic
from .errors import cannot
from .systemd import DROPIN_DIRECTORY, Systemd

PROGRAMS = ("/usr/lib/systemd/systemd", "/lib/systemd/systemd")
NOTHING = "/dev/null"


class OfflineSystemd(Systemd):
    """Answers and acts by files alone; nothing can be started."""

    can_start = False

    @staticmethod
    def exists():
        """Tell whether the system is one of systemd."""
        return any(os.path.lexists(path) for path in PROGRAMS)

    def version(self):
        """Nothing says it; drop-ins are written for today's."""
        return 0

    def environment(self):
        return {}

    def show(self, unit):
        host = Host()
        path = _fragment(unit)
        masked = _is_masked(unit)
        shown = {"Id": unit, "ActiveState": "inactive", "FragmentPath": path or ""}
        shown["LoadState"] = "masked" if masked else "loaded" if path else "not-found"
        read = unit_files.unit(host, unit, path) if path else None
        shown["UnitFileState"] = "masked" if masked else _file_state(unit, read)
        if read and not masked:
            words = [word for setting in read.values("Environment") for word in systemd_words.words(setting.value)]
            shown["Environment"] = " ".join(_shown(word) for word in words)
            files = unit_files.environment_files(host, read)
            shown["EnvironmentFiles"] = "\n".join(name + " (ignore_errors=yes)" for name in files)
            shown["UnsetEnvironment"] = " ".join(setting.value for setting in read.values("UnsetEnvironment"))
            shown["DropInPaths"] = " ".join(read.drop_ins)
            shown["Restart"] = _last(read, "Restart", "no")
            shown["RestartUSec"] = _last(read, "RestartSec", "100ms")
        return shown

    def do(self, verb, unit=None):
        """Make or remove links; raises ChangeError for what takes a running system."""
        verb = verb.partition(" ")[0]
        if verb == "daemon-reload" or verb == "reset-failed":
            return
        mask = os.path.join(DROPIN_DIRECTORY, unit)
        if verb == "unmask":
            _remove([mask])
        elif verb == "mask":
            _link(mask, NOTHING)
        elif verb == "enable":
            path = _fragment(unit)
            for name in _links(unit):
                _link(name, path)
        elif verb == "disable":
            _remove(glob.glob(os.path.join(DROPIN_DIRECTORY, "*.wants", unit)) + _links(unit))
        else:
            raise cannot(verb, unit, "services of a mounted disk do not run")


def _fragment(unit):
    paths = [os.path.join(directory, unit) for directory in unit_files.DIRECTORIES]
    return next((path for path in paths if os.path.isfile(path) and os.stat(path).st_size), None)


def _is_masked(unit):
    path = os.path.join(DROPIN_DIRECTORY, unit)
    return os.path.islink(path) and os.readlink(path) == NOTHING


def _file_state(unit, read):
    if glob.glob(os.path.join(DROPIN_DIRECTORY, "*.wants", unit)):
        return "enabled"
    return "disabled" if _links(unit) or not read else "static"


def _links(unit):
    """The links that enabling makes, as the unit's file says."""
    path = _fragment(unit)
    read = unit_files.unit(Host(), unit, path) if path else None
    found = []
    for key, folder in (("WantedBy", "{}.wants"), ("RequiredBy", "{}.requires")):
        for setting in read.values(key, "Install") if read else []:
            found += [os.path.join(DROPIN_DIRECTORY, folder.format(name), unit) for name in setting.value.split()]
    for setting in read.values("Alias", "Install") if read else []:
        found += [os.path.join(DROPIN_DIRECTORY, name) for name in setting.value.split() if name != unit]
    return found


def _link(path, target):
    atomic.make_directories(os.path.dirname(path))
    if not os.path.lexists(path):
        os.symlink(target, path)
        atomic.inherit_label(os.path.dirname(path), path, follow_symlinks=False)
        atomic.sync_directory(os.path.dirname(path))


def _remove(paths):
    for path in paths:
        # A file of the administrator is not a link of ours.
        if os.path.islink(path):
            os.unlink(path)
            atomic.sync_directory(os.path.dirname(path))


def _last(read, key, default):
    values = [setting.value for setting in read.settings if setting.key == key and setting.section == "Service"]
    return values[-1] if values and values[-1] else default


def _shown(word):
    """A word as systemctl prints it: in quotes where it needs them."""
    if not set(word) & set(" \t\n\"'\\"):
        return word
    return '"{}"'.format(word.replace("\\", "\\\\").replace('"', '\\"'))
