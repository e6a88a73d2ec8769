# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mounted Windows disk for tests: hives of libhivex (tests/windows/disk/make_hives.py), and the files of a guest."""

import json
import pathlib
import struct
import tarfile

import event_logs

HIVES = pathlib.Path(__file__).resolve().parents[1] / "windows/disk/hives.tar.xz"
CONFIG = "WINDOWS/system32/Config"
AGENT = "WindowsAzure/GuestAgent_2.7.41491.1176_2026-10-02_081503"
PLUGIN = "Packages/Plugins/Microsoft.Azure.RecoveryServices.VMSnapshot/1.0.95.0"
MACHINE_CONFIG = "WINDOWS/Microsoft.NET/Framework64/v4.0.30319/Config/machine.config"
LOG_FOLDER = "WINDOWS/system32/winevt/Logs"
LOGS = (
    *("System", "Application", "Microsoft-Windows-AppLocker/EXE and DLL", "Microsoft-Windows-AppLocker/MSI and Script"),
    "Microsoft-Windows-CodeIntegrity/Operational",
)
BOOT = "2026-11-23T06:00:00Z"
PAGE = 4096
STATUS = {"timestampUTC": "2026-11-23T08:00:41Z", "status": {"status": "success", "operation": "Enable", "code": 0}}
AGGREGATE = {
    "timestampUTC": "2026-11-23T08:01:02Z",
    "aggregateStatus": {
        "guestAgentStatus": {
            "version": "2.7.41491.1176",
            "status": "Ready",
            "lastStatusUploadTime": "2026-11-23T08:01:02Z",
        },
        "handlerAggregateStatus": [
            {"handlerName": PLUGIN.split("/")[2], "handlerVersion": "1.0.95.0", "status": "Ready", "code": 0}
        ],
    },
}


def hive(kind, name):
    """The bytes of one hive of the archive: healthy, or of a fault."""
    with tarfile.open(HIVES) as archive:
        return archive.extractfile(f"{kind}/{name}").read()


def executable(version):
    """A file whose version resource is as compilers write it."""
    text = "ProductVersion".encode("utf-16-le") + b"\0\0\0\0" + f"{version}\0".encode("utf-16-le")
    return b"MZ" + b"\0" * 200 + text + b"\0" * 8


def disk(root, fault="healthy"):
    """Writes the disk of a guest, with the hives of a fault. The letter case is that of an upgraded system."""
    with tarfile.open(HIVES) as archive:
        names = archive.getnames()
    for name in ("SYSTEM", "SOFTWARE", "DEFAULT"):
        write(root, f"{CONFIG}/{name}", hive(fault if f"{fault}/{name}" in names else "healthy", name))
    for name in ("svchost.exe", "vssvc.exe", "msdtc.exe", "msiexec.exe", "lsass.exe"):
        write(root, f"WINDOWS/system32/{name}", b"MZ")
    for name in ("WaAppAgent.exe", "WindowsAzureGuestAgent.exe"):
        write(root, f"{AGENT}/{name}", executable("2.7.41491.1176"))
    for name in ("IaaSBcdrExtension.exe", "IaasVmProvider.exe", "bcdrenable.cmd"):
        write(root, f"{PLUGIN}/{name}", b"MZ")
    manifest = [{"handlerManifest": {"enableCommand": "bcdrenable.cmd", "rebootAfterInstall": False}}]
    write(root, f"{PLUGIN}/HandlerManifest.json", json.dumps(manifest).encode())
    write(root, f"{PLUGIN}/RuntimeSettings/0.settings", b"{}")
    write(root, f"{PLUGIN}/Status/0.status", json.dumps([STATUS]).encode())
    write(root, "WindowsAzure/Logs/AggregateStatus/aggregatestatus.json", json.dumps(AGGREGATE).encode())
    write(root, MACHINE_CONFIG, b"<configuration></configuration>")
    log = (
        "[00000005] [11/23/2026 08:00:10.131] [INFO]  Discovered fabric address 168.63.129.16 on interface Ethernet\r\n"
    )
    write(root, "WindowsAzure/Logs/WaAppAgent.log", log.encode())
    for name in LOGS:
        events(root, name)
    return root


def events(root, name, *told):
    """Writes an event log that has these events after a start of the system."""
    boot = {"MajorVersion": "10", "StartTime": BOOT}
    data = event_logs.log((BOOT, "Microsoft-Windows-Kernel-General", 12, boot), *told)
    write(root, f"{LOG_FOLDER}/{name.replace('/', '%4')}.evtx", data)


def write(root, name, data):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def dirty(root, before, after, name="SYSTEM", log=True, stale=b""):
    """The hive ``before``, dirty, with ``after`` in its transaction log only; ``stale`` is an older rest of the log."""
    sequence = struct.unpack_from("<I", before, 8)[0]
    write(root, f"{CONFIG}/{name}", before[:4] + struct.pack("<I", sequence + 1) + before[8:])
    if log:
        write(root, f"{CONFIG}/{name}.LOG1", before[:512] + block(before, after, sequence) + stale)


def block(before, after, sequence):
    """A block of a transaction log (HvLE) with the pages that differ."""
    pages = [at for at in range(PAGE, len(after), PAGE) if before[at : at + PAGE] != after[at : at + PAGE]]
    listed = b"".join(struct.pack("<II", at - PAGE, PAGE) for at in pages)
    body = listed + b"".join(after[at : at + PAGE] for at in pages)
    size = -(-(40 + len(body)) // 512) * 512
    body = body.ljust(size - 40, b"\0")
    head = struct.pack("<4sIIIIIQ", b"HvLE", size, 0, sequence, len(after) - PAGE, len(pages), marvin32(body))
    return head + struct.pack("<Q", marvin32(head)) + body


def marvin32(data):
    """The sum of whole words, step by step as it is published."""

    def rotated(number, bits):
        return int(f"{number:032b}"[bits:] + f"{number:032b}"[:bits], 2)

    first, second = 0x7A4E55C5, 0x82EF4D88
    for at in range(0, len(data) + 8, 4):
        word = data[at : at + 4] or (b"\x80" if at == len(data) else b"")
        first = (first + int.from_bytes(word, "little")) % 2**32
        second ^= first
        first = (rotated(first, 20) + second) % 2**32
        second = rotated(second, 9) ^ first
        first = (rotated(first, 27) + second) % 2**32
        second = rotated(second, 19)
    return first + second * 2**32
