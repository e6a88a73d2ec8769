# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module snapshot_extension does: puts a stuck VMSnapshotLinux handler aside, so that it comes anew."""

import functools
import json
import os
import re
import time

from .. import moving, processes
from ..agent import Agent
from ..errors import ChangeError, cannot
from ..transaction import Plan, execute
from .waagent_service import disable_marker, stays_up

HANDLER = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
GOOD_CODES = (0, 1, 3, 4)
# The extension itself gives a command up after 140 minutes: later than that nothing is in progress.
STALE_SECONDS = 140 * 60
VERIFY_SECONDS = 5

OPTIONS = {
    "state": {"type": "str", "choices": ["reset"], "default": "reset"},
    "force": {"type": "bool", "default": False},
    "service": {"type": "str"},
}

# The installed handler by version, its package and the list of versions that the agent keeps beside it.
_NAMES = re.compile(re.escape(HANDLER) + r"(-[0-9.]+(\.zip)?|__[0-9.]+\.zip|\.[0-9]+\.manifest\.xml)\Z")
_DIRECTORY = re.compile(re.escape(HANDLER) + r"-([0-9]+(\.[0-9]+)*)\Z")


def work(params, context):
    """Return the module's result."""
    library = os.path.dirname(disable_marker())
    agent = Agent(params["service"])
    return execute(lambda: plan(library, agent, params["force"]), context)


def plan(library, agent, force=False):
    """Plan the reset of every version of the handler below the agent's directory."""
    handlers = read_handlers(library)
    reasons = why_unhealthy(handlers, time.time())
    step = MoveStep(_belongings(library) if handlers and (reasons or force) else [], agent)
    facts = {
        "reasons": reasons,
        "compliant": not reasons,
        "moved": step.paths,
        "service": agent.name,
    }
    before = {handler["directory"]: handler for handler in handlers}
    verify = None
    if step.changed and agent.systemd and agent.is_active():
        verify = functools.partial(_verify, agent)
    return Plan([step], before, {} if step.changed else before, facts, verify)


def _verify(agent):
    stays_up(agent.systemd, agent.name, VERIFY_SECONDS)
    return {}


def read_handlers(library):
    """Return the installed versions of the handler with their state, newest last."""
    try:
        names = os.listdir(library)
    except OSError:
        return []
    found = []
    for name in names:
        match = _DIRECTORY.match(name)
        path = os.path.join(library, name)
        if match and os.path.isdir(path):
            version = tuple(int(part) for part in match.group(1).split("."))
            found.append((version, _read_handler(path)))
    return [handler for _version, handler in sorted(found, key=lambda pair: pair[0])]


def why_unhealthy(handlers, now):
    """Return what is wrong with the newest handler, in words; empty when nothing is."""
    if not handlers:
        return []
    newest = handlers[-1]
    reasons = []
    if newest["handler_state"] != "Enabled":
        reasons.append("its handler state is {}".format(newest["handler_state"] or "missing"))
    if newest["handler_status"] not in ("Ready", None):
        reasons.append("the agent reports it as {}".format(newest["handler_status"]))
    if newest["status"] == "transitioning" and now - newest["status_time"] > STALE_SECONDS:
        reasons.append("its last command never ended")
    if newest["status"] == "error" or newest["status_code"] not in GOOD_CODES + (None,):
        reasons.append("its last command ended with code {}".format(newest["status_code"]))
    return reasons


class MoveStep:
    """Stop the agent, move things into the journal, start it again; on trouble all goes back."""

    def __init__(self, paths, agent):
        self.paths = paths
        self._agent = agent
        self._stem = os.urandom(4).hex()

    @property
    def changed(self):
        return bool(self.paths)

    def diff(self):
        return {
            "before_header": os.path.dirname(self.paths[0]),
            "after_header": os.path.dirname(self.paths[0]),
            "before": "".join(os.path.basename(path) + "\n" for path in self.paths),
            "after": "",
        }

    def check(self):
        """Raise ChangeError while the extension is at work."""
        for path in self.paths:
            users = processes.find_users_of(path)
            if users:
                raise cannot("move", path, "a backup is running there (process {})".format(users[0]))

    def entry(self):
        items = [{"path": path, "aside": self._aside(n)} for n, path in enumerate(self.paths)]
        return {"kind": "moved", "items": items, "unit": self._agent.name, "active": self._agent.is_active()}

    def apply(self, run):
        active = self._agent.is_active()
        if active:
            self._agent.do("stop")
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
        finally:
            if active:
                self._agent.do("start")

    def _aside(self, number):
        return "{}-{}".format(self._stem, number)


def _belongings(library):
    return sorted(os.path.join(library, name) for name in os.listdir(library) if _NAMES.match(name))


def _read_handler(path):
    status = _json(os.path.join(path, "config", "HandlerStatus")) or {}
    last, moment = _last_status(os.path.join(path, "status"))
    return {
        "directory": path,
        "handler_state": (_text(os.path.join(path, "config", "HandlerState")) or "").strip(),
        "handler_status": status.get("status") if isinstance(status, dict) else None,
        "status": last.get("status"),
        "status_code": last.get("code"),
        "status_time": moment,
    }


def _last_status(folder):
    try:
        names = [name for name in os.listdir(folder) if re.match(r"[0-9]+\.status\Z", name)]
    except OSError:
        return {}, 0
    if not names:
        return {}, 0
    path = os.path.join(folder, max(names, key=lambda name: int(name.split(".")[0])))
    content = _json(path)
    try:
        return dict(content[0]["status"]), os.stat(path).st_mtime
    except (TypeError, KeyError, IndexError, ValueError, OSError):
        return {}, 0


def _json(path):
    try:
        return json.loads(_text(path) or "null")
    except ValueError:
        return None


def _text(path):
    try:
        with open(path, "rb") as handle:
            return handle.read(256 * 1024).decode("utf-8", "replace")
    except OSError:
        return None
