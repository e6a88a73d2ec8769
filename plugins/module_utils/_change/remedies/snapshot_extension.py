# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module snapshot_extension does: puts a stuck VMSnapshotLinux handler aside, so that it comes anew."""

import functools
import os
import time

from ..._guest import handlers
from ..._guest.host import Host
from .. import moving
from ..agent import Agent
from ..errors import ChangeError
from ..pause import check_idle, interrupted, paused
from ..transaction import Plan, execute
from .waagent_service import stays_up

VERIFY_SECONDS = 5

OPTIONS = {
    "state": {"type": "str", "choices": ["reset"], "default": "reset"},
    "force": {"type": "bool", "default": False},
    "service": {"type": "str"},
}


def work(params, context):
    """Return the module's result."""
    agent = Agent(params["service"])
    return execute(lambda: plan(Host(), agent, params["force"], interrupted(context.journal, agent.name)), context)


def plan(host, agent, force=False, left=()):
    """Plan the reset of every version of the handler below the agent's directory; `left` are resets that were killed.

    Where the agent is still stopped, what those were about is moved as well, and the agent runs again if it did before.
    """
    found = read_handlers(host)
    reasons = why_unhealthy(found, time.time())
    paths = handlers.belongings(host) if found and (reasons or force) else []
    stopped = [] if agent.is_active() else list(left)
    paths += [path for earlier in stopped for path in earlier.unmoved if path not in paths]
    step = MoveStep(paths, agent, any(earlier.owes_start for earlier in stopped))
    if stopped:
        reasons.append("an earlier reset was interrupted")
    facts = {
        "reasons": reasons,
        "compliant": not reasons,
        "moved": step.paths,
        "service": agent.name,
    }
    before = {handler["directory"]: handler for handler in found}
    watches = step.changed and agent.systemd and (agent.is_active() or step.starts)
    return Plan([step], before, {} if step.changed else before, facts, functools.partial(_verify, agent, watches, left))


def _verify(agent, watches, left):
    for earlier in left:
        earlier.settle()
    if watches:
        stays_up(agent.systemd, agent.name, VERIFY_SECONDS)
    return {}


def read_handlers(host):
    """Return the installed versions of the handler with their state, newest last."""
    return [_read_handler(host, path) for path in handlers.versions(host)]


def _read_handler(host, path):
    said = handlers.handler_status(host, path + "/config/HandlerStatus") or {}
    last = handlers.status(host, path) or {}
    return {
        "directory": path,
        "handler_state": host.line(path + "/config/HandlerState") or "",
        "handler_status": said.get("status"),
        "status": last.get("word"),
        "status_code": last.get("code"),
        "status_time": last.get("written") or 0,
    }


def why_unhealthy(found, now):
    """Return what is wrong with the newest handler, in words; empty when nothing is."""
    if not found:
        return []
    newest = found[-1]
    reasons = []
    if newest["handler_state"] != "Enabled":
        reasons.append("its handler state is {}".format(newest["handler_state"] or "missing"))
    if newest["handler_status"] not in ("Ready", None):
        reasons.append("the agent reports it as {}".format(newest["handler_status"]))
    if newest["status"] == "transitioning" and now - newest["status_time"] > handlers.COMMAND_LIMIT_S:
        reasons.append("its last command never ended")
    if newest["status"] == "error" or newest["status_code"] not in handlers.GOOD_CODES + (None,):
        reasons.append("its last command ended with code {}".format(newest["status_code"]))
    return reasons


class MoveStep:
    """Stop the agent, move things into the journal, start it again; on trouble all goes back."""

    def __init__(self, paths, agent, starts=False):
        self.paths = paths
        self.starts = starts
        self._agent = agent
        self._stem = os.urandom(4).hex()

    @property
    def changed(self):
        return bool(self.paths) or self.starts

    def diff(self):
        folder = os.path.dirname(self.paths[0]) if self.paths else self._agent.name
        started = "started again\n" if self.starts else ""
        return {
            "before_header": folder,
            "after_header": folder,
            "before": "".join(os.path.basename(path) + "\n" for path in self.paths),
            "after": started,
        }

    def check(self):
        """Raise ChangeError while the extension is at work."""
        check_idle(self.paths)

    def entry(self):
        items = [{"path": path, "aside": self._aside(n)} for n, path in enumerate(self.paths)]
        return {"kind": "moved", "items": items, "unit": self._agent.name} if items else None

    def happened(self):
        return not all(os.path.lexists(path) for path in self.paths) or self.starts and self._agent.is_active()

    def apply(self, run):
        mark = run.mark(self.entry()) if self.paths else None
        with paused(self._agent, mark, self.starts):
            self._move(run)

    def _move(self, run):
        moved = []
        try:
            self.check()  # the agent may have started it in the meantime
            for number, path in enumerate(self.paths):
                aside = run.aside(self._aside(number))
                moving.move(path, aside)
                moved.append((aside, path))
        except ChangeError:
            for aside, path in reversed(moved):
                moving.move(aside, path)
            raise

    def _aside(self, number):
        return "{}-{}".format(self._stem, number)
