# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension reads /etc/azure/vmbackup.conf, if it exists. Options in another section, blanks in lists, and lines
that its parser rejects are silently not used."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Stage, Verdict, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import docs_issue, extension_file
from ._extension import failures
from ._last_run import ended_with

BRANCHES = ("OnAppFailureDoFsFreeze", "OnAppSuccessDoFsFreeze")

CHECK = Check(
    title="The extension reads vmbackup.conf as it is written",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.conf", "extension.misplaced"),
    error_codes=("VMBackupLinuxExtensionConfFileWrongEncodingFormat",),
    remedies=("vmbackup_conf",),
    sources=(
        extension_file("Utils/HandlerUtil.py"),
        docs_issue(90308, "where vmbackup.conf belongs"),
    ),
    advice=(
        "Correct the option in /etc/azure/vmbackup.conf: each in its own section, lists without blanks, and "
        "options that are not needed removed."
    ),
)
NORMALIZE = Fix("vmbackup_conf", normalize=True)


def judge(state: LinuxState) -> Verdict:
    conf = state.extension.conf
    failed = ended_with(state, 121, 123)
    lost = _misplaced(state, conf)
    if lost:
        why = "Options are in the extension's own copy of vmbackup.conf, which nothing reads"
        return fail(why, failed, *lost) if failed else warn(why, *lost)
    if conf is None:
        return ok(why="The file does not exist: the defaults apply")
    if conf.error:
        return warn("The extension cannot read vmbackup.conf and uses its defaults", conf.fact("error"), fix=NORMALIZE)
    if conf.get("unreadable"):
        names = ", ".join(conf.unreadable)
        return warn(f"A per cent sign keeps the extension from reading {names}", conf.fact("unreadable"), fix=NORMALIZE)
    if conf.elsewhere:
        return warn("Options of vmbackup.conf are in a section that nothing reads", conf.fact("elsewhere"))
    options = conf.options
    skip = options.get("MountsToSkip") or ""
    behind_blanks = {item.strip() for item in skip.split(",") if item != item.strip()}
    if behind_blanks:
        why = "MountsToSkip has blanks between its mount points: those are not skipped"
        refused = [one.fact("mount") for one in failures(state) if one.mount in behind_blanks]
        return (fail if refused else warn)(why, options.fact("MountsToSkip"), *refused)
    branch = next((name for name in BRANCHES if options.get(name) is not None), None)
    if branch:
        return warn(f"{branch} is set: any value switches both of its branches off", options.fact(branch))
    return ok(Evidence(conf.origin, "read"))


def _misplaced(state: LinuxState, conf: Facts | None) -> list[Evidence]:
    """Options of the unread copy that the right file does not have."""
    copy = state.extension.get("misplaced")
    if copy is None:
        return []
    set_ = conf.options if conf is not None else {}
    return [copy.options.fact(name) for name in copy.options if set_.get(name) is None]
