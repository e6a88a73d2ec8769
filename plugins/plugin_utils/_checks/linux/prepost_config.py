# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where scripts before and after the snapshot are configured, the extension refuses to use them with wrong owners or
modes. What is wrong with the configuration costs the consistency of applications; what is wrong with a script fails a
backup that wants it."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from ._last_run import ended_with
from ._pages import LINUX_APP_CONSISTENT

CHECK = Check(
    title="Scripts before and after the snapshot can be used",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.scripts",),
    error_codes=("ExtensionPreScriptTimeout",),
    sources=(LINUX_APP_CONSISTENT,),
    advice=(
        "Correct the files listed above: the scripts and VMSnapshotScriptPluginConfig.json must belong to "
        "root, with mode 700 and 600. To back up without the scripts, set continueBackupOnFailure or remove "
        "the file."
    ),
)


def judge(state: LinuxState) -> Verdict:
    scripts = state.extension.scripts
    if scripts is None or scripts.script_conf is None:
        return not_applicable("No scripts are configured")
    of_conf = [Evidence(source, value) for source, value in _of_configuration(scripts)]
    problems = of_conf + [Evidence(source, value) for source, value in _of_scripts(scripts)]
    failed = ended_with(state, *range(300, 319))
    if failed:
        return fail("The scripts before and after the snapshot failed, and the backup with them", failed, *problems)
    # With a configuration that it refuses, the extension never comes to continueBackupOnFailure.
    if problems and not of_conf and not scripts.continue_on_failure:
        return fail(
            "The scripts before and after the snapshot cannot be used, and continueBackupOnFailure is off", *problems
        )
    if problems:
        return warn(
            "The scripts before and after the snapshot cannot be used: backups are not application-consistent",
            *problems,
        )
    return ok(scripts.script_conf.fact("mode"))


def _of_configuration(scripts: Facts) -> Iterator[tuple[str, str]]:
    if scripts.error:
        yield scripts.origin, scripts.error
    host, own = scripts.host_conf, scripts.script_conf
    if host is not None and any(digit not in "04" for digit in host.mode[1:]):
        yield host.path, f"mode {host.mode}: group and others may read it at most"
    if own.mode[1:] != "00" or int(own.mode[0]) % 2:
        yield own.path, f"mode {own.mode}, needed: 600"
    for file in (host, own):
        if file is not None and file.owner != 0:
            yield file.path, "its owner is not root"
    for name in ("pre", "post"):
        if scripts[name] is None:
            yield scripts.origin, f"names no {name} script"


def _of_scripts(scripts: Facts) -> Iterator[tuple[str, str]]:
    for script in filter(None, (scripts.pre, scripts.post)):
        if not script.exists:
            yield script.path, "missing"
        elif script.owner != 0:
            yield script.path, "its owner is not root"
        elif script.mode[1:] != "00":
            yield script.path, f"mode {script.mode}, needed: 700"
