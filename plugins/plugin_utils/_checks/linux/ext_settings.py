# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension can read what the agent tells it."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._engine._state import GuestState
from ._snapshot import ended_with

CHECK = Check(
    title="The extension can read its settings",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("extension.installed",),
    explained_by=("transport_certs",),
    source="VMSnapshotLinux: handling of settings; WALinuxAgent: layout of a handler",
)


def judge(state: GuestState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return not_applicable("The extension is not installed yet")
    if installed.state == "Enabled" and not installed.environment:
        return fail("HandlerEnvironment.json of the snapshot extension cannot be used", installed.fact("environment"))
    settings = state.extension.settings
    if settings is None:
        return ok(installed.fact("state"), why="No command is waiting")
    if not settings.readable:
        return fail("The snapshot extension's settings are not in the expected form", settings.fact("readable"))
    refused = ended_with(state, 11, 16)
    if not settings.public and not settings.protected:
        return fail("The snapshot extension's settings are empty", settings.fact("public"), *filter(None, (refused,)))
    if refused:
        return fail("The snapshot extension could not use its settings", refused)
    return ok(settings.fact("readable"))
