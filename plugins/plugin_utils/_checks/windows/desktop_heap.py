# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services have room on their desktop.

The programs of services share one desktop whose memory (desktop heap) has a fixed size, the third number of
SharedSection in the registry. On machines with many services it is used up: COM+ and other programs then cannot be
started. Its size alone says nothing, as 768 KiB is what Windows has; Windows writes an event when an allocation fails.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, ok, warn
from ..._facts._types import WindowsState
from . import _events, _run_events
from ._pages import TROUBLESHOOT_RESTORE_POINTS

CHECK = Check(
    title="Services have room on their desktop",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("load.desktop_heap",),
    error_codes=("ExtensionInstallProviderCOMMemoryQuotaReached",),
    advice=(
        r"Set SharedSection in the value Windows of HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\SubSystems "
        "to 1024,20480,4096 and reboot. Where the third number is that high already, restart COMSysApp and remove "
        "services that are not needed."
    ),
    sources=(
        TROUBLESHOOT_RESTORE_POINTS,
        Source(
            "Azure Backup: ExtensionInstallProviderCOMMemoryQuotaReached",
            "https://github.com/TheresaLui/SelfHelpContent_v2/blob/main/articles/microsoft.recoveryservices"
            "/azurebackup-crc-extensioninstallprovidercommemoryquotareached.md",
        ),
        Source(
            "Desktop heap and SharedSection",
            "https://learn.microsoft.com/troubleshoot/windows-server/performance/desktop-heap-limitation-out-of-memory",
        ),
    ),
)
LEAST_KIB = 256
"""Below what any release of Windows or guide for many sessions gives a desktop of services."""


def judge(state: WindowsState) -> Verdict:
    heap = state.load.desktop_heap
    size = [heap.fact("services_kib")] if heap is not None else []
    if heap is not None and heap.services_kib < LEAST_KIB:
        why = f"The desktops of services have {heap.services_kib} KiB each; Windows itself gives them 512 KiB or more"
        return warn(why, *size)
    now = _run_events.not_followed_by_success(state, _events.since_boot(state, "desktop_heap"))
    if state.events.desktop_heap and now:
        return warn("Windows could not give a program memory of its desktop", *_events.evidence(now), *size)
    return ok(*size)
