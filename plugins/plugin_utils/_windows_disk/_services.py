# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of a mounted Windows disk, as its registry has them. Whether they run needs the system."""

from __future__ import annotations

import contextlib
import re

from ...module_utils._guest.host import NEEDS_LIVE, Missing
from ...module_utils._probe import Facts
from ._disk import Disk

BASE = "SYSTEM\\CurrentControlSet\\Services"
WANTED = (
    *("RdAgent", "WindowsAzureGuestAgent", "WindowsAzureTelemetryService", "IaasVmProvider", "VSS", "swprv"),
    *("COMSysApp", "EventSystem", "MSDTC", "KeyIso", "CryptSvc", "Winmgmt", "Dhcp", "MpsSvc", "BFE", "msiserver"),
    *("AppIDSvc", "W32Time", "ClusSvc", "SQLWriter", "RpcSs", "WinHttpAutoProxySvc"),
)
_SQL = re.compile(r"MSSQLSERVER|MSSQL\$.*|SQLSERVERAGENT|SQLAgent\$.*", re.I)
_ROOT = re.compile(r"^\\?SystemRoot\\|^(?=system32\\)|%(?:SystemRoot|windir)%\\", re.I)


def services(disk: Disk, facts: Facts) -> None:
    names = [*WANTED, *(name for name in disk.names(BASE) if _SQL.fullmatch(name))]
    for name in names:
        _take(disk, facts, name)
    known = {name.lower() for name in names}
    # What these depend on, one step: a group of drivers begins with a plus sign.
    needed = [other for name in WANTED for other in (facts.get(name) or {}).get("depends_on", ())]
    for name in needed:
        if not name.startswith("+") and name.lower() not in known:
            known.add(name.lower())
            _take(disk, facts, name)


def _take(disk: Disk, facts: Facts, name: str) -> None:
    service = facts.take(name, lambda: _service(disk, name))
    if not service:
        return
    facts.lack(f"{name}.state", NEEDS_LIVE)
    for file in ("image", "library"):
        below = disk.path(service[file]) if service[file] else None
        if below is not None:  # another drive is not here
            try:
                service[f"{file}_exists"] = disk.tree.is_file(below)
            except Missing as missing:
                facts.lack(f"{name}.{file}_exists", missing)


def _service(disk: Disk, name: str) -> dict | None:
    path = rf"{BASE}\{name}"
    key = disk.plain(
        path,
        *("ImagePath", "Start", "DelayedAutostart", "ObjectName", "DependOnService", "FailureActions"),
        *("FailureActionsOnNonCrashFailures", "DeleteFlag"),
    )
    if key is None or not key.get("ImagePath"):
        return None
    library = disk.value(rf"{path}\Parameters", "ServiceDll")
    return {
        "start": key.get("Start"),
        "delayed": key.get("DelayedAutostart") == 1,
        "triggered": "TriggerInfo" in disk.names(path),
        "account": key.get("ObjectName"),
        "image": _image(disk, key["ImagePath"]),
        "library": _image(disk, library) if library else None,
        "depends_on": [other for other in key.get("DependOnService") or [] if other],
        "failure_actions": key.get("FailureActions"),
        "acts_on_errors": key.get("FailureActionsOnNonCrashFailures") == 1,
        "delete_flag": key.get("DeleteFlag") == 1,
        "read_from": rf"HKLM\{path}",
    }


def image(disk: Disk, name: str) -> str | None:
    """The executable of a service, as its ImagePath names it."""
    service = _service(disk, name)
    return service["image"] if service else None


def _image(disk: Disk, text: str) -> str:
    """The executable of an ImagePath: quoted, or the shortest prefix that is a file."""
    text = text.removeprefix("\\??\\")
    text = _ROOT.sub(lambda _found: disk.shown("Windows\\"), text, count=1).strip()
    if text.startswith('"'):
        return text[1:].split('"')[0]
    words = text.split(" ")
    for end in range(1, len(words) + 1):
        candidate = " ".join(words[:end])
        for path in (candidate, f"{candidate}.exe"):
            with contextlib.suppress(Missing):
                if (below := disk.path(path)) is not None and disk.tree.is_file(below):
                    return path
    return text
