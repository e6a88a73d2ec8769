# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows guest states for tests: a healthy one as the probe gave it, and edits of it."""

import base64
import copy
import json
import pathlib
import re

from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import _winhttp

HEALTHY = json.loads((pathlib.Path(__file__).parent / "states/windows/healthy.json").read_text("utf-8"))
GONE = object()
"""As a value of an edit: the fact is not in the state at all."""

_KINDS = pathlib.Path(__file__).parents[2] / "plugins/module_utils/_WinSharedEvents.psm1"
EVENTS_READ = {
    name: set(map(int, re.findall(r"\d+", numbers)))
    for name, numbers in re.findall(r"name = '(\w+)'.*; id = ([\d, ]+)\}", _KINDS.read_text("utf-8"))
}
"""The numbers of the events that the probe reads, by kind."""

NOW = "2026-11-23T08:00:30Z"
PLUGIN = "extension.versions.0"
STATUS = f"{PLUGIN}.status"


def edited(edits):
    """The healthy state with facts changed by their dotted paths; numbers are places in lists."""
    state = copy.deepcopy(HEALTHY)
    for path, value in edits.items():
        *names, last = path.split(".")
        node = state
        for name in names:
            node = node[int(name)] if isinstance(node, list) else node[name]
        if value is GONE:
            del node[last]
        elif isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value
    return state


def event(number, *data, time=NOW, provider="test"):
    return {"provider": provider, "id": number, "time": time, "data": list(data)}


def agent_log(*lines):
    """Edits that make these the agent's lines of trouble."""
    path = r"C:\WindowsAzure\Logs\WaAppAgent.log"
    last = "[00000009] [11/23/2026 08:04:12.950] [INFO]  Working"
    return {"agent.log": {"path": path, "lines": list(lines), "last": last}}


def winhttp_value(proxy, bypass="", header=_winhttp.WINHTTP_CLASSIC):
    """A registry value as section proxy holds it."""
    settings = _winhttp.Settings(proxy, bypass, flags=_winhttp.DIRECT | _winhttp.MANUAL, header=header)
    blob = base64.b64encode(_winhttp.encode(settings)).decode()
    return {"type": "REG_BINARY", "value": blob, "read_from": "WinHttpSettings"}


def proxy_answer(place, status=200, error=None, clients=("winhttp",)):
    """An entry of ``fabric.proxies``."""
    return {
        "proxy": place,
        "clients": list(clients),
        "target": "management.azure.com:443",
        "target_is_storage": False,
        "connected": error is None,
        "error": error,
        "error_code": 0,
        "seconds": 0.1,
        "status": None if error else status,
        "answer": None if error else f"HTTP/1.1 {status} x",
        "tls_error": None,
        "read_from": f"tcp {place}: CONNECT management.azure.com:443",
    }


def failed_run(message, code=8):
    """Edits that make the plugin's last run a failure with this message."""
    return {f"{STATUS}.status": "error", f"{STATUS}.code": code, f"{STATUS}.message": message}


def agent_says(status, code=1009, message="no manifest"):
    """Edits that make this the agent's word on the extension."""
    handler = "agent.aggregate.handlers.0"
    return {f"{handler}.status": status, f"{handler}.code": code, f"{handler}.message": message}


UNREACHED = {
    "fabric.wire_http.connected": False,
    "fabric.wire_http.error": "timed out",
    "fabric.wire_http.status": None,
    "fabric.wire_http.is_version_list": False,
    "fabric.wire_http.clock_offset_s": None,
    "fabric.host_plugin.connected": False,
    "fabric.host_plugin.error": "timed out",
    "fabric.host_plugin.status": None,
    "fabric.imds.connected": False,
    "fabric.imds.error": "timed out",
    "fabric.imds.instance": None,
}
"""The fabric does not answer at all."""
