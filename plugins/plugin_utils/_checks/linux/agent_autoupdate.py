# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent updates itself.

Most failures of extensions on Linux come from old agents, and new versions of the snapshot extension are tested with
new agents. Distributions ship the agent's own updates switched off: no fault today, a risk for later. The newer of the
two switches counts where it is set to y or n.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT
from ._conf import setting
from ._pages import AGENT_FAQ, AGENT_LINUX, AGENT_README

NEW, OLD = "AutoUpdate.UpdateToLatestVersion", "AutoUpdate.Enabled"

CHECK = Check(
    title="The agent updates itself",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    remedies=("waagent_conf",),
    sources=(AGENT_README, AGENT_FAQ, AGENT_LINUX, TROUBLESHOOT_AGENT),
    advice=f"Set {NEW}=y in waagent.conf, remove the line {OLD}=n, and restart the agent. Leave it off only where your"
    " packages keep the agent current.",
)


def judge(state: LinuxState) -> Verdict:
    new, old = (state.conf.settings[key] for key in (NEW, OLD))
    decides, entry = (NEW, new) if (new.text or "").lower() in ("y", "n") else (OLD, old)
    evidence = setting(state, decides)
    if entry.value:
        return ok(evidence)
    return warn(
        f"{decides} is off: the agent gets fixes only with the distribution's packages",
        evidence,
        key="The agent's own updates are switched off",
        fix=Fix("waagent_conf", confirm=True, settings={NEW: True, OLD: None}),
    )
