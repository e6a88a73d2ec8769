# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The agent stopped while its things are moved. A mark in the run tells what a killed one owes: to start it again."""

import contextlib
import os

from .._guest import processes
from .._guest.host import Host
from . import atomic, marks, moving
from .errors import cannot

ACTIVE, INACTIVE = b"active\n", b"inactive\n"


@contextlib.contextmanager
def paused(agent, mark, start=False):
    """Meanwhile the agent is stopped; afterwards it runs if it did before, or if it is to `start`.

    The mark is there until all of this has been done.
    """
    start = start or agent.is_active()
    if mark:
        marks.put(mark, ACTIVE if start else INACTIVE)
    if agent.is_active():
        agent.do("stop")
    try:
        yield
    finally:
        if start:
            agent.do("start")
        if mark:
            marks.drop(mark)


def check_idle(paths):
    """Raise ChangeError while the extension is at work below one of the paths."""
    for path in paths:
        users = processes.users_of(Host(), path)
        if users:
            raise cannot("move", path, "a backup is running there (process {})".format(users[0]))


class Interrupted:
    """A move that was killed: its mark, and the things ``(path, place in the run)`` that it was about."""

    def __init__(self, run, entry):
        self.mark = run.mark(entry)
        self.items = [(item["path"], run.aside(item["aside"])) for item in entry["items"]]

    @property
    def owes_start(self):
        """Whether the agent ran before it was stopped."""
        state = atomic.read(self.mark)
        return state is not None and state.data == ACTIVE

    @property
    def unmoved(self):
        """The paths of what is still in its place, though it may have been copied already."""
        return [path for path, _aside in self.items if os.path.lexists(path)]

    @property
    def litters(self):
        """Whether there is something to `settle`."""
        return os.path.exists(self.mark) or any(moving.leftovers(path, aside) for path, aside in self.items)

    def settle(self):
        """Remove what the killed run left, once another one has done its work."""
        for path, aside in self.items:
            moving.clean(path, aside)
        marks.drop(self.mark)


def interrupted(journal, unit):
    """The killed moves of a unit's things in a journal, newest first."""
    return [
        Interrupted(run, entry)
        for run in journal.runs()
        for entry in run.read()[0]
        if entry["kind"] == "moved" and entry["unit"] == unit and os.path.exists(run.mark(entry))
    ]
