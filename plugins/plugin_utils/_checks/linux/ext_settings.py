# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension can read what the agent tells it.

Each backup command comes to the extension as a settings file, and ``HandlerEnvironment.json`` tells it where that is.
Protected settings need a certificate that the agent stored. An extension that finds neither exits with code 11 or 16
before it takes a snapshot.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_file, extension_file
from ._advice import REINSTALL
from ._last_run import ended_with

CHECK = Check(
    title="The extension can read its settings",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("extension.installed",),
    explained_by=("transport_certs",),
    remedies=("snapshot_extension",),
    sources=(extension_file("Utils/HandlerUtil.py"), agent_file("azurelinuxagent/ga/exthandlers.py")),
    advice=f"Start an on-demand backup, which sends new settings. If it fails the same way, {REINSTALL}.",
)

FIX = Fix("snapshot_extension", force=True)


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return not_applicable("The extension is not installed yet")
    if installed.state == "Enabled" and not installed.environment:
        return fail(
            "HandlerEnvironment.json of the snapshot extension cannot be used", installed.fact("environment"), fix=FIX
        )
    settings = state.extension.settings
    if settings is None:
        return ok(installed.fact("state"), why="No command is waiting")
    if not settings.readable:
        return fail(
            "The snapshot extension's settings are not in the expected form", settings.fact("readable"), fix=FIX
        )
    refused = ended_with(state, 11, 16)
    also = [refused] if refused else []
    if not settings.public and not settings.protected:
        return fail("The snapshot extension's settings are empty", settings.fact("public"), *also, fix=FIX)
    if refused:
        return fail("The snapshot extension could not use its settings", refused, fix=FIX)
    return ok(settings.fact("readable"))
