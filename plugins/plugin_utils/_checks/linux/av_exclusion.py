# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Antivirus does not stop the snapshot extension.

Antivirus that takes files of the extension away, or forbids them to run, leaves backup without it. Most machines run
such a product without harm: it is named only where the extension shows the damage.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import ANTIVIRUS
from . import _files
from ._extension import words

CHECK = Check(
    title="Antivirus lets the snapshot extension run",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security", "extension.installed"),
    explains=("lib_dir_exec", "handler_state", "ext_result"),
    sources=(ANTIVIRUS,),
    advice=(
        "Exclude /var/lib/waagent/WALinuxAgent* and /var/lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux* "
        "from scanning and from application control, and look for both in the quarantine."
    ),
)

AUDIT_LOG = "/var/log/audit/audit.log"
OTHERS = ("auditd",)
"""What is watched for by the same fact and deletes nothing."""


def judge(state: LinuxState) -> Verdict:
    harm, refused = _harm(state), state.security.get("refused_files")
    if harm and refused:
        why = "Application control (fapolicyd) refuses files of the agent, and the snapshot extension may not run"
        return fail(why, state.security.fact("refused_files", AUDIT_LOG), *harm)
    products = [name for name in state.security.guards if name not in OTHERS]
    running = Evidence("processes", products)
    if not products:
        return ok()
    if harm:
        why = f"{', '.join(products)} runs, and files of the snapshot extension are missing or may not run"
        return warn(why, running, *harm, key="Antivirus runs, and the snapshot extension is damaged")
    return ok(running)


def _harm(state: LinuxState) -> list[Evidence]:
    """Files of the extension that are gone, and what says that it may not be executed."""
    installed, harm = state.extension.installed, []
    if installed is not None:
        harm = [Evidence(f"{installed.path}/{name}", "missing or damaged") for name in _files.gone(state, installed)]
    return [*harm, *(word.fact("denied") for word in words(state) if word.denied)]
