# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent updates itself. Distributions ship it switched off: a risk for later, no fault."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from ._conf import setting

NEW, OLD = "AutoUpdate.UpdateToLatestVersion", "AutoUpdate.Enabled"

CHECK = Check(
    title="The agent updates itself",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    source="article, issue 2; WALinuxAgent: the newer of its two switches counts where it is set",
)


def judge(state: GuestState) -> Verdict:
    new, old = (state.conf.settings[key] for key in (NEW, OLD))
    decides, entry = (NEW, new) if (new.text or "").lower() in ("y", "n") else (OLD, old)
    evidence = setting(state, decides)
    if entry.value:
        return ok(evidence)
    return warn("The agent's own updates are switched off: fixes arrive with distribution packages only", evidence)
