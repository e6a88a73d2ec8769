# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes hives.tar.xz: registry hives of a healthy Windows guest and of faulty ones, made by libhivex.

Needs Debian's python3-hivex; the tests need only the archive.
"""

import io
import pathlib
import struct
import tarfile
import tempfile

import hivex

HERE = pathlib.Path(__file__).parent
SZ, EXPAND_SZ, BINARY, DWORD, MULTI_SZ = 1, 2, 3, 4, 7
AGENT = "C:\\WindowsAzure\\GuestAgent_2.7.41491.1176_2026-10-02_081503"
PLUGIN = "C:\\Packages\\Plugins\\Microsoft.Azure.RecoveryServices.VMSnapshot\\1.0.95.0"
SVCHOST = "%SystemRoot%\\System32\\svchost.exe -k netsvcs"
SERVICES = "ControlSet001\\Services"
PROVIDERS = rf"{SERVICES}\VSS\Providers"
WINHTTP = "Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections"
RESTART = bytes.fromhex("805101000000000000000000030000001400000001000000 60ea000001000000 60ea000001000000 60ea0000")


WRITTEN = 134_398_947_000_000_000
"""2026-11-23 08:05 UTC, in the unit of Windows."""


def winhttp(proxy):
    return struct.pack("<III", 24, 0, 3 if proxy else 1) + b"".join(
        struct.pack("<I", len(text)) + text for text in (proxy, b"")
    )


def service(image, start, account="LocalSystem", needs=()):
    values = {"ImagePath": (EXPAND_SZ, image), "Start": (DWORD, start), "ObjectName": (SZ, account)}
    return {**values, "DependOnService": (MULTI_SZ, needs)} if needs else values


SYSTEM = {
    "Select": {"Current": (DWORD, 1)},
    rf"{SERVICES}\RdAgent": {
        **service(rf"{AGENT}\WaAppAgent.exe", 2),
        "FailureActions": (BINARY, RESTART),
    },
    rf"{SERVICES}\WindowsAzureGuestAgent": {
        **service(rf"{AGENT}\WindowsAzureGuestAgent.exe", 2),
        "FailureActions": (BINARY, RESTART),
    },
    rf"{SERVICES}\IaasVmProvider": service(rf'"{PLUGIN}\IaasVmProvider.exe" /service', 2),
    rf"{SERVICES}\VSS": service("%systemroot%\\system32\\vssvc.exe", 3, needs=["RPCSS"]),
    rf"{SERVICES}\swprv": service(SVCHOST, 3, needs=["RPCSS"]),
    rf"{SERVICES}\RpcSs": service(SVCHOST, 2, "NT AUTHORITY\\NetworkService"),
    rf"{SERVICES}\EventSystem": service(SVCHOST, 2, "NT AUTHORITY\\LocalService", ["rpcss"]),
    rf"{SERVICES}\COMSysApp": service("system32\\svchost.exe", 3, needs=["RpcSs", "EventSystem"]),
    rf"{SERVICES}\MSDTC": service("\\SystemRoot\\System32\\msdtc.exe", 2, "NT AUTHORITY\\NetworkService", ["RPCSS"]),
    rf"{SERVICES}\KeyIso": service(SVCHOST, 3),
    rf"{SERVICES}\CryptSvc": service(SVCHOST, 2),
    rf"{SERVICES}\Winmgmt": service(SVCHOST, 2),
    rf"{SERVICES}\Dhcp": service(SVCHOST, 2),
    rf"{SERVICES}\msiserver": service("%systemroot%\\system32\\msiexec.exe /V", 3),
    rf"{PROVIDERS}\{{b5946137-7b9f-4925-af80-51abd60b20d5}}": {
        "": (SZ, "Microsoft Software Shadow Copy provider 1.0"),
        "Type": (DWORD, 1),
    },
    "ControlSet001\\Control\\ComputerName\\ComputerName": {"ComputerName": (SZ, "WEB1")},
    "ControlSet001\\Control\\ProductOptions": {"ProductType": (SZ, "ServerNT")},
    "ControlSet001\\Control\\Session Manager\\Environment": {"PROCESSOR_ARCHITECTURE": (SZ, "AMD64")},
}
WINDOWS = "Microsoft\\Windows NT\\CurrentVersion"
SOFTWARE = {
    WINDOWS: {
        "CurrentBuild": (SZ, "20348"),
        "CurrentMajorVersionNumber": (DWORD, 10),
        "ProductName": (SZ, "Windows Server 2022 Datacenter"),
        "InstallationType": (SZ, "Server"),
        "SystemRoot": (SZ, "C:\\Windows"),
        "UBR": (DWORD, 2849),
    },
    "Microsoft\\NET Framework Setup\\NDP\\v4\\Full": {"Release": (DWORD, 528449)},
    "Microsoft\\.NETFramework": {"InstallRoot": (SZ, "C:\\Windows\\Microsoft.NET\\Framework64\\")},
    "Microsoft\\Virtual Machine\\Guest": {
        "GuestAgentVersion": (SZ, "2.7.41491.1176"),
        "GuestAgentStatus": (SZ, "Ready"),
        "WireServerStatus": (SZ, "Success"),
        "TransparentInstallerStatus": (SZ, "Success"),
        "RequiredDotNetVersionPresent": (SZ, "True"),
    },
    "Microsoft\\Windows Azure\\HandlerState\\Microsoft.Azure.RecoveryServices.VMSnapshot_1.0.95.0": {
        "State": (SZ, "Enabled"),
        "Status": (SZ, "Ready"),
        "SequenceNumber": (SZ, "0"),
    },
    "Microsoft\\Windows\\CurrentVersion\\Uninstall\\vc": {
        "DisplayName": (SZ, "Microsoft Visual C++ 2013 x64 Additional Runtime - 12.0.40664"),
        "DisplayVersion": (SZ, "12.0.40664"),
    },
    "Microsoft\\BcdrAgent": {"IsProviderInstalled": (SZ, "False")},
    WINHTTP: {"WinHttpSettings": (BINARY, winhttp(b""))},
}
DEFAULT = {"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings": {"ProxyEnable": (DWORD, 0)}}

SYSTEM_FAULTS = {
    "rdagent_disabled": {rf"{SERVICES}\RdAgent": {"Start": (DWORD, 4)}},
    "vss_disabled": {rf"{SERVICES}\VSS": {"Start": (DWORD, 4)}},
    "provider_disabled": {rf"{SERVICES}\IaasVmProvider": {"Start": (DWORD, 4)}},
    "com_disabled": {rf"{SERVICES}\EventSystem": {"Start": (DWORD, 4)}},
    "msdtc_account": {rf"{SERVICES}\MSDTC": {"ObjectName": (SZ, "LocalSystem")}},
    "no_system_provider": {PROVIDERS: None},
}
SOFTWARE_FAULTS = {
    "winhttp_url": {WINHTTP: {"WinHttpSettings": (BINARY, winhttp(b"http://ann:S3cretWord@proxy.test:3128"))}},
    "old_dotnet": {"Microsoft\\NET Framework Setup\\NDP\\v4\\Full": None},
    "enable64bit": {"Microsoft\\.NETFramework": {"Enable64Bit": (DWORD, 0)}},
    "flags_without_provider": {"Microsoft\\BcdrAgent": {"IsProviderInstalled": (SZ, "True")}},
}


def empty(name):
    """A hive without values: a base block and one bin with the root key and its security descriptor."""
    none = 0xFFFFFFFF
    key = b"nk" + struct.pack("<HQIIIIIIIIII", 0x2C, 0, 0, none, 0, 0, none, none, 0, none, 0x80, none)
    key += struct.pack("<IIIIIHH", 0, 0, 0, 0, 0, 4, 0) + b"ROOT"
    cells = struct.pack("<i", -0x60) + key.ljust(0x5C, b"\0")
    descriptor = struct.pack("<BBHIIII", 1, 0, 0x8000, 0, 0, 0, 0)
    security = b"sk" + struct.pack("<HIIII", 0, 0x80, 0x80, 1, len(descriptor)) + descriptor
    cells += struct.pack("<i", -0x30) + security.ljust(0x2C, b"\0")
    cells += struct.pack("<i", 0x1000 - 0x20 - len(cells)).ljust(0x1000 - 0x20 - len(cells), b"\0")
    head = struct.pack("<4sIIQIIIIIII", b"regf", 1, 1, WRITTEN, 1, 5, 0, 1, 0x20, 0x1000, 1) + name.encode("utf-16-le")
    head = head.ljust(508, b"\0")
    checksum = 0
    for (word,) in struct.iter_unpack("<I", head):
        checksum ^= word
    hbin = struct.pack("<4sIIQQI", b"hbin", 0, 0x1000, 0, 0, 0)
    return (head + struct.pack("<I", checksum)).ljust(0x1000, b"\0") + hbin + cells


def data(kind, value):
    if kind == DWORD:
        return struct.pack("<I", value)
    if kind == BINARY:
        return value
    text = "".join(f"{part}\0" for part in value) + "\0" if kind == MULTI_SZ else f"{value}\0"
    return text.encode("utf-16-le")


def made(base, keys):
    """The bytes of the hive ``base`` with these values; None in place of values removes a key."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(base)
        file.flush()
        hive = hivex.Hivex(file.name, write=True)
        for path, values in keys.items():
            node = hive.root()
            for part in path.split("\\"):
                node = hive.node_get_child(node, part) or hive.node_add_child(node, part)
            if values is None:
                hive.node_delete_child(node)
                continue
            for key, (kind, value) in values.items():
                hive.node_set_value(node, {"key": key, "t": kind, "value": data(kind, value)})
        hive.commit(None)
        return pathlib.Path(file.name).read_bytes()


def main():
    healthy = {
        "SYSTEM": made(empty("SYSTEM"), SYSTEM),
        "SOFTWARE": made(empty("SOFTWARE"), SOFTWARE),
        "DEFAULT": made(empty("DEFAULT"), DEFAULT),
    }
    files = {f"healthy/{name}": content for name, content in healthy.items()}
    for hive, faults in (("SYSTEM", SYSTEM_FAULTS), ("SOFTWARE", SOFTWARE_FAULTS)):
        files.update({f"{fault}/{hive}": made(healthy[hive], keys) for fault, keys in faults.items()})
    with tarfile.open(HERE / "hives.tar.xz", "w:xz", preset=9) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


if __name__ == "__main__":
    main()
