# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension loads the assemblies that it brings.

The extension puts its libraries into the global assembly cache, where other programs put the same ones in other
versions. That is normal while its runs succeed. When a run fails because a method, a type or a file of a library is not
found, a version that does not fit was loaded.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, ok, warn
from ..._facts._types import WindowsState
from .. import _versions

CHECK = Check(
    title="The snapshot extension loads the assemblies that it brings",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.versions", "extension.shared_assemblies"),
    error_codes=("ExtensionCommandExecFailure",),
    advice=(
        r"Set IsProviderInstalled in HKLM\SOFTWARE\Microsoft\BcdrAgent to False (REG_SZ), rename the folder "
        r"C:\Windows\Microsoft.NET\assembly\GAC_MSIL\Microsoft.WindowsAzure.Storage to one that ends in .old, and "
        "start a backup."
    ),
    sources=(
        Source(
            "Azure Backup: ExtensionCommandExecFailure",
            "https://github.com/TheresaLui/SelfHelpContent_v2/blob/main/articles/microsoft.recoveryservices/azurebackup-crc-extensioncommandexecfailure.md",
        ),
        Source("The extension's libraries in the cache", "https://github.com/Azure/azure-powershell/issues/8878"),
    ),
)

LIBRARY = "Microsoft.WindowsAzure.Storage"


def judge(state: WindowsState) -> Verdict:
    version = _versions.newest(state.extension.versions)
    shared = state.extension.shared_assemblies
    own = _versions.version(version.get("storage_library"))[:3] if version is not None else ()
    others = [one for one in shared if one.name == LIBRARY and _versions.version(one.version)[:3] != own]
    shown = [one.fact("version") for one in shared if one.name == LIBRARY]
    failed = version is not None and version.status is not None and version.status.get("status") == "error"
    if version is not None and own and others and failed:
        why = f"The global assembly cache has another version of {LIBRARY} than the snapshot extension brings"
        brought = Evidence(f"{version.folder}: {LIBRARY}.dll", version.storage_library)
        return warn(why, *(one.fact("version") for one in others), brought)
    return ok(*shown)
