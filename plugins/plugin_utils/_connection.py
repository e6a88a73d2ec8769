# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between controller and guest: a bound on every wait, and one plain line for what broke."""

from __future__ import annotations

import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

from ..module_utils._guest.masking import mask
from ._engine._safe import safe

_SEND_FAILED = "winrm send_input failed"
_NOT_TAKEN = "the guest did not accept what was sent: the connection was lost, or a limit such as MaxEnvelopeSizekb"
_POOL = r"HTTPS?ConnectionPool\(host='([^']*)', port=(\d+)\): .*"
_MISSING = {
    r".*winrm or requests is not installed: .*": "pywinrm",
    r".*xmltodict is not installed: .*": "pywinrm",
    r".*pypsrp or dependencies are not installed: .*": "pypsrp",
    r".*the python kerberos library is not installed.*": "'pywinrm[kerberos]'",
}
"""What connection plugins say without a library, and the package that brings it."""
_PLAIN = (
    *(
        (pattern, f"the controller lacks a library of this connection: {sys.executable} -m pip install {package}")
        for pattern, package in _MISSING.items()
    ),
    # Ansible shows its whole command, which names another directory on each host: no two hosts would have one reason.
    (
        r"Failed to create temporary directory\. .*?\bexited with result (\d+)",
        r"cannot create a temporary directory on the host: exit status \1",
    ),
    # pywinrm and requests: what people know is inside or at the end.
    (r" \(extended fault data: \{.*", ""),
    (_POOL + r"\btimed out.*", r"\1:\2 does not answer: timed out"),
    (_POOL + r"\[SSL: \w+\] (.*?) \(_ssl.*", r"\1:\2: \3"),
    (_POOL + r"[:\"'] ?([\w\[][^:\"']*?)[\"')]*$", r"cannot reach \1:\2: \3"),
    (r"\('Connection aborted\.', .*?['\"]([^'\"]+)['\"]\)*$", r"the connection was lost: \1"),
)


MEMORY = 96 << 20
"""Bytes that a guest's answer may cost this process: many times what a module and its result take."""
_LOOK_S = 0.05
_LOOKED_AT = 1 << 16


class _Late(BaseException):
    """Passes everything on its way that holds exceptions back."""


class _Flood(_Late):
    pass


def settle_become(connection: ConnectionBase, wanted: bool | None) -> None:
    """Takes the task's become back where it is not ``wanted``; None: where there is no sudo, on Windows.

    So a playbook for both systems says ``become: true`` and needs no template of every task for it, which would cost
    more than judging a guest.
    """
    if wanted is None:
        wanted = not is_windows(connection)
    if not wanted:
        connection.set_become_plugin(None)


def is_windows(connection: ConnectionBase) -> bool:
    """Whether the guest's shell is one of Windows."""
    return getattr(connection._shell, "_IS_WINDOWS", False)


def takes_input(connection: ConnectionBase) -> bool:
    """Whether a command's input reaches the guest (pipelining), by what the connection says of itself."""
    if hasattr(connection, "is_pipelining_enabled"):  # ansible-core 2.19 and newer
        return connection.is_pipelining_enabled()
    if not connection.has_pipelining or getattr(connection.become, "name", None) == "su":
        return False
    try:
        return bool(connection.always_pipeline_modules or connection.get_option("pipelining"))
    except (KeyError, AttributeError, ValueError):  # it has no such option
        return False


@contextmanager
def guarded(seconds: float | None) -> Iterator[None]:
    """Raises AnsibleConnectionFailure when the connection breaks, floods, or gives nothing for so long (None: ever).

    Connection plugins wait without end for a command that never ends, keep whatever it prints, and let exceptions of
    their libraries through.
    """
    try:
        with _alarm(signal.ITIMER_REAL, signal.SIGALRM, seconds, _late), _flood_alarm():
            yield
    except _Flood:
        raise AnsibleConnectionFailure(f"the guest sends more than {MEMORY >> 20} MiB") from None
    except _Late:
        raise AnsibleConnectionFailure(f"the guest does not answer: nothing within {seconds:.0f} s") from None
    except AnsibleError as error:
        if _SEND_FAILED in str(error):
            raise AnsibleConnectionFailure(_NOT_TAKEN) from None
        raise
    except Exception as error:
        # A cause would be shown as well: the same words a second time.
        raise AnsibleConnectionFailure(plain(error)) from None


def _late(*_signal: object) -> None:
    raise _Late


@contextmanager
def _alarm(timer: int, number: int, seconds: float | None, handler: Callable, again: float = 0) -> Iterator[None]:
    before = signal.signal(number, handler) if seconds else None
    try:
        if seconds:
            signal.setitimer(timer, seconds, again)
        yield
    finally:
        if seconds:
            signal.setitimer(timer, 0)
            signal.signal(number, before)


def _flood_alarm() -> AbstractContextManager[None]:
    """Looks at the memory from time to time, by this process's own time: what takes memory takes that, too."""
    limit = _memory() + MEMORY

    def look(*_signal: object) -> None:
        if _memory() > limit:
            signal.setitimer(signal.ITIMER_PROF, 0)  # once: what it interrupts has to end in peace
            raise _Flood

    return _alarm(signal.ITIMER_PROF, signal.SIGPROF, _LOOK_S, look, _LOOK_S)


def _memory() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def plain(error: Exception) -> str:
    """What an exception says, on one line, without the wrapping of libraries and without secrets."""
    text = " ".join(str(error)[:_LOOKED_AT].split()) or type(error).__name__
    for pattern, put in _PLAIN:
        text = re.sub(pattern, put, text)
    return safe(mask(text))
