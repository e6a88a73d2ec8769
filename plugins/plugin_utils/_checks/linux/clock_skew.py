# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's clock is right.

Where the Azure host does not tell its time, the extension judges by the guest's clock whether a command is too old. For
a wrong clock certificates are not valid yet, or no longer, and Azure Backup does not support a clock in the future. The
reference is the Date header of the wire server.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict
from ..._facts._types import LinuxState
from .._clock import skew
from .._pages import SUPPORT_MATRIX

CHECK = Check(
    title="The clock is right",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("clock.now",),
    error_codes=("GuestAgentCertificateNotFound",),
    sources=(
        Source(
            "Time sync for Linux VMs in Azure", "https://learn.microsoft.com/azure/virtual-machines/linux/time-sync"
        ),
        SUPPORT_MATRIX,
    ),
    advice="Enable a time service (`systemctl enable --now chronyd`, chrony on Debian and Ubuntu) and set the clock"
    " with `chronyc makestep` while no backup runs.",
)


def judge(state: LinuxState) -> Verdict:
    return skew(state)
