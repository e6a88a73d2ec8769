# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another backup product that freezes file systems at the same time lets the extension's own freeze fail."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP
from ._last_run import ended_with

CHECK = Check(
    aliases=("ext_other_backup",),
    title="No other backup product blocks the freeze",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.other_products",),
    explained_by=(
        "mounts_unique",
        "freeze_lock",
    ),
    error_codes=("ExtensionFailedSnapshotRateExceededError",),
    sources=(TROUBLESHOOT_BACKUP,),
    advice=(
        "Stop the other product's freeze during the backup (change its schedule, or uninstall it), then retry "
        "the backup."
    ),
)


def judge(state: LinuxState) -> Verdict:
    products = [Evidence(product.sign, product.name) for product in state.extension.other_products]
    if not products:
        return ok()
    product = state.extension.other_products[0].name
    refused = ended_with(state, 121)
    run = state.extension.get("last_run")
    busy = run is not None and any("busy" in failure.error for failure in run.failures)
    if refused and busy:
        return fail(f"A file system was frozen already, and {product} is installed", refused, *products)
    return ok(*products, why="Another product is installed; nothing shows that it interferes")
