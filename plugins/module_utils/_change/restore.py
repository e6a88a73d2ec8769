# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Undo of one run: all of it is checked first, then brought back in reverse order."""

from .._guest import processes
from .._guest.host import Host, Missing
from .._guest.masking import mask
from . import answer, lock, managers
from .errors import ChangeError, cannot, failure_of
from .journal import Journal
from .systemd import DROPIN_DIRECTORY
from .undo_actions import CommandsBack, FileBack, MaskBack, MovedBack, RoutesBack, RuleBack, ScriptBack, UnitBack

OPTIONS = {
    "run_id": {"type": "str", "required": True},
    "root": {"type": "path"},
}
LIST_OPTIONS = {"root": {"type": "path"}}


def work(params, context):
    """Return the module's result: the run's things as they were before it."""
    journal = context.journal
    run = journal.find(params["run_id"])
    actions = plan(run)
    if not context.check and (not run.undone or any(action.litters for action in actions)):
        with lock.writer(journal.directory, context.module):
            journal.clean()
            run = journal.find(params["run_id"])
            actions = plan(run)
            _apply_and_tell(run, actions)
    return _result(run, [action for action in actions if action.needed])


def plan(run):
    """Return what undoing the run takes.

    Raises ChangeError when a file changed since, when something cannot be written, or when an entry is damaged.
    """
    actions = plan_entries(run, run.entries())
    for action in actions:
        if action.needed:
            action.check()
    return actions


def plan_entries(run, entries):
    """The same for some of the run's entries, without a look at what can be written: what can be is brought back."""
    files = {}
    actions: list = []
    for entry in reversed(entries):
        if entry["kind"] == "file":
            # Several entries of one file end as one write, in the place of the newest.
            if entry["path"] in files:
                files[entry["path"]].add(entry)
                continue
            files[entry["path"]] = FileBack(run, entry)
            actions.append(files[entry["path"]])
        elif entry["kind"] in ACTIONS:
            actions.append(ACTIONS[entry["kind"]](run, entry))
        elif entry["kind"] != "reload":
            raise cannot("undo", run.run_id, "an entry of kind '{}' is of a newer version".format(entry["kind"]))
    if run.undone:
        # What is again as the run left it, someone else has made so; it may be gone. Only what killed runs left goes.
        return actions
    for action in actions:
        action.resolve()
    changed = [action.path for action in files.values() if action.conflict]
    if changed:
        names = ", ".join(sorted(changed))
        raise cannot("undo", run.run_id, "changed since by someone else: " + names, conflicts=sorted(changed))
    restores = any(action.needed for action in files.values())
    for action in actions:
        if isinstance(action, CommandsBack):
            action.needed = restores
    return actions


def plan_module(run, module):
    """Return what undoing one module's part of a run takes, as far as its entries can be read."""
    entries, _faults = run.read()
    return plan_entries(run, [entry for entry in entries if entry["module"] == module])


def undo_module(run, module, effects):
    """Undo what one module did in a run; `effects` tells whether commands that make restored files count run, too."""
    actions = plan_module(run, module)
    for action in actions:
        if isinstance(action, CommandsBack):
            action.needed = effects
    _apply(actions, [])


def undo_entries(run, entries):
    """Undo some of a run's entries; for the holder of the lock."""
    _apply(plan_entries(run, entries), [])


def _apply_and_tell(run, actions):
    """Undo; what fails says what was done before it."""
    done: list = []
    answer.note(changed=any(action.needed for action in actions), run_id=run.run_id, journal=run.path)
    try:
        _apply(actions, done)
        run.mark_undone()
    except Exception as error:  # pylint: disable=broad-except
        failure = failure_of(error, "journal_restore")
        failure.facts.update(_result(run, [action for action in done if _happened(action)]))
        raise failure from None


def _happened(action):
    try:
        return action.happened()
    except (ChangeError, OSError):
        return True


def _apply(actions, done):
    """Carry out what is needed; each action is in `done` as soon as it was begun."""
    for action in actions:
        action.clean()
        if action.needed:
            done.append(action)
            action.apply()
            if isinstance(action, FileBack) and action.path.startswith(DROPIN_DIRECTORY + "/"):
                managers.systemd().reload()


def _result(run, needed):
    return mask(
        {
            "changed": bool(needed),
            "run_id": run.run_id,
            "journal": run.path,
            "restored": [action.describe() for action in needed],
            "diff": [action.diff() for action in needed],
            # The agent reads its file, and systemd its drop-ins, only when the agent starts.
            "restart_required": any(action.is_read_at_start for action in needed) and _may_run(),
            # Without a readable run.json: its entries are whole, and undo needs no more.
            "warnings": ([str(run.fault)] if run.fault else []) + [words for each in needed for words in each.losses],
        }
    )


def _may_run():
    """Whether the agent runs, or that cannot be seen now: what was done has to be told all the same."""
    try:
        return bool(processes.daemons(Host()))
    except Missing:
        return True


ACTIONS = {
    "unit": UnitBack,
    "unmasked": MaskBack,
    "script": ScriptBack,
    "moved": MovedBack,
    "commands": CommandsBack,
    "rule": RuleBack,
    "routes": RoutesBack,
}
NAMED_BY = {
    "file": "path",
    "unit": "unit",
    "unmasked": "unit",
    "script": "service",
    "commands": "interface",
    "rule": "firewall",
    "routes": "interface",
}


def list_runs(params, _context):
    """Return the journal's runs, newest first, without any file's content."""
    runs = Journal(params["journal_dir"]).runs()
    wanted = [run for run in runs if params["run_id"] in (None, "", run.run_id)]
    return mask({"changed": False, "runs": [_describe(run) for run in wanted]})


def _describe(run):
    entries, faults = run.read()
    faults = ([run.fault] if run.fault else []) + faults
    return {
        "run_id": run.run_id,
        "created": run.created,
        "undone": run.undone,
        "damaged": str(faults[0]) if faults else None,
        "modules": sorted({entry["module"] for entry in entries}),
        "touched": [_touched(entry) for entry in entries if entry["kind"] != "reload"],
    }


def _touched(entry):
    if entry["kind"] == "moved":
        names = [item["path"] for item in entry["items"]]
    else:
        names = [entry[NAMED_BY[entry["kind"]]]] if entry["kind"] in NAMED_BY else []
    return {"kind": entry["kind"], "names": names}
