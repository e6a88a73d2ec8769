# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The framework for scripts before and after the snapshot: its files, their owners and modes."""

import stat

from .._guest import handlers
from .._guest.ini import Ini

HOST_CONF = "/etc/azure/VMSnapshotPluginHost.conf"
SCRIPT_CONF = "/etc/azure/VMSnapshotScriptPluginConfig.json"
SECTION = "pre_post"


def read(host):
    """``{host_conf, script_conf, pre, post, continue_on_failure, error}``; None when nothing is configured."""
    host_conf = _file(host, HOST_CONF)
    path, error = _script_conf(host) if host_conf else (SCRIPT_CONF, None)
    script_conf = _file(host, path)
    if not host_conf and not script_conf:
        return None
    content = handlers.load_json(host, path) if script_conf else None
    if script_conf and not isinstance(content, dict):
        error = "'{0}' is no JSON object".format(path)
    content = content if isinstance(content, dict) else {}
    return {
        "host_conf": host_conf,
        "script_conf": script_conf,
        "pre": _script(host, content.get("preScriptLocation")),
        "post": _script(host, content.get("postScriptLocation")),
        "continue_on_failure": content.get("continueBackupOnFailure") is not False,
        "timeout": handlers.integer(content.get("timeoutInSeconds")),
        "error": error,
        "read_from": path,
    }


def _script_conf(host):
    """``(path of the scripts' configuration, error)`` by the framework's own configuration."""
    conf = Ini(host.read(HOST_CONF))
    values = conf.values(SECTION)
    try:
        if int(values.get("numberofplugins", 0)) < 1:
            return SCRIPT_CONF, conf.error
        return values["pluginconfigpath0"], None
    except ValueError:
        return SCRIPT_CONF, "numberOfPlugins is not a number"
    except KeyError:
        return SCRIPT_CONF, "pluginConfigPath0 is not set"


def _script(host, path):
    if not isinstance(path, str) or not path:
        return None
    return _file(host, path) or {"path": path, "exists": False, "owner": None, "mode": None}


def _file(host, path):
    info = host.stat(path)
    if info is None or not stat.S_ISREG(info.st_mode):
        return None
    return {"path": path, "exists": True, "owner": info.st_uid, "mode": "{0:03o}".format(info.st_mode & 0o777)}
