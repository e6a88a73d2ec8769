# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The answer of a module, whose work is done apart: it may hang for good with a file system that does not answer."""

import json

from .._guest import apart, mount_table, network_mounts
from .._guest.host import Host, Missing
from .errors import ChangeError, cannot, failure_of

# What one call of a file may take. A disk that is only slow answers long before.
SILENT_SECONDS = 30

_board = apart.Board()


def of(work, name):
    """Return what `work()` returns, or raise its error as a ChangeError; one that hangs is left behind."""
    note()
    text = apart.run(lambda: _packed(work, name), SILENT_SECONDS, _board)
    if text is None:
        facts = json.loads(_board.read().decode("ascii"))
        raise cannot("run", name, "its process was killed" if _board.left() else _silence(), **facts)
    result, error, facts = json.loads(text.decode("ascii"))
    if error is not None:
        raise ChangeError(error, **facts)
    return result


def goes_on(seconds=0):
    """The work does not hang, though nothing may be heard of it for the next `seconds`."""
    _board.allow(seconds + SILENT_SECONDS)


def note(**facts):
    """What is true from now on, should there be no answer."""
    _board.write(json.dumps(facts).encode("ascii"))


def _packed(work, name):
    try:
        answer: tuple = work(), None, None
    except Exception as error:  # pylint: disable=broad-except
        failure = failure_of(error, name)
        answer = None, str(failure), failure.facts
    return json.dumps(answer).encode("ascii")


def _silence():
    host = Host()
    try:
        mounts, _place = mount_table.read(host)
        silent = [mount for mount, answers in network_mounts.look(host, mounts) if answers is False]
    except Missing:
        silent = []
    named = ", ".join("'{}' ({})".format(mount.target, mount.fstype) for mount in silent)
    return "no answer within {:g} s: {}".format(
        _board.allowed, named + " does not answer" if named else "a file system or device does not answer"
    )
