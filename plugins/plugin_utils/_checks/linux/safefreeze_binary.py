# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension freezes file systems with a small executable of its own. If it is missing or cannot run, the backup
ends with code 124."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import extension_file, extension_issue
from ._extension import signature

ARM = "main/safefreezeArm64/bin/safefreeze"
X64 = "main/safefreeze/bin/safefreeze"

CHECK = Check(
    title="The freeze helper can run",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("extension.installed", "extension.last_run"),
    explained_by=("ext_version",),
    error_codes=("UserErrorFsFreezeFailed",),
    remedies=("snapshot_extension",),
    sources=(
        extension_file("fsfreezer.py"),
        extension_issue(1642, "freeze helper for Arm64"),
    ),
    advice=("Remove the extension VMSnapshotLinux from the VM; the next backup installs it again, complete."),
)

RESET = Fix("snapshot_extension", force=True)


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return not_applicable("The extension is not installed yet")
    machine = state.identity.get("machine") if "identity" in state else None
    wanted = (ARM,) if str(machine).startswith(("aarch64", "arm64")) else (X64, ARM) if machine is None else (X64,)
    helpers = {helper.path: helper for helper in installed.helpers}
    found = next((helpers[path] for path in wanted if path in helpers), None)
    source = f"{installed.path}/{wanted[0]}"
    if found is None or found.size == 0:
        return fail("The extension's freeze helper is missing", Evidence(source, "missing"), fix=RESET)
    if not found.executable:
        return fail("The extension's freeze helper is not executable", Evidence(source, "not executable"), fix=RESET)
    old_kernel = signature(state, "kernel_too_old")
    if old_kernel:
        return fail("The extension's freeze helper does not run on this kernel", old_kernel, fix=RESET)
    return ok(Evidence(source, "executable"))
