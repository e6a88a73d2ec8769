# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module waagent_service does: the agent is there, stays there and comes back."""

import os
import time

from ..._guest import handlers, init_scripts
from ..._guest.agent import DISABLE_MARKER, LOG, SERVICES
from ..._guest.host import Host
from .. import answer, managers, offline
from ..agent import find_unit
from ..errors import cannot
from ..scripts import ScriptService, ScriptStep
from ..steps import FileStep
from ..systemd import MaskedRestartStep, ReloadStep, UnitStep, dropin_path, masking
from ..transaction import Plan, execute

DROPIN = "vmbackup-restart.conf"
POLL_SECONDS = 0.5

# Twenty starts in five minutes: a daemon that crashes now and then always comes back, one that
# dies at once stops filling the log after about two minutes.
RESTART_SECONDS, START_LIMIT_SECONDS, START_LIMIT_BURST = 5, 300, 20

OPTIONS: dict = {
    "name": {"type": "str"},
    "state": {"type": "str", "choices": ["started", "restarted"], "default": "started"},
    "enabled": {"type": "bool", "default": True},
    "unmask": {"type": "bool", "default": False},
    "restart_policy": {"type": "str", "choices": ["keep", "always"], "default": "keep"},
    "remove_disable_marker": {"type": "bool", "default": False},
    "verify_seconds": {"type": "int", "default": 5},
    "root": {"type": "path"},
}


def work(params, context):
    """Return the module's result."""
    if not 0 <= params["verify_seconds"] <= 300:
        raise cannot("verify for", params["verify_seconds"], "give 0 to 300 seconds")
    if managers.has_systemd():
        systemd = managers.systemd()
        unit = find_unit(systemd, params["name"])
        return execute(lambda: plan_unit(systemd, unit, params), context)
    if offline.is_inside():
        raise cannot("change", "the agent's service", "on a mounted disk this is only possible with systemd")
    service = ScriptService.find((params["name"],) if params["name"] else SERVICES)
    return execute(lambda: plan_script(service, params), context)


def plan_unit(systemd, unit, params):
    """Plan for a host with systemd."""
    state = systemd.state(unit)
    stays_masked = state["masked"] and not params["unmask"]
    if stays_masked and not _is_restart(state, params):
        raise cannot("start", unit, "it is masked; unmask=true if that was not intentional", before=state)
    steps = _marker_steps(params)
    if state["masked"] and params["unmask"]:
        steps.append(UnitStep(systemd, unit, [masking("unmask", state)], {"masked": False}))
    if params["restart_policy"] == "always":
        dropin = _restart_dropin(systemd, unit)
        steps += [dropin, ReloadStep(systemd, dropin)]
    verbs, after = _verbs(state, params, systemd.can_start)
    if verbs and systemd.show(unit).get("NeedDaemonReload") == "yes":
        # Somebody wrote a file of the unit: it would start as it was before that.
        steps.append(ReloadStep(systemd))
    steps.append(MaskedRestartStep(systemd, unit) if stays_masked else UnitStep(systemd, unit, verbs, after))

    def verify():
        now = stays_up(systemd, unit, params["verify_seconds"]) if systemd.can_start else systemd.state(unit)
        return {"after": dict(now, restart=_policy(systemd, unit))}

    return Plan(
        steps,
        dict(state, restart=_policy(systemd, unit)),
        dict(state, masked=stays_masked, restart=_policy(systemd, unit, params["restart_policy"]), **after),
        _facts(unit, "systemd", steps, state, params),
        verify,
    )


def plan_script(service, params):
    """Plan for a host without systemd: start and enable; the rest is said, not done."""
    state = service.state()
    verbs, after = _verbs(state, params)
    steps = _gate_steps(service, state, params) + _marker_steps(params) + [ScriptStep(service, verbs, after)]
    facts = _facts(service.name, "openrc" if service.is_openrc else "sysv", steps, state, params)
    if params["restart_policy"] == "always":
        facts["compliant"] = False
        facts["warnings"].append(
            "'{}' is started by a script, which cannot bring the agent back after a crash; "
            "use a watcher such as monit".format(service.name)
        )

    def verify():
        deadline = time.monotonic() + params["verify_seconds"]
        while time.monotonic() < deadline:
            answer.goes_on()
            if not service.state()["active"]:
                raise cannot("start", service.name, "the agent does not stay up", log=_log_lines())
            time.sleep(POLL_SECONDS)
        return {"after": service.state()}

    return Plan(steps, state, dict(state, **after), facts, verify)


def _verbs(state, params, can_start=True):
    verbs, after = [], {}
    if params["enabled"] and not state["enabled"]:
        verbs.append("enable")
        after.update(enabled=True, unit_file_state="enabled")
    if not can_start:
        return verbs, after
    if params["state"] == "restarted" and state["active"]:
        verbs.append("restart")
    elif not state["active"]:
        verbs.append("start")
        after.update(active=True, active_state="active")
    return verbs, after


def _is_restart(state, params):
    """Whether nothing is wanted but the restart of an agent that runs."""
    return state["active"] and params["state"] == "restarted" and not params["enabled"]


def _gate_steps(service, state, params):
    """The switch that the script obeys is turned on, but not for a restart, which changes nothing that lasts."""
    gate = service.gate()
    if not gate["required"] or gate["value"] == "1":
        return []
    if _is_restart(state, params):
        raise cannot(
            "restart",
            service.name,
            "it would not start again: {} is not 1 in '{}'".format(init_scripts.GATE, init_scripts.DEFAULTS),
        )
    step = FileStep(init_scripts.DEFAULTS, None)
    step.data = init_scripts.open_gate(step.before.data) if step.before else None
    return [step]


def _marker_steps(params):
    return [FileStep(disable_marker(), None)] if params["remove_disable_marker"] else []


def disable_marker(host=None):
    """Return the path of the file that makes the agent sleep for ever."""
    return os.path.join(handlers.lib_dir(host or Host())[0], DISABLE_MARKER)


def _restart_dropin(systemd, unit):
    shown = systemd.show(unit)
    path = dropin_path(unit, DROPIN)
    step = FileStep(path, None)
    ours = restart_dropin(systemd.version()).encode()
    # The unit's own file or another drop-in may do already: then nothing is added, and ours stays as it is.
    satisfied = shown.get("Restart") == "always" and shown.get("RestartUSec", "") not in ("", "0", "100ms")
    step.data = (step.before.data if step.before else None) if satisfied else ours
    return step


def restart_dropin(version):
    """Return the text of the drop-in; systemd before 230 has the start limit in another section."""
    limit = "StartLimitIntervalSec={}\nStartLimitBurst={}\n".format(START_LIMIT_SECONDS, START_LIMIT_BURST)
    service = "Restart=always\nRestartSec={}\n".format(RESTART_SECONDS)
    if version and version < 230:
        old = limit.replace("StartLimitIntervalSec", "StartLimitInterval")
        return "# Written by vmbackup.azure\n[Service]\n" + service + old
    return "# Written by vmbackup.azure\n[Unit]\n" + limit + "\n[Service]\n" + service


def _policy(systemd, unit, wanted="keep"):
    return "always" if wanted == "always" else systemd.show(unit).get("Restart", "")


def _facts(name, manager, steps, state, params):
    facts = {"name": name, "manager": manager, "warnings": []}
    needed = [step for step in steps if step.changed]
    if params["state"] == "restarted" and state["active"]:
        # A wanted restart says nothing against the host as it was found.
        facts["compliant"] = not needed[:-1] and (state["enabled"] or not params["enabled"])
    marker = disable_marker()
    if os.path.exists(marker) and not params["remove_disable_marker"]:
        facts["compliant"] = False
        facts["warnings"].append(
            "'{}' makes the agent sleep indefinitely although its service is active; "
            "remove_disable_marker=true removes it".format(marker)
        )
    return facts


def stays_up(systemd, unit, seconds):
    """Watch the unit until it has been up for `seconds`; raises ChangeError with the log's end otherwise."""
    first = systemd.show(unit)
    while True:
        shown = systemd.show(unit)
        _raise_if_down(systemd, unit, first, shown)
        up = time.monotonic() - int(shown.get("ActiveEnterTimestampMonotonic") or 0) / 1e6
        if up >= seconds:
            return systemd.state(unit)
        time.sleep(min(POLL_SECONDS, max(seconds - up, 0.05)))


def _raise_if_down(systemd, unit, first, shown):
    same = all(shown.get(key) == first.get(key) for key in ("MainPID", "NRestarts"))
    if shown.get("ActiveState") in ("active", "reloading") and same:
        return
    if shown.get("ConditionResult") == "no":
        reasons = systemd.false_conditions(unit) or ["one of its start conditions does not hold"]
        raise cannot("start", unit, "systemd skipped it: " + "; ".join(reasons))
    state = "{ActiveState} ({SubState})".format(**shown)
    status = "{}, result {}, exit status {}".format(state, shown.get("Result"), shown.get("ExecMainStatus"))
    raise cannot("keep up", unit, "it does not stay up: " + status, log=systemd.last_lines(unit) + _log_lines())


def _log_lines(path=LOG, count=15):
    try:
        with open(path, "rb") as handle:
            handle.seek(0, os.SEEK_END)
            handle.seek(max(handle.tell() - 16384, 0))
            lines = handle.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[-count:]
