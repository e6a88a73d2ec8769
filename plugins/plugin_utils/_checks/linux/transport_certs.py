# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the snapshot extension are encrypted for this guest. The agent keeps the certificate and the key that
decrypt them in /var/lib/waagent."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_issue, extension_file
from ._extension import signature
from ._last_run import ended_with

CHECK = Check(
    title="The certificate for protected settings is present",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("extension.settings", "extension.certificate"),
    explained_by=(
        "lib_dir_exec",
        "agent_certificates",
        "openssl",
    ),
    error_codes=("GuestAgentCertificateNotFound",),
    sources=(
        extension_file("Utils/HandlerUtil.py"),
        agent_issue(370, "certificates that were removed"),
    ),
    advice=(
        "Restart the agent: it fetches certificates and keys again. If they stay missing, remove the extension "
        "VMSnapshotLinux from the VM; the next backup installs it with new settings."
    ),
)


def judge(state: LinuxState) -> Verdict:
    settings, certificate = state.extension.settings, state.extension.certificate
    if settings is None or certificate is None:
        return not_applicable("No command with protected settings is waiting")
    refused = ended_with(state, 16) or signature(state, "certificate_not_loaded")
    missing = [name for name in ("crt", "prv") if not certificate[name]]
    # The extension removes protected settings once it has them: then nothing needs the certificate any more.
    if missing and (settings.protected or refused):
        return fail(
            "The certificate or key for the snapshot extension's protected settings is missing or empty",
            *(certificate.fact(name) for name in missing),
            *filter(None, (refused,)),
        )
    return ok(certificate.fact("crt"), certificate.fact("prv"))
