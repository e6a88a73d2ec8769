# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's clock is right."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict
from ..._engine._state import GuestState
from .._clock import skew

CHECK = Check(
    title="The clock is right",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("clock.now",),
    source="support matrix: a clock in the future is not supported; the host's own Date header is the reference",
)


def judge(state: GuestState) -> Verdict:
    return skew(state)
