# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a backup the agent downloads and unpacks the snapshot extension. Its error code says at which step it
failed."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_file
from ._agent_log import logged
from ._handler import FETCH_CODES
from ._pages import EXTENSIONS_LINUX

CHECK = Check(
    aliases=("handler_crp_code",),
    title="The agent can fetch and unpack the extension",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.installed",),
    explained_by=(
        "disk_space",
        "agent_writes",
        "lib_dir_exec",
        "ext_policy",
        "ext_present",
        "hostga_tcp_32526",
        "storage_https_443",
        "openssl",
    ),
    sources=(
        EXTENSIONS_LINUX,
        agent_file("azurelinuxagent/common/exception.py"),
    ),
    advice=(
        "Read /var/log/waagent.log around the error. Most often the way to the host plugin or to storage is "
        "blocked, or /var/lib/waagent is full; once that is fixed, the next backup tries again."
    ),
)


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    line = logged(state, "extension_not_fetched") if installed is None and "agent" in state else None
    if line:
        return fail("The agent could not fetch or unpack the extension in its last attempt", line)
    if installed is None or installed.status is None:
        return not_applicable("The agent has not reported on the extension")
    status = installed.status
    if status.code in FETCH_CODES and status.status != "Ready":
        why = f"The agent {FETCH_CODES[status.code]} (code {status.code})"
        return fail(why, status.fact("code"), status.fact("message"))
    return ok(status.fact("code"))
