# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a report breaks a gate: one rule for the exit status and for junit.xml."""

from __future__ import annotations

from collections.abc import Mapping

from .._engine._evaluate import AT_RISK, DEGRADED, PARTIAL, READY, UNREACHABLE
from .._engine._evaluate import UNKNOWN as UNDECIDED
from .._engine._model import CRITICAL, FAIL, UNKNOWN, WARN
from .._engine._reconcile import void

NEVER, ON_WARNING, ON_CRITICAL = "never", "warning", "critical"
GATES = (NEVER, ON_WARNING, ON_CRITICAL)


def breaking(report: Mapping, fail_on: str) -> list[str]:
    """Names of the hosts for which a run with this gate ends with an error.

    ``critical``: the next backup fails, or nobody can say that it works. ``warning``: also hosts at risk or with
    degraded recovery points. A gate judges what was checked: what was left out by choice does not break it.
    """
    passing = {NEVER: None, ON_CRITICAL: (READY, PARTIAL, AT_RISK, DEGRADED), ON_WARNING: (READY, PARTIAL)}[fail_on]
    return [host["host"] for host in report["hosts"] if passing and host["verdict"] not in passing]


def nobody(report: Mapping) -> bool:
    """Whether not one host of a run was diagnosed: such a run has not done its work, whatever its gate."""
    return all(undiagnosed(host) for host in report["hosts"])


def unread(report: Mapping, fail_on: str) -> bool:
    """Whether the gate breaks because Azure was to be read and was not: nobody can say what it would have told."""
    return fail_on != NEVER and bool(report.get("azure", {}).get("error"))


def outcome(finding: Mapping, verdict: str, fail_on: str) -> str:
    """What one finding is to a test report: ``failure``, ``error``, ``skipped`` or ``passed``.

    It agrees with `breaking`: a host breaks the gate exactly when it has a failure or an error. ``never`` silences
    the exit status only; a test report that hides failures would be of no use.
    """
    status = finding["status"]
    if void(finding):
        return "skipped"
    if status == FAIL and verdict == DEGRADED:
        status = WARN
    if status == FAIL or (status == WARN and fail_on == ON_WARNING):
        return "failure"
    if status == UNKNOWN and finding["severity"] == CRITICAL and verdict not in (READY, PARTIAL, AT_RISK, DEGRADED):
        return "error"
    return "passed" if status in ("ok", WARN) else "skipped"


def undiagnosed(host: Mapping) -> bool:
    """Whether the host gave no state that could be judged."""
    no_state = host["reason"] or not host["findings"]
    return host["verdict"] == UNREACHABLE or (host["verdict"] == UNDECIDED and bool(no_state))
