# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the last run of the snapshot extension tells of its freezing."""

from __future__ import annotations

from collections.abc import Collection

from ..._engine._model import Evidence, Verdict, by_hand, fail, ok, warn
from ..._facts._types import LinuxState
from ._last_run import ended_with, last_result
from ._result_codes import TRANSITION

REFUSED = 121
EXCLUDE = (
    "Look in extension.log for what stopped the freeze helper, and exclude /var/lib/waagent from security products."
)


def last_freeze(state: LinuxState, targets: Collection[str] = ()) -> Verdict | None:
    """The verdict on trouble with the last freeze. ``targets``: what the next one freezes, where that is known."""
    code = ended_with(state, REFUSED)
    return _refused(state, targets, code) if code else _never_thawed(state)


def _refused(state: LinuxState, targets: Collection[str], code: Evidence) -> Verdict:
    run = state.extension.get("last_run")
    failures = [one for one in run.failures if one.step == "fifreeze"] if run is not None else []
    still = [one for one in failures if one.mount in targets or not state.live]
    if failures and not still:
        return ok(code, why="Earlier: the mount that refused to freeze is gone, or is skipped now")
    evidence = [Evidence(f"{run.origin}: {one.mount}", one.error or "failed") for one in still]
    key = "The last backup could not freeze a file system" + (f": {still[0].mount}" if still else "")
    why = f"{key} ({still[0].error})" if still and still[0].error else key
    return fail(why, code, *evidence, key=key)


def _never_thawed(state: LinuxState) -> Verdict | None:
    run = state.extension.get("last_run")
    if run is None or run.code is not None or not run.freezing or run.thawed or run.failures:
        return None
    result = last_result(state)
    # A running backup looks the same; on a disk nothing runs any more.
    if result is None and state.live or result is not None and result.code != TRANSITION:
        return None
    security = state.get("security")
    guards = security.get("guards") if security else None
    evidence = [run.fact("ended"), *([Evidence("processes", ", ".join(guards))] if guards else [])]
    why = "The last backup froze the file systems and did not thaw them"
    if result is not None and result.before_boot:
        return warn(f"{why}; the system has rebooted since", *evidence, fix=by_hand(EXCLUDE))
    thaw = "If writing hangs, run `fsfreeze --unfreeze` on each mount point, or reboot the VM."
    return fail(why, *evidence, fix=by_hand(f"{thaw} {EXCLUDE}"))
