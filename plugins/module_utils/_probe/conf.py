# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``conf``: waagent.conf, read as the agent and as the snapshot extension read it."""

import stat

from .._guest import trees, unit_files
from .._guest import waagent_conf as syntax
from .._guest.host import Missing
from . import _conf_lines
from ._mask import mask
from .identity import os_release

DEFAULT_PATH = "/etc/waagent.conf"
OEM_PATH = "/usr/share/oem/waagent.conf"
OTHER_PATHS = {
    "clear-linux-os": "/usr/share/defaults/waagent/waagent.conf",
    "coreos": OEM_PATH,
    "flatcar": OEM_PATH,
}
OPTION = "configuration-path:"
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
        for word in unit_files.words(setting.value):
            if word.lstrip("-/").startswith(OPTION):
                return word.partition(":")[2], "{0}:{1}: ExecStart".format(setting.path, setting.line)
    return default_path(host), "default"


def default_path(host):
    release = host.once("os_release", lambda: os_release(host)) or {}
    return OTHER_PATHS.get(release.get("id"), DEFAULT_PATH)


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


def collect(host, options, facts):
    conf = load(host)
    if conf.kind == "missing":
        # Of a tree that holds a part of a system nothing follows from that.
        trees.need_system(host)
    facts["read_from"] = conf.path
    facts["path"], facts["path_from"], facts["kind"] = conf.path, conf.path_from, conf.kind
    facts["size"], facts["modified"] = conf.size, conf.modified
    facts["agent_error"] = _error(conf.error)
    if conf.kind == "file" and conf.error is None:
        facts["settings"] = {key: setting(conf, key) for key in sorted(_conf_lines.TYPED)}
        facts["remarks"] = _conf_lines.remarks(conf.data.decode("utf-8"), conf.entries)
    else:
        reason = conf.error or "Cannot read '{0}': {1}".format(conf.path, conf.kind)
        facts.lack("settings", reason)
        facts.lack("remarks", reason)
    try:
        path, entries, error = extension(host)
    except Missing as missing:
        facts.lack("extension", missing)
        return
    facts["extension"] = {
        "path": path,
        "error": _error(error),
        "proxy_host": _plain(entries, "HttpProxy.Host"),
        "proxy_port": _plain(entries, "HttpProxy.Port"),
        "read_from": path,
    }


def setting(conf, key):
    """``{value, text, line}``: what the agent uses, what the file says, and in which line (None: nowhere)."""
    value, entry = syntax.effective(conf.entries, key)
    return {
        "value": mask(value) if isinstance(value, str) else value,
        "text": mask(entry.value) if entry else None,
        "line": entry.line if entry else None,
    }


def _plain(entries, key):
    entry = syntax.last(entries).get(key)
    return mask(entry.value) if entry else None


def _error(error):
    return None if error is None else {"reason": str(error), "line": error.line}
