# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confidential machines are backed up in limited cases only. Trusted Launch is supported."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX

CHECK = Check(
    title="Azure Backup supports the machine's security type",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("vm.security_type",),
    error_codes=("UserErrorUnsupportedDiskConfiguration",),
    sources=(SUPPORT_MATRIX,),
    advice="See the support matrix for confidential machines.",
)


def judge(state: AzureState) -> Verdict:
    evidence = state.vm.fact("security_type")
    if state.vm.security_type == "ConfidentialVM":
        return warn("Azure Backup supports confidential machines in limited cases only", evidence)
    return ok(evidence)
