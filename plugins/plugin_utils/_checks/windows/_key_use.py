# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the agent can use the private key of its certificate."""

from __future__ import annotations

from ..._engine._model import Evidence, Verdict, by_hand, fail, warn
from ..._facts._types import WindowsState
from .. import _messages
from . import _agent_log, _extension, _run_events

_NUMBERS = r"\b(?:0x)?8009(?:000B|000D|0016|0019|001A|0022|2004|200C|200E)\b"
KEY_REFUSED = (
    r"FailedToDecryptProtectedSettings|Keyset does not exist|Key not valid for use in specified state"
    rf"|context was acquired as silent|Cannot find the certificate and private key|{_NUMBERS}"
)
_RENEW = (
    "Run 'Restart-Service KeyIso' and start a backup. If the key still cannot be used, delete 'Windows Azure CRP "
    "Certificate Generator' from the computer's personal store (certlm.msc) and run 'az vm reapply --resource-group "
    "<group> --name <vm>': the agent makes a new one."
)


def key_refused(state: WindowsState, certificate: Evidence) -> Verdict | None:
    """The verdict where agent or extension say since the last run that succeeded that the key cannot be used."""
    refused = _extension.told_since_success(state, KEY_REFUSED)
    if not refused:
        return None
    run = _run_events.began_to_fail(state)
    # A run that ended for a reason of its own had what it needed of the certificate.
    named = {row.cause for row in _messages.rows_for(_extension.message(state))} - {"tenant_cert"}
    in_the_run = run is not None and not named and _agent_log.lines(state, KEY_REFUSED, after=run)
    judged = fail if in_the_run or _extension.said(state, KEY_REFUSED) else warn
    why = "The agent cannot use the private key of its certificate"
    return judged(why, certificate, *refused, fix=by_hand(_RENEW))
