# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent finds its configuration file and can read it.

Without a configuration file, or with an empty or unreadable one, the agent exits at start, and every backup fails.
The file is ``/etc/waagent.conf`` on most distributions.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, ok
from ..._facts._types import LinuxState
from .._pages import agent_file
from ._agent import at_next_start
from ._pages import AGENT_LINUX

CHECK = Check(
    title="The agent's configuration file can be read",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("conf.kind",),
    explained_by=("agent_installed",),
    keeps_agent_down=True,
    sources=(AGENT_LINUX, agent_file("azurelinuxagent/common/conf.py")),
    advice="Restore the file from a backup or by reinstalling the agent's package, add your own settings again, and"
    " start the agent. Do not create an empty file: the agent rejects it.",
)


def judge(state: LinuxState) -> Verdict:
    conf = state.conf
    if conf.kind == "missing":
        why = f"The agent's configuration file {conf.path} is missing"
        return at_next_start(state, why, conf.fact("kind"), key="missing")
    if conf.kind != "file":
        why = f"The agent's configuration file is not a regular file ({conf.kind})"
        return at_next_start(state, why, conf.fact("kind"))
    error = conf.agent_error
    if error is not None:
        place = conf.path if error.line is None else f"{conf.path}:{error.line}"
        why = f"The agent cannot read its configuration file: {error.reason}"
        return at_next_start(state, why, Evidence(place, error.reason))
    return ok(Evidence(conf.path, f"{conf.size} bytes"))
