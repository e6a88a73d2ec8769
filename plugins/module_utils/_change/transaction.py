# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""One module call: plan, lock, plan again, journal, apply. Check mode stops after the first plan."""

from .._guest.masking import mask
from . import answer, atomic, lock
from .errors import ChangeError, failure_of
from .journal import Journal, new_run_id


class Context:
    """How a call runs: check mode, run id (made up when empty), journal and the caller's name."""

    def __init__(self, module, check=False, run_id=None, journal_dir=None):
        self.module = module
        self.check = check
        self.run_id = run_id or None
        self.journal = Journal(journal_dir) if journal_dir else Journal()


class Plan:
    """What a call would do: steps in order, the facts before and after, and what follows the steps.

    `verify` runs after the steps, in a real run only and also when no step was needed; it returns facts
    for the result or raises ChangeError when the host is not as wanted.
    `watched` are files that a killed run may have left temporary files beside.
    """

    def __init__(self, steps, before, after, facts=None, verify=None, watched=()):
        self.steps = [step for step in steps if step.changed]
        self.before = before
        self.after = after
        self.facts = facts or {}
        self.verify = verify
        self.watched = list(watched) + [step.path for step in steps if hasattr(step, "path")]

    @property
    def changed(self):
        return bool(self.steps)


def execute(make_plan, context):
    """Carry out what `make_plan()` plans and return the module's result; raises ChangeError."""
    plan = make_plan()
    for step in plan.steps:
        step.check()
    if plan.changed:
        context.journal.check()
    if context.check:
        return _result(plan, context, None)
    if not plan.changed:
        _clean(plan, context)
        _verify(plan)
        return _result(plan, context, None)
    context.journal.prepare()
    with lock.writer(context.journal.directory, context.module):
        # The first plan was made without the lock: another run may have finished in between.
        plan = make_plan()
        context.journal.clean()
        for path in plan.watched:
            atomic.clean_leftovers(path)
        run = _apply(plan, context) if plan.changed else _verify(plan)
    return _result(plan, context, run)


def _apply(plan, context):
    entries = [dict(entry, module=context.module) for entry in (step.entry() for step in plan.steps) if entry]
    run = None
    if entries:
        run = context.journal.open(context.run_id or new_run_id())
        run.add(entries)
    answer.note(changed=True, **_place(run))
    tried: list = []
    try:
        for step in plan.steps:
            tried.append(step)
            step.apply(run)
        _verify(plan)
    except Exception as error:  # pylint: disable=broad-except
        failure = failure_of(error, context.module)
        failure.facts["changed"] = any(_happened(step) for step in tried)
        failure.facts.update(_place(run))
        raise failure from None
    return run


def _place(run):
    """What was done so far stands in the journal: the caller can undo it by this id."""
    return {"run_id": run.run_id, "journal": run.path} if run else {}


def _happened(step):
    try:
        return step.happened()
    except (ChangeError, OSError):
        return True


def _verify(plan):
    if plan.verify:
        plan.facts.update(plan.verify())


def _clean(plan, context):
    if any(atomic.leftovers(path) for path in plan.watched):
        context.journal.prepare()
        with lock.writer(context.journal.directory, context.module):
            for path in plan.watched:
                atomic.clean_leftovers(path)


def _result(plan, context, run):
    result = {
        "changed": plan.changed,
        "compliant": not plan.changed,
        "before": plan.before,
        "after": plan.after,
        "diff": [diff for diff in (step.diff() for step in plan.steps) if diff],
        "run_id": run.run_id if run else context.run_id or "",
        "journal": run.path if run else "",
    }
    result.update(plan.facts)
    losses = [sentence for step in plan.steps for sentence in getattr(step, "losses", [])]
    result["warnings"] = list(result.get("warnings", [])) + losses
    return mask(result)
