# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's clock agrees with the Azure host's.

The settings of the extension and the addresses of Azure Storage are signed for a span of time, and certificates have
one too. A clock that is wrong by minutes makes Azure refuse them. The Date field of the wire server's answer is the
reference. The support matrix calls a clock in the future unsupported; refused signatures make it a failure.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict
from ..._facts._types import WindowsState
from .._clock import skew
from .._pages import SUPPORT_MATRIX
from . import _agent_log, _extension

CHECK = Check(
    title="The clock is right",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("clock.now",),
    advice=(
        "Run 'w32tm /resync /force' and check 'w32tm /query /status'. If the guest follows a domain, correct the time "
        "of the domain's PDC emulator first."
    ),
    error_codes=("GuestAgentCertificateNotFound",),
    sources=(
        Source(
            "Time sync for Windows VMs in Azure",
            "https://learn.microsoft.com/azure/virtual-machines/windows/time-sync",
        ),
        SUPPORT_MATRIX,
    ),
)

REFUSED = r"AuthenticationFailed|specified time frame|not within the valid range|certificate .*not (yet )?valid"


def judge(state: WindowsState) -> Verdict:
    return skew(state, lambda: refused_by_time(state))


def refused_by_time(state: WindowsState) -> list[Evidence]:
    """What agent and extension say of signatures and certificates that a wrong clock makes invalid."""
    return [*_extension.said(state, REFUSED), *_agent_log.lines(state, REFUSED)]
