# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No other backup product takes snapshots at the same time.

A disk takes one snapshot a minute, and Windows makes one shadow copy at a time. Another product on the machine is no
fault. It is the reason where the extension says that its snapshot met another one, or where Windows says that the
other product's provider failed in the extension's run.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _events, _run_events

CHECK = Check(
    title="No other backup product takes snapshots at the same time",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("backup.providers", "backup.other_products"),
    explains=("ext_status", "vss_provider"),
    error_codes=("ExtensionFailedSnapshotRateExceededError",),
    advice=(
        "Move the other product's schedule to another hour, or take its application-consistent snapshots away, and "
        "start the backup again."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        Source(
            "Azure Backup: ExtensionFailedSnapshotRateExceededError",
            "https://github.com/TheresaLui/SelfHelpContent_v2/blob/main/articles/microsoft.recoveryservices"
            "/azurebackup-crc-extensionfailedsnapshotrateexceedederror.md",
        ),
    ),
)

OURS = ("microsoft", "azure", "iaas")
PROVIDER_FAILED = (12292, 12293)
"""Events of VSS: a provider was not made, or failed in a routine."""
REPAIR_PROVIDER = (
    "Update or repair the product, or remove its provider by its own uninstaller; 'vssadmin list providers' shows it."
)


def judge(state: WindowsState) -> Verdict:
    foreign = [one for one in state.backup.providers if not any(word in str(one.name).lower() for word in OURS)]
    for one in foreign:
        failed = [
            event
            for event in _run_events.of_failed_run(state, "vss_errors", *PROVIDER_FAILED)
            if str(one.id).lower() in " ".join(event.data).lower()
        ]
        if failed:
            why = f"The shadow copy provider {one.name} failed in the last run"
            return fail(why, *_events.evidence(failed), Evidence(one.origin, one.id), fix=by_hand(REPAIR_PROVIDER))
    found = [Evidence(one.origin, one.name) for one in foreign]
    found += [Evidence(one.sign, f"{one.name}, {one.state}") for one in state.backup.other_products]
    return ok(*found, why="Another product is installed; nothing shows that it interferes" if found else "")
