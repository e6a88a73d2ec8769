# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module verbose_logging does: the agent logs everything, for a time only."""

import os
import time

from ..._guest import processes, surroundings
from ..._guest.host import Host
from ..._guest.masking import mask
from ..._guest.waagent_conf_edit import WaagentConf
from ..._guest.waagent_keys import typed
from .. import atomic, expiry, lock, restore
from ..errors import ChangeError, cannot, failure_of
from ..journal import Journal, Run, new_run_id
from ..transaction import Context, Plan, execute
from . import waagent_conf, waagent_service

MODULE, NAME, KEY = "verbose_logging", "vmbackup-verbose-logging", "Logs.Verbose"
WHAT = "verbose logging of the Azure Linux agent"
LONGEST = 7 * 24 * 60

OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "minutes": {"type": "int", "default": 60},
}


def work(params, context):
    """Return the module's result."""
    if not 1 <= params["minutes"] <= LONGEST:
        raise cannot("log verbosely for", params["minutes"], "give 1 to {} minutes".format(LONGEST))
    if params["state"] == "absent":
        return _turn_off(context)
    until = expiry.until(NAME)
    path = waagent_conf.find()
    if until and not _is_verbose(path):
        raise cannot("set", KEY, "someone changed it before its time was over; use state=absent first")
    over = int(time.time()) + 60 * params["minutes"]
    try:
        result = execute(lambda: _plan(path, over, context), context)
    except ChangeError as error:
        if "journal" in error.facts and expiry.until(NAME) is None:
            Run(error.facts["journal"]).mark_ended()
        raise
    result["until"] = expiry.utc(over) if result["changed"] else until
    if not result["changed"] and not until:
        result["warnings"].append(KEY + " was set before; nothing turns it off")
    # A run that was killed before the restart left an agent that has not read the file yet.
    try:
        result["restarted"] = (result["changed"] or waagent_conf.runs_with_older(path)) and _restart(context)
    except ChangeError as error:
        error.facts.update({name: result[name] for name in ("changed", "run_id", "journal")})
        raise
    result["changed"] = result["changed"] or result["restarted"]
    return result


def _plan(path, over, context):
    plan = waagent_conf.plan(path, {KEY: "y"})
    if plan.changed and not _is_verbose(path):
        run_id = context.run_id or new_run_id()
        if not context.check:
            context.run_id = run_id
        directory = context.journal.directory
        call = (expire, directory, run_id, str(over))
        # First of all what ends it. Its undo begins with the last step, so it is there until all else is undone.
        limit = expiry.steps(NAME, WHAT, os.path.join(directory, run_id), call, over)
        return Plan(limit + plan.steps, plan.before, plan.after, plan.facts)
    return Plan([], plan.before, plan.before, plan.facts)


def _is_verbose(path):
    return typed(KEY, _value(atomic.read(path)))


def _value(state):
    return WaagentConf(state.data).values().get(KEY) if state else None


def _turn_off(context):
    run = _find_run(context.journal)
    before = {KEY: _value(atomic.read(waagent_conf.find()))}
    result = {"changed": run is not None, "compliant": run is None, "before": before, "after": before, "until": None}
    result.update(run_id="", journal="", diff=[], warnings=[], restarted=False)
    if run is None:
        return result
    result.update(run_id=run.run_id, journal=run.path, diff=_diff(run))
    result["after"] = {KEY: _value(run.before(_entries(run)[-1]))}
    result["restarted"] = end(context, run) if not context.check else bool(processes.daemons(Host()))
    return mask(result)


def _find_run(journal):
    """Return the run that is not over yet."""
    if expiry.until(NAME) is None:
        return None
    for run in journal.runs():
        if not run.undone and _entries(run):
            return run
    raise cannot("turn off", KEY, "the journal '{}' has no such run".format(journal.directory))


def _entries(run):
    return [entry for entry in run.entries() if entry["module"] == MODULE]


def _diff(run):
    return [action.diff() for action in restore.plan_entries(run, _entries(run)[:-1]) if action.needed]


def end(context, run):
    """Bring the file back, restart the agent, and take away what would do the same; returns whether it restarted."""
    entries = _entries(run)
    with lock.writer(context.journal.directory, MODULE):
        others = _undo_file(run, entries[-1])
    if others:
        _set_back(context, entries[-1]["path"], _value(run.before(entries[-1])))
    restarted = _restart(context)
    with lock.writer(context.journal.directory, MODULE):
        restore.undo_entries(run, entries[:-1])
        run.mark_ended()
        if len(entries) == len(run.entries()):
            run.mark_undone()
    return restarted


def _undo_file(run, entry):
    """Return whether someone else changed the file since; then only its key goes back."""
    try:
        restore.undo_entries(run, [entry])
    except ChangeError as error:
        if not error.facts.get("conflicts"):
            raise
        return True
    return False


def _set_back(context, path, value):
    if atomic.read(path) is not None and _is_verbose(path):
        own = Context("waagent_conf", journal_dir=context.journal.directory)
        execute(lambda: waagent_conf.plan(path, {KEY: value}), own)


def _restart(context):
    """Restart the agent where it runs; returns whether it does."""
    if not processes.daemons(Host()):
        return False
    wanted = {name: option.get("default") for name, option in waagent_service.OPTIONS.items()}
    own = Context("waagent_service", context.check, journal_dir=context.journal.directory)
    waagent_service.work(dict(wanted, state="restarted", enabled=False), own)
    return True


def expire(journal_dir, run_id, over):
    """End the run if its time is over; the guest calls this by itself. A failure is tried again later."""
    surroundings.settle()
    if time.time() < int(over):
        return
    context = Context(MODULE, journal_dir=journal_dir)
    try:
        end(context, Journal(journal_dir).find(run_id))
    except Exception as error:  # pylint: disable=broad-except
        raise SystemExit(mask(str(failure_of(error, MODULE)))) from None
