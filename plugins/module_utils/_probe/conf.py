# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``conf``: waagent.conf, read as the agent and as the snapshot extension read it."""

from .._guest import trees, waagent_conf
from .._guest import waagent_syntax as syntax
from .._guest.host import Missing
from .._guest.waagent_keys import DEFAULTS
from . import _conf_lines


def collect(host, options, facts):
    conf = waagent_conf.load(host)
    if conf.kind == "missing":
        # Of a tree that holds a part of a system nothing follows from that.
        trees.need_system(host)
    facts["read_from"] = conf.path
    facts["path"], facts["path_from"], facts["kind"] = conf.path, conf.path_from, conf.kind
    facts["size"], facts["modified"] = conf.size, conf.modified
    facts["agent_error"] = _error(conf.error)
    if conf.kind == "file" and conf.error is None:
        facts["settings"] = {key: setting(conf, key) for key in sorted(DEFAULTS)}
        facts["remarks"] = _conf_lines.remarks(conf.data.decode("utf-8"), conf.entries)
    else:
        reason = conf.error or "Cannot read '{0}': {1}".format(conf.path, conf.kind)
        facts.lack("settings", reason)
        facts.lack("remarks", reason)
    try:
        path, entries, error = waagent_conf.extension(host)
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
        "value": value,
        "text": entry.value if entry else None,
        "line": entry.line if entry else None,
    }


def _plain(entries, key):
    entry = syntax.last(entries).get(key)
    return entry.value if entry else None


def _error(error):
    return None if error is None else {"reason": str(error), "line": error.line}
