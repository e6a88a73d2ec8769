# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module waagent_conf does: settings, proxy and normalising of waagent.conf."""

import os
import time

from ..._guest import processes, waagent_conf
from ..._guest.errors import Refused
from ..._guest.host import Host
from ..._guest.waagent_conf_edit import WaagentConf, decode, extension_settings
from ..._guest.waagent_syntax import BOM
from ..errors import cannot
from ..steps import FileStep
from ..transaction import Plan, execute
from .waagent_edit import NOTHING_SET, edit
from .waagent_values import check_key, to_text

OPTIONS = {
    "settings": {"type": "dict"},
    "proxy": {"type": "dict", "options": {"host": {"type": "str"}, "port": {"type": "int"}}},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "normalize": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "path": {"type": "path"},
    "root": {"type": "path"},
}


def work(params, context):
    """Return the module's result."""
    wanted = asked(params)
    path = params["path"] or find()

    def make_plan():
        return plan(path, wanted, params["normalize"])

    result = execute(make_plan, context)
    result["restart_required"] = result["changed"] or runs_with_older(path)
    return result


def find(host=None):
    """Return the file that the agent reads; raises ChangeError when there is none."""
    host = host or Host()
    path = waagent_conf.active_path(host)[0]
    if host.stat(path, follow=False) is None:
        raise cannot("find", path, "no waagent.conf on this host; install the agent's package")
    return path


def runs_with_older(path):
    """Tell whether a running daemon started before the file's bytes were last changed."""
    host = Host()
    try:
        changed = os.stat(path).st_mtime
    except OSError:
        return False
    ages = [processes.age(host, daemon.pid) for daemon in processes.daemons(host)]
    # The agent reads the file in the first second of its life.
    return any(age is not None and time.time() - age + 1 < changed for age in ages)


def plan(path, wanted, normalize=False):
    """Plan the keys of `wanted` (text, or None to take a key out) and, if told to, normalising."""
    step = FileStep(path, None)
    if step.before is None or _is_blank(step.before.data):
        reason = "it does not exist" if step.before is None else "it is empty, which the agent cannot start with"
        raise cannot("edit", path, reason + "; restore the package's default first")
    before, conf = WaagentConf(step.before.data), WaagentConf(step.before.data)
    try:
        edit(conf, wanted, normalize)
    except Refused as error:
        raise cannot("edit", path, str(error)) from None
    step.data = NOTHING_SET if _is_blank(conf.data) else conf.data
    was, now = before.values(), conf.values()
    changed = {key for key in set(was) | set(now) if was.get(key) != now.get(key) and not key.startswith("#")}
    keys = sorted(changed | set(wanted))
    return Plan(
        [step],
        {key: was.get(key) for key in keys},
        {key: now.get(key) for key in keys},
        {"file": path, "warnings": _warnings(path, conf, wanted)},
    )


def _is_blank(data):
    return not decode(data).replace(BOM, "").strip()


def asked(params):
    """Return what the options ask for: key to text, None for one to take out. Raises ChangeError."""
    given = dict(params["settings"] or {})
    proxy = params["proxy"]
    if proxy is not None:
        if params["state"] == "present" and not (proxy["host"] and proxy["port"]):
            raise cannot("set", "proxy", "the agent uses a proxy only with both host and port")
        given.update({"HttpProxy.Host": proxy["host"], "HttpProxy.Port": proxy["port"]})
    if not given and not params["normalize"]:
        raise cannot("edit", "waagent.conf", "give settings, proxy or normalize")
    for key in given:
        check_key(key, params["force"])
    if params["state"] == "absent":
        return dict.fromkeys(given)
    return {key: None if value is None else to_text(key, value, params["force"]) for key, value in given.items()}


def _warnings(path, conf, wanted):
    warnings = []
    if extension_settings(conf.text) is None:
        warnings.append(
            "The snapshot extension cannot read '{}'; normalize=true rewrites the lines in its way".format(path)
        )
    if wanted.get("HttpProxy.Host") and "HttpProxy.Port" not in wanted and not conf.values().get("HttpProxy.Port"):
        warnings.append("HttpProxy.Host without HttpProxy.Port: the agent connects directly")
    return warnings
