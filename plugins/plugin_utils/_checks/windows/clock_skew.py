# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's clock is right."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict
from ..._engine._state import GuestState
from .._clock import skew
from . import _signs

CHECK = Check(
    title="The clock is right",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("clock.now",),
    source="support matrix: a clock in the future is not supported; the host's own Date header is the reference",
)

REFUSED = r"AuthenticationFailed|specified time frame|not within the valid range|certificate .*not (yet )?valid"


def judge(state: GuestState) -> Verdict:
    return skew(state, refused_by_time)


def refused_by_time(state: GuestState) -> list[Evidence]:
    """What agent and plugin say of signatures and certificates that a wrong clock makes invalid."""
    message = _signs.plugin_message(state)
    told = [Evidence("status of the plugin", message)] if re.search(REFUSED, message, re.I) else []
    return told + (_signs.in_agent_log(state, REFUSED) if state.get("agent") is not None else [])
