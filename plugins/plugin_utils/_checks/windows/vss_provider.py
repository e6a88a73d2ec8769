# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shadow copy providers of Windows and of Azure Backup are registered.

A shadow copy is made by a provider. Windows has one of its own; the snapshot extension registers another and keeps a
flag that it did. With the flag set and the provider gone, for example after a restore or an uninstallation, the
extension does not register it again and the snapshot fails. A last run that succeeded makes it a warning, unless
writers have failed since.
"""

from __future__ import annotations

from collections.abc import Callable

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from . import _last_run
from ._pages import REINSTALL_EXTENSION_WINDOWS, command
from ._vss import SYSTEM_PROVIDER, has_failed

CHECK = Check(
    aliases=("win_vss_provider",),
    title="The shadow copy providers are registered",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("backup.providers", "backup.bcdr_agent", "backup.bcdr_persistent"),
    explained_by=(
        "vss_service",
        "vcredist",
    ),
    advice=(
        r"Set IsProviderInstalled in HKLM\SOFTWARE\Microsoft\BcdrAgent and IsCommonProviderInstalled in "
        r"HKLM\SOFTWARE\Microsoft\BcdrAgentPersistentKeys to False (REG_SZ), run 'Restart-Service "
        "WindowsAzureGuestAgent' and start a backup: it registers the provider again."
    ),
    error_codes=("ExtensionCommandExecFailure",),
    sources=(
        REINSTALL_EXTENSION_WINDOWS,
        command("vssadmin list providers", "vssadmin-list-providers"),
    ),
)

FLAGS = (("bcdr_agent", "IsProviderInstalled"), ("bcdr_persistent", "IsCommonProviderInstalled"))
OURS = ("azure", "iaas", "recovery services")
RESTORE_PROVIDER = (
    rf"Export HKLM\SYSTEM\CurrentControlSet\Services\VSS\Providers\{SYSTEM_PROVIDER} on a VM with the same Windows "
    "build, import it here and reboot."
)
ADD_VOLSNAP = (
    r"Add volsnap as the last entry of UpperFilters (REG_MULTI_SZ) in HKLM\SYSTEM\CurrentControlSet\Control\Class"
    r"\{71a27cdd-812a-11d0-bec7-08002be2092f}, and reboot."
)


def judge(state: WindowsState) -> Verdict:
    providers = state.backup.providers
    known = Evidence(
        r"HKLM\SYSTEM\CurrentControlSet\Services\VSS\Providers", [f"{item.id} {item.name}" for item in providers]
    )
    if not any(item.id == SYSTEM_PROVIDER for item in providers):
        why = "Microsoft's software shadow copy provider is not registered"
        return fail(why, known, fix=by_hand(RESTORE_PROVIDER))
    filters = state.backup.get("volume_filters")
    state.need_if_asked("backup.volume_filters")
    if filters is not None and "volsnap" not in (name.lower() for name in filters.names):
        why = "The driver volsnap, which keeps shadow copies, is not among the filters of volumes"
        return _judged(state)(why, filters.fact("names"), fix=by_hand(ADD_VOLSNAP))
    flags = [flag for section, name in FLAGS for flag in [_flag(state, section, name)] if flag]
    if flags and not any(word in str(item.name).lower() for item in providers for word in OURS):
        why = "A flag says that the extension's provider is installed, but no provider of Azure Backup is registered"
        return _judged(state)(why, *flags, known)
    return ok(known)


def _flag(state: WindowsState, section: str, name: str) -> Evidence | None:
    key = state.backup[section]
    value = key.get(name) if key is not None else None
    if value is None or str(value.value).lower() != "true":
        return None
    return Evidence(f"{section}: {name}", value.value)


def _judged(state: WindowsState) -> Callable[..., Verdict]:
    """A run that succeeded did without, unless a writer has failed since."""
    succeeded = _last_run.succeeded(state) and not any(map(has_failed, state.backup.get("writers") or []))
    return warn if succeeded else fail
