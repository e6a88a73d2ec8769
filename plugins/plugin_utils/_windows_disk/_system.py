# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows itself on a mounted disk: identity, load, clock, security, .NET and storage."""

from __future__ import annotations

import base64
import re
import xml.parsers.expat
from collections.abc import Iterator

from ...module_utils._guest.host import Missing
from ...module_utils._guest.masking import excerpt
from ...module_utils._probe import Facts
from ._disk import Disk
from ._events import boot_time
from ._services import image

_WINDOWS = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
_CONTROL = "SYSTEM\\CurrentControlSet\\Control"
_SERVICES = "SYSTEM\\CurrentControlSet\\Services"
_DOTNET = "SOFTWARE\\Microsoft\\.NETFramework"
_AZURE = b"7783-7084-3265-9085-8269-3286-77"
_ROOT = re.compile(r"%(?:SystemRoot|windir)%", re.I)
_DRIVE = re.compile(r"%SystemDrive%", re.I)
_STARTED = (
    *("WaAppAgent.exe", "WindowsAzureGuestAgent.exe", "IaasVmProvider.exe", "IaaSBcdrExtension.exe", "vssvc.exe"),
    "cmd.exe",
)
_SECTIONS = re.compile(r"SharedSection=(\d{1,9}),(\d{1,9}),(\d{1,9})")


def identity(disk: Disk, facts: Facts) -> None:
    facts.take("os", lambda: _os(disk))
    facts.take("pending_reboot", lambda: _pending_reboot(disk))
    facts.take("boot_time", lambda: boot_time(disk))
    name = disk.value(rf"{_CONTROL}\ComputerName\ComputerName", "ComputerName")
    if name:
        facts["hostname"] = name
    architecture = disk.value(rf"{_CONTROL}\Session Manager\Environment", "PROCESSOR_ARCHITECTURE")
    if architecture:
        facts["bits64"] = architecture != "x86"
    path = "SOFTWARE\\Microsoft\\Windows Azure"
    facts["vm_id"] = {"value": disk.value(path, "VmId"), "read_from": rf"HKLM\{path}\VmId"}
    place = rf"{_SERVICES}\mssmbios\Data"
    table = disk.value(place, "SMBiosData")
    if table:
        facts["azure"] = {"value": _AZURE in base64.b64decode(table), "read_from": rf"HKLM\{place}\SMBiosData"}


def _os(disk: Disk) -> dict:
    key = disk.plain(
        _WINDOWS,
        *("CurrentBuild", "ProductName", "EditionID", "InstallationType", "UBR", "CurrentMajorVersionNumber"),
        "CurrentVersion",
    )
    if not key or not str(key.get("CurrentBuild")).isdecimal():
        raise Missing(f"The registry has no {_WINDOWS}")
    return {
        "id": "windows",
        "name": key.get("ProductName"),
        "version": "10.0" if key.get("CurrentMajorVersionNumber") else key.get("CurrentVersion"),
        "build": int(key["CurrentBuild"]),
        "revision": key.get("UBR"),
        "edition": key.get("EditionID"),
        "installation_type": key.get("InstallationType"),
        "product_type": disk.value(rf"{_CONTROL}\ProductOptions", "ProductType"),
        "read_from": rf"HKLM\{_WINDOWS}",
    }


def _pending_reboot(disk: Disk) -> dict:
    base = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
    renames = disk.value(rf"{_CONTROL}\Session Manager", "PendingFileRenameOperations")
    return {
        "component_servicing": "RebootPending" in disk.names(rf"{base}\Component Based Servicing"),
        "windows_update": "RebootRequired" in disk.names(rf"{base}\WindowsUpdate\Auto Update"),
        "file_renames": len([name for name in renames or [] if name]),
    }


def load(disk: Disk, facts: Facts) -> None:
    path = rf"{_CONTROL}\Session Manager\SubSystems"
    found = _SECTIONS.search(str(disk.value(path, "Windows")))
    if found:
        names = ("shared_kib", "interactive_kib", "services_kib")
        facts["desktop_heap"] = dict(
            zip(names, map(int, found.groups()), strict=True), read_from=rf"HKLM\{path}\Windows"
        )
    facts["page_files"] = disk.value(rf"{_CONTROL}\Session Manager\Memory Management", "PagingFiles") or []


def clock(disk: Disk, facts: Facts) -> None:
    values = disk.plain(rf"{_SERVICES}\W32Time\Parameters", "Type", "NtpServer") or {}
    facts["source"] = {"type": values.get("Type"), "servers": values.get("NtpServer")}
    facts["host_provider"] = disk.value(rf"{_SERVICES}\W32Time\TimeProviders\VMICTimeProvider", "Enabled")


def security(disk: Disk, facts: Facts) -> None:
    path = rf"{_CONTROL}\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client"
    facts["tls12_client"] = disk.plain(path, "Enabled", "DisabledByDefault")
    facts["cipher_suites"] = _cipher_suites(disk)
    facts["fips"] = disk.value(rf"{_CONTROL}\Lsa\FipsAlgorithmPolicy", "Enabled")
    facts.take("applocker", lambda: _applocker(disk))
    facts.take("commands", lambda: _commands(disk))
    defender = ("SOFTWARE\\Microsoft\\Windows Defender", "SOFTWARE\\Policies\\Microsoft\\Windows Defender")
    facts["defender_exclusions"] = [
        name for base in defender for name in disk.values(rf"{base}\Exclusions\Paths") or {}
    ]
    facts["antivirus_filters"] = [
        name for name in disk.names(_SERVICES) if disk.value(rf"{_SERVICES}\{name}", "Group") == "FSFilter Anti-Virus"
    ]


def _cipher_suites(disk: Disk) -> dict | None:
    """Those of a policy, or else of the local list: one text or several, each with one suite or more."""
    for path in (
        "SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002",
        rf"{_CONTROL}\Cryptography\Configuration\Local\SSL\00010002",
    ):
        value = disk.value(path, "Functions") or []
        names = re.findall(r"[^,\s]+", value if isinstance(value, str) else " ".join(value))
        if names:
            return {"names": names, "read_from": rf"HKLM\{path}\Functions"}
    return None


def _commands(disk: Disk) -> dict:
    path = rf"{_CONTROL}\Session Manager\Environment"
    found = {name.lower(): entry for name, entry in (disk.values(path) or {}).items()}
    values = {}
    for name in ("path", "comspec"):
        text = str(found[name]["value"]) if name in found else None
        # Windows replaces variables in a value of this type only.
        if text and found[name]["type"] == "REG_EXPAND_SZ":
            text = _ROOT.sub(lambda _found: disk.shown("Windows"), text)
            text = _DRIVE.sub(lambda _found: disk.shown("").rstrip("\\"), text)
        values[name] = text
    folders = [folder.strip(' "').replace("/", "\\").rstrip("\\") for folder in (values["path"] or "").split(";")]
    debuggers = {name: disk.value(rf"{_WINDOWS}\Image File Execution Options\{name}", "Debugger") for name in _STARTED}
    return {
        "path": values["path"] and excerpt(values["path"], 1000),
        "finds_system": disk.shown("Windows\\System32").lower() in [folder.lower() for folder in folders],
        "comspec": values["comspec"] and excerpt(values["comspec"], 300),
        "debuggers": {name: excerpt(str(command), 300) for name, command in debuggers.items() if command},
        "read_from": rf"HKLM\{path}",
    }


def _applocker(disk: Disk) -> dict:
    base = "SOFTWARE\\Policies\\Microsoft\\Windows\\SrpV2"
    found = {}
    for name in disk.names(base):
        rules = [disk.value(rf"{base}\{name}\{rule}", "Value") for rule in disk.names(rf"{base}\{name}")]
        found[name] = {
            "enforcement": disk.value(rf"{base}\{name}", "EnforcementMode"),
            "rules": [excerpt(rule, 1000) for rule in rules if rule],
        }
    return found


def dotnet(disk: Disk, facts: Facts) -> None:
    facts["release"] = disk.value("SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full", "Release")
    facts["enable64bit"] = disk.value(_DOTNET, "Enable64Bit")
    for name, version in (("crypto_v4", "v4.0.30319"), ("crypto_v2", "v2.0.50727")):
        bases = {"native": _DOTNET, "wow64": "SOFTWARE\\WOW6432Node\\Microsoft\\.NETFramework"}
        facts[name] = {
            view: disk.plain(rf"{base}\{version}", "SchUseStrongCrypto", "SystemDefaultTlsVersions")
            for view, base in bases.items()
        }
    facts.take("machine_config", lambda: _machine_config(disk))
    facts.take("agent_configs", lambda: list(_agent_configs(disk)))


def _agent_configs(disk: Disk) -> Iterator[dict]:
    for service in ("RdAgent", "WindowsAzureGuestAgent"):
        path = image(disk, service)
        below = disk.path(f"{path}.config") if path else None
        text = disk.tree.text(below, 2_097_152) if below is not None else None
        if text is not None:
            yield {"service": service, "path": f"{path}.config", "xml_error": _checked(text)}


def _machine_config(disk: Disk) -> dict | None:
    path = "Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Config\\machine.config"
    text = disk.tree.text(path, 2_097_152)
    if text is None:
        return None
    problem, proxy = _checked(text), None
    if problem is None:
        found = re.search(r"<defaultProxy\b(?:[^>]*/>|[\s\S]*?</defaultProxy>)", re.sub(r"<!--[\s\S]*?-->", "", text))
        proxy = excerpt(found[0], 500) if found else None
    return {
        "path": disk.shown(path),
        "size": len(text),
        "xml_error": problem,
        "wcf_debugging": "Microsoft.VisualStudio.Diagnostics.ServiceModelSink" in text,
        "default_proxy": proxy,
    }


def _checked(text: str) -> str | None:
    """Why a text is not XML. One with a document type is refused, as by the live probe."""
    parser = xml.parsers.expat.ParserCreate()

    def refuse(*_args: object) -> None:
        raise ValueError

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except (xml.parsers.expat.ExpatError, ValueError):
        return f"XmlException: line {parser.CurrentLineNumber}"
    return None


def storage(disk: Disk, facts: Facts) -> None:
    facts["system_drive"] = disk.drive
