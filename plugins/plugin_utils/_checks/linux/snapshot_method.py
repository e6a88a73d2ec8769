# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""By default the Azure host takes the snapshot. A snapshot that is taken from inside the guest needs a way to Azure
Storage."""

from __future__ import annotations

from ....module_utils._guest.vmbackup_keys import METHODS
from ..._engine._model import INFO, Check, Fix, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._pages import PREPARE, extension_file
from ._extension_conf import option, option_evidence

CHECK = Check(
    title="The Azure host takes the snapshots",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("extension.conf",),
    remedies=("vmbackup_conf",),
    sources=(
        extension_file("freezesnapshotter.py"),
        PREPARE,
    ),
    advice="Remove SnapshotMethod from /etc/azure/vmbackup.conf, so that Azure chooses.",
)
DEFAULT = Fix("vmbackup_conf", confirm=True, settings={"SnapshotMethod": None})


def judge(state: LinuxState) -> Verdict:
    method = option(state, "SnapshotMethod")
    if not method:
        return ok(why="Azure chooses")
    evidence = option_evidence(state, "SnapshotMethod")
    if method == "onlyGuest":
        return warn("SnapshotMethod=onlyGuest: every snapshot needs a way to Azure Storage", evidence, fix=DEFAULT)
    if method not in METHODS:
        return ok(evidence, why="The extension does not know this word and asks the Azure host first")
    return ok(evidence)
