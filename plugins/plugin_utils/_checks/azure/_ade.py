# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Disk Encryption of a virtual machine."""

from __future__ import annotations

from ..._engine._model import Verdict, not_applicable, unknown
from ..._facts._types import AzureState


def without(state: AzureState) -> Verdict:
    """The verdict on a machine that states none."""
    if any(disk.encryption_key_url for disk in state.disks):
        return unknown("The key vault of Azure Disk Encryption was not asked")
    return not_applicable("The machine has no Azure Disk Encryption")
