# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between controller and guest: a bound on every wait, and one plain line for what broke."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask

_SEND_FAILED = "winrm send_input failed"
_NOT_TAKEN = "the guest did not accept what was sent: the connection was lost, or a limit such as MaxEnvelopeSizekb"
_POOL = r"HTTPS?ConnectionPool\(host='([^']*)', port=(\d+)\): .*"
_PLAIN = (
    # pywinrm and requests: what people know is inside or at the end.
    (r" \(extended fault data: \{.*", ""),
    (_POOL + r"\btimed out.*", r"\1:\2 does not answer: timed out"),
    (_POOL + r"\[SSL: \w+\] (.*?) \(_ssl.*", r"\1:\2: \3"),
    (_POOL + r"[:\"'] ?([\w\[][^:\"']*?)[\"')]*$", r"cannot reach \1:\2: \3"),
    (r"\('Connection aborted\.', .*?['\"]([^'\"]+)['\"]\)*$", r"the connection was lost: \1"),
)


class _Late(BaseException):
    """Passes everything on its way that holds exceptions back."""


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


@contextmanager
def guarded(seconds: float | None) -> Iterator[None]:
    """Raises AnsibleConnectionFailure when the connection breaks or gives nothing for so long (None: for ever).

    Connection plugins wait without end for a command that never ends, and let exceptions of their libraries through.
    """

    def late(*_signal: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late) if seconds else None
    try:
        if seconds:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    except _Late:
        raise AnsibleConnectionFailure(f"the guest does not answer: nothing within {seconds:.0f} s") from None
    except AnsibleError as error:
        if _SEND_FAILED in str(error):
            raise AnsibleConnectionFailure(_NOT_TAKEN) from None
        raise
    except Exception as error:
        # A cause would be shown as well: the same words a second time.
        raise AnsibleConnectionFailure(plain(error)) from None
    finally:
        if seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def plain(error: Exception) -> str:
    """What an exception says, on one line, without the wrapping of libraries and without secrets."""
    text = " ".join(str(error).split()) or type(error).__name__
    for pattern, put in _PLAIN:
        text = re.sub(pattern, put, text)
    return mask(text)
