# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent, shadow copies and SQL Server on a mounted Windows disk."""

from __future__ import annotations

import datetime
import re

from ...module_utils._guest.host import NEEDS_LIVE, Missing
from ...module_utils._guest.masking import excerpt
from ...module_utils._probe import Facts
from ._disk import Disk
from ._logs import document, log, member, message, time
from ._tree import modified

_HOME = "WindowsAzure"
_UNINSTALL = "Microsoft\\Windows\\CurrentVersion\\Uninstall"
_ACCOUNTS = {
    "localsystem": "S-1-5-18",
    r"nt authority\localservice": "S-1-5-19",
    r"nt authority\networkservice": "S-1-5-20",
}
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>\s*<Number>([^<]*)</Number>")


def agent(disk: Disk, facts: Facts) -> None:
    facts["guest"] = disk.plain("SOFTWARE\\Microsoft\\Virtual Machine\\Guest")
    facts.take("folder_exists", lambda: bool(disk.tree.folder(_HOME)))
    facts.take("versions", lambda: _versions(disk))
    facts.take("installer", lambda: _products(disk, "Windows Azure VM Agent", "SOFTWARE"))
    facts.take("installer_messages", lambda: _installer_messages(disk))
    facts.take("update_state", lambda: _updates(disk))
    facts.take("aggregate", lambda: _aggregate(disk))
    facts.take("log", lambda: log(disk, rf"{_HOME}\Logs\WaAppAgent.log"))
    facts.take("update_log", lambda: log(disk, rf"{_HOME}\Logs\TransparentInstaller.log"))


def _versions(disk: Disk) -> list[dict]:
    return [
        {
            "folder": disk.shown(rf"{_HOME}\{entry.name}"),
            "wa_app_agent": disk.tree.version(rf"{_HOME}\{entry.name}\WaAppAgent.exe"),
            "guest_agent": disk.tree.version(rf"{_HOME}\{entry.name}\WindowsAzureGuestAgent.exe"),
        }
        for entry in disk.tree.folder(_HOME)
        if entry.is_dir(follow_symlinks=False) and re.match(r"GuestAgent_|Packages", entry.name, re.I)
    ]


def _products(disk: Disk, begin: str, *hives: str) -> list[dict]:
    found = []
    for hive in hives:
        for name in disk.names(rf"{hive}\{_UNINSTALL}"):
            key = disk.plain(rf"{hive}\{_UNINSTALL}\{name}", "DisplayName", "DisplayVersion") or {}
            if str(key.get("DisplayName")).lower().startswith(begin.lower()):
                found.append({"name": key["DisplayName"], "version": key.get("DisplayVersion")})
    return found


def _installer_messages(disk: Disk) -> list[dict]:
    text = disk.tree.text("Windows\\Panther\\VmAgentInstaller.xml", 65_536) or ""
    return [{"message": excerpt(found, 300), "number": number} for found, number in _MESSAGE.findall(text)]


def _updates(disk: Disk) -> list[dict]:
    path = "SOFTWARE\\Microsoft\\Windows Azure\\GuestAgentUpdateState"
    found = []
    for version in disk.names(path):
        key = disk.plain(rf"{path}\{version}", "Code", "State", "Message") or {}
        texts = {name: str(key.get(name, "")) for name in ("Code", "State", "Message")}
        message_text = excerpt(texts["Message"], 300)
        found.append({"version": version, "code": texts["Code"], "state": texts["State"], "message": message_text})
    return found


def _aggregate(disk: Disk) -> dict | None:
    folder = rf"{_HOME}\Logs\AggregateStatus"
    newest = disk.tree.newest(folder, r"^aggregatestatus.*\.json$")
    if newest is None:
        return None
    path = rf"{folder}\{newest.name}"
    try:
        json = document(disk.tree.text(path))
    except ValueError as error:
        raise Missing(f"Cannot read '{newest.path}': {error}") from None
    own, written = member(json, "aggregateStatus", "guestAgentStatus"), time(json, "timestampUTC")
    handlers = member(json, "aggregateStatus", "handlerAggregateStatus")
    return {
        "path": disk.shown(path),
        "modified": modified(newest),
        "version": member(own, "version"),
        "status": member(own, "status"),
        "message": message(own, 300),
        "written": written,
        "uploaded": time(own, "lastStatusUploadTime") or time(json, "lastStatusUploadTime"),
        "handlers": [_handler(one, written) for one in handlers or [] if isinstance(one, dict)],
    }


def _handler(told: dict, written: str | None) -> dict:
    settings = member(told, "runtimeSettingsStatus", "settingsStatus")
    own = member(settings, "status")
    return {
        "name": member(told, "handlerName"),
        "version": member(told, "handlerVersion"),
        "status": member(told, "status"),
        "code": member(told, "code"),
        "message": message(told, 300),
        "result": member(own, "status"),
        "result_code": member(own, "code"),
        "result_message": message(own, 300),
        "result_age_s": _seconds(time(settings, "timestampUTC"), written),
    }


def _seconds(begin: str | None, end: str | None) -> int | None:
    try:
        first, last = (datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00")) for text in (begin, end))
        return int((last - first).total_seconds())
    except (ValueError, TypeError):
        return None


def backup(disk: Disk, facts: Facts) -> None:
    facts["bcdr_agent"] = disk.values("SOFTWARE\\Microsoft\\BcdrAgent")
    facts["bcdr_agent_wow64"] = disk.values("SOFTWARE\\WOW6432Node\\Microsoft\\BcdrAgent")
    facts["bcdr_persistent"] = disk.values("SOFTWARE\\Microsoft\\BcdrAgentPersistentKeys")
    facts.take("providers", lambda: _providers(disk))
    facts["volume_filters"] = _volume_filters(disk)
    facts.take("msdtc_account_sid", lambda: _msdtc_sid(disk))
    runtimes = ("SOFTWARE", "SOFTWARE\\WOW6432Node")
    facts.take("vc_runtimes", lambda: _products(disk, "Microsoft Visual C++ ", *runtimes))
    facts.take("cluster", lambda: _cluster(disk))
    facts.take("sql_instances", lambda: _sql_instances(disk))


def _cluster(disk: Disk) -> dict:
    path = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Failover Clusters"
    return {
        "csv_writer": disk.value(path, "EnableCsvVssWriter"),
        "csv_volumes": len(disk.tree.folder("ClusterStorage")),
    }


def _providers(disk: Disk) -> list[dict]:
    path = "SYSTEM\\CurrentControlSet\\Services\\VSS\\Providers"
    found = []
    for name in disk.names(path):
        key = disk.plain(rf"{path}\{name}", "", "Type") or {}
        place = rf"HKLM\{path}\{name}"
        found.append({"id": name.lower(), "name": key.get(""), "type": key.get("Type"), "read_from": place})
    return found


def _volume_filters(disk: Disk) -> dict | None:
    path = "SYSTEM\\CurrentControlSet\\Control\\Class\\{71a27cdd-812a-11d0-bec7-08002be2092f}"
    names = [name for name in disk.value(path, "UpperFilters") or [] if name]
    return {"names": names, "read_from": rf"HKLM\{path}\UpperFilters"} if names else None


def _msdtc_sid(disk: Disk) -> str | None:
    account = disk.value("SYSTEM\\CurrentControlSet\\Services\\MSDTC", "ObjectName")
    if account and account.lower() not in _ACCOUNTS:
        raise Missing(NEEDS_LIVE)
    return _ACCOUNTS[account.lower()] if account else None


def _sql_instances(disk: Disk) -> list[dict]:
    path = "SOFTWARE\\Microsoft\\Microsoft SQL Server"
    found = []
    for name, folder in (disk.plain(rf"{path}\Instance Names\SQL") or {}).items():
        setup = disk.plain(rf"{path}\{folder}\Setup", "Version", "Edition") or {}
        found.append({"name": name, "version": setup.get("Version"), "edition": setup.get("Edition")})
    return found
