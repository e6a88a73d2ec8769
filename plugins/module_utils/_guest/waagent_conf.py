# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The waagent.conf that is active: which file the agent reads, which one the snapshot extension, and what they say."""

import re
import stat

from . import os_release, systemd_words, unit_files
from . import waagent_syntax as syntax

DEFAULT_PATH = "/etc/waagent.conf"
OEM_PATH = "/usr/share/oem/waagent.conf"
OTHER_PATHS = {
    "clear-linux-os": "/usr/share/defaults/waagent/waagent.conf",
    "coreos": OEM_PATH,
    "flatcar": OEM_PATH,
}
OPTION = re.compile(r"[-/]*configuration-path:([\w/.-]+)")
KINDS = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISFIFO, "fifo"), (stat.S_ISSOCK, "socket"))


class Conf(object):
    """The active waagent.conf. ``entries`` are the agent's, empty when it cannot read the file (``error``)."""

    def __init__(self, path, path_from):
        self.path, self.path_from = path, path_from
        self.kind, self.size, self.modified, self.data = "missing", None, None, None
        self.entries, self.error = [], None

    def value(self, key):
        """What the agent uses for ``key``; its default where the file sets nothing usable."""
        return syntax.effective(self.entries, key)[0]


def load(host):
    """The Conf of this guest, read once for all sections. Raises Missing when it may not be read."""
    return host.once("conf", lambda: _load(host))


def _load(host):
    conf = Conf(*active_path(host))
    info = host.stat(conf.path)
    if info is None:
        conf.kind = "missing" if host.link(conf.path) is None else "dangling link"
        return conf
    conf.kind = next((kind for test, kind in KINDS if test(info.st_mode)), "device")
    if conf.kind != "file":
        return conf
    conf.size, conf.modified = info.st_size, int(info.st_mtime)
    conf.data = host.read(conf.path)
    try:
        conf.entries = syntax.agent_entries(conf.data)
    except syntax.NotParsed as error:
        conf.error = error
    return conf


def active_path(host):
    """``(path, where that is said)`` of the file that the agent reads."""
    unit = unit_files.agent_unit(host)
    for setting in unit.values("ExecStart") if unit else ():
        for word in systemd_words.words(setting.value):
            option = OPTION.match(word)
            if option:
                return option.group(1), "{0}:{1}: ExecStart".format(setting.path, setting.line)
    return default_path(host), "default"


def default_path(host):
    """Where the agent looks on this distribution when nothing tells it a path."""
    return OTHER_PATHS.get(os_release.distribution(host), DEFAULT_PATH)


def extension(host):
    """``(path, entries, error)`` of the extension's reading: it knows two paths and no option."""
    path = OEM_PATH if default_path(host) == OEM_PATH else DEFAULT_PATH
    conf = load(host)
    data = conf.data if conf.path == path else _data(host, path)
    if data is None:
        return path, [], syntax.NotParsed("there is no such file")
    try:
        return path, syntax.extension_entries(data), None
    except syntax.NotParsed as error:
        return path, [], error


def _data(host, path):
    info = host.stat(path)
    return host.read(path) if info is not None and stat.S_ISREG(info.st_mode) else None


def lib_dir(host):
    """The agent's working directory."""
    return load(host).value("Lib.Dir").rstrip("/") or "/"
