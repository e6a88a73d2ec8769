# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent takes auto, cloud-init, waagent and disabled for Provisioning.Agent. With any other word it takes none of
its ways of provisioning."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._codes import NO_STATUS
from .._pages import TROUBLESHOOT_AGENT
from ._conf import setting
from ._pages import AGENT_README

KEY = "Provisioning.Agent"
KNOWN = ("auto", "cloud-init", "waagent", "disabled")

CHECK = Check(
    title="Provisioning.Agent names a provisioning agent",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    error_codes=NO_STATUS,
    remedies=("waagent_conf",),
    sources=(
        TROUBLESHOOT_AGENT,
        AGENT_README,
    ),
    advice=("Set Provisioning.Agent to auto, cloud-init, waagent or disabled in waagent.conf, and restart the agent."),
)


def judge(state: LinuxState) -> Verdict:
    value, evidence = state.conf.settings[KEY].value, setting(state, KEY)
    if value in KNOWN:
        return ok(evidence)
    return warn(
        f"{KEY}={value} is not a provisioning agent",
        evidence,
        fix=Fix("waagent_conf", confirm=True, settings={KEY: "auto"}),
    )
