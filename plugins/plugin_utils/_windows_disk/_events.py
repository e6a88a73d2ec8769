# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event logs of a mounted Windows disk, read by evtx (PyPI), in the form of the live probe: raw data, newest first.

A log is blocks of 64 KiB, each complete in itself. The newest are read first, and no more than are needed.
"""

from __future__ import annotations

import binascii
import contextlib
import datetime
import functools
import io
import json
import re
import resource
import struct
import time
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from ...module_utils._guest import apart
from ...module_utils._guest.host import NEEDS_LIVE, Missing
from ...module_utils._guest.masking import excerpt
from ...module_utils._probe import Facts
from . import _wer
from ._disk import Disk

try:
    import evtx

    EVTX_ERROR: ImportError | None = None
except ImportError as error:
    EVTX_ERROR = error


class Kind(NamedTuple):
    """Events of one log. ``providers`` in lower letters, as releases of Windows differ in case; none is any."""

    log: str
    providers: tuple[str, ...]
    ids: tuple[int, ...]


_SCRIPTS, _PROGRAMS = "Microsoft-Windows-AppLocker/MSI and Script", "Microsoft-Windows-AppLocker/EXE and DLL"
_INTEGRITY = "Microsoft-Windows-CodeIntegrity/Operational"
_DEFENDER = "Microsoft-Windows-Windows Defender/Operational"
_SERVICE = (7000, 7001, 7003, 7009, 7011, 7022, 7023, 7024, 7031, 7034, 7038, 7041)
_VSS = (13, 22, 8193, 8194, 8229, 12289, 12292, 12293, 12297, 12298, 12301, 12305, 12310, 12340, 12366, 24583)
KINDS = {
    "service_failures": Kind("System", ("service control manager",), _SERVICE),
    "memory_exhausted": Kind("System", ("microsoft-windows-resource-exhaustion-detector", "srv"), (2004, 2019, 2020)),
    "desktop_heap": Kind("System", ("win32k",), (243, 244)),
    "disk_errors": Kind(
        "System", ("disk", "storvsc", "ntfs", "microsoft-windows-ntfs"), (7, 11, 51, 55, 129, 137, 153, 154)
    ),
    "volume_states": Kind("System", ("disk", "microsoft-windows-ntfs"), (98, 157)),
    "crypto_errors": Kind("Application", ("microsoft-windows-capi2",), (513,)),
    "volume_timeouts": Kind("System", ("volsnap",), (2, 5, 6, 8, 9, 14, 15, 16, 20, 21, 24, 25, 28, 35, 36, 40)),
    "cluster_backup": Kind("System", ("microsoft-windows-failoverclustering",), (1544,)),
    "application_crashes": Kind("Application", ("application error",), (1000,)),
    "dotnet_crashes": Kind("Application", (".net runtime",), (1026,)),
    "vss_errors": Kind("Application", ("vss", "sqlwriter"), _VSS),
    "installer_errors": Kind("Application", ("msiinstaller",), (10005, 11401, 11402, 11722, 11920)),
    "sql_backups": Kind("Application", (), (18264, 18265, 3041)),
    "applocker_blocks": Kind(_PROGRAMS, (), (8004,)),
    "applocker_script_blocks": Kind(_SCRIPTS, (), (8007,)),
    "code_integrity_blocks": Kind(_INTEGRITY, (), (3077,)),
    "defender_blocks": Kind(_DEFENDER, (), (1117, 1121, 1123)),
}
"""The same as in _WinSharedEvents.psm1."""
_BOOT = Kind("System", ("microsoft-windows-kernel-general",), (12,))
_FOLDER = "Windows\\System32\\winevt\\Logs"
_SERVICES = "SYSTEM\\CurrentControlSet\\Services"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_FORM = "%Y-%m-%dT%H:%M:%SZ"
_SAME = datetime.timedelta(minutes=2)
_DAYS = 7
_OF_A_KIND = 20
_HEAD, _BLOCK = 4096, 1 << 16
_MOST_BLOCKS = 256
"""Of one log: 16 MiB."""
_MOST_HEADS = 1 << 16
_MOST_LOST = 1000
"""Records of a block."""
_CPU_SECONDS = 10
"""For one log."""
_MEMORY = 4 << 30


def events(disk: Disk, facts: Facts) -> None:
    for name, kind in KINDS.items():
        read = _crashes if name == "application_crashes" else _of_kind
        facts.take(name, functools.partial(read, disk, name, kind))
    if facts.get("service_failures"):
        _name_services(disk, facts["service_failures"])


def boot_time(disk: Disk) -> str:
    """When the system last started."""
    found = _log(disk, _BOOT.log)["events"]["boot"]
    if not found:
        raise Missing(NEEDS_LIVE)
    return found[0]["time"]


def _of_kind(disk: Disk, name: str, kind: Kind) -> list[dict]:
    log = _log(disk, kind.log)
    found = log["events"][name]
    if log["damaged"] and not found:
        raise Missing(f"Cannot read '{log['path']}': {log['damaged']:,} of its blocks are damaged")
    return found


def _crashes(disk: Disk, name: str, kind: Kind) -> list[dict]:
    """Crashes by the log, and those that only the reports on the disk tell."""
    reported = _wer.crashes(disk, _since(disk))
    try:
        logged = _of_kind(disk, name, kind)
    except Missing:
        if not reported:
            raise
        logged = []
    more = [crash for crash in reported if not any(_is_same(crash, event) for event in logged)]
    return sorted(logged + more, key=lambda event: event["time"], reverse=True)[:_OF_A_KIND]


def _is_same(crash: Mapping, event: Mapping) -> bool:
    """Whether a report is about the crash of an event: the log has it within minutes, and names the program first."""
    between = _parsed(crash["time"]) - _parsed(event["time"])
    return abs(between) <= _SAME and bool(event["data"]) and event["data"][0] in crash["data"]


def _parsed(time: str) -> datetime.datetime:
    return datetime.datetime.strptime(time, _FORM)


def _since(disk: Disk) -> str:
    return (disk.written - datetime.timedelta(days=_DAYS)).strftime(_FORM)


def _log(disk: Disk, name: str) -> dict:
    """What is wanted of one log: ``path``, ``damaged`` (blocks), ``events`` by kind. Read once a disk."""
    if name not in disk.event_logs:
        try:
            disk.event_logs[name] = _read(disk, name)
        except Missing as missing:
            disk.event_logs[name] = missing
    log = disk.event_logs[name]
    if isinstance(log, Missing):
        raise log
    return log


def _read(disk: Disk, name: str) -> dict:
    path = _place(disk, name)
    here = disk.tree.find(path)
    if here is None:
        raise Missing(f"Cannot read '{disk.shown(path)}': it does not exist")
    if EVTX_ERROR:
        raise Missing(
            f"Cannot read '{here}': the Python package evtx is not installed on the controller; "
            f"run 'python3 -m pip install evtx' ({EVTX_ERROR})"
        )
    wanted = {kind: declared for kind, declared in (*KINDS.items(), ("boot", _BOOT)) if declared.log == name}
    since = _since(disk)
    with disk.tree.open(here) as file:
        # In a process of its own: what a damaged log makes of its parser must not take the other facts.
        seconds = max(0.0, disk.logs_until - time.monotonic())
        text = apart.run(lambda: json.dumps(_answer(file, wanted, since)).encode(), seconds)
    answer = json.loads(text) if text else {"error": f"it is damaged, or could not be read within {seconds:.1f} s"}
    if "error" in answer:
        raise Missing(f"Cannot read '{here}': {answer['error']}")
    return {**answer, "path": here}


def _place(disk: Disk, name: str) -> str:
    """Where a log is: classic ones may have been moved."""
    usual = rf"{_FOLDER}\{name.replace('/', '%4')}.evtx"
    moved = disk.value(rf"{_SERVICES}\EventLog\{name}", "File") if "/" not in name else None
    if not moved:
        return usual
    moved = re.sub(r"^%(SystemRoot|windir)%\\", lambda _found: disk.shown("Windows\\"), moved, flags=re.I)
    path = disk.path(moved)
    if path is None:
        raise Missing(f"Cannot read '{moved}': it is on another drive")
    return path


def _answer(file: BinaryIO, wanted: Mapping[str, Kind], since: str) -> dict:
    # A parser that never comes back is left behind by whoever waits for it, so it has an end of its own.
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS)
    _limit(resource.RLIMIT_AS, _MEMORY)
    if file.read(8) != b"ElfFile\0":
        return {"error": "it is not an event log"}
    found: dict[str, list[dict]] = {name: [] for name in wanted}
    damaged = 0
    for block in _blocks(file):
        told, whole = _records(block)
        damaged += not whole
        for event in told:
            for name, kind in wanted.items():
                if _is(event, kind) and event["time"] >= since and len(found[name]) < _OF_A_KIND:
                    found[name].append(event)
        if told and max(event["time"] for event in told) < since:
            break
    kept = {name: [{**event, "data": _texts(event["data"])} for event in of_kind] for name, of_kind in found.items()}
    return {"damaged": damaged, "events": kept}


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses to limit memory
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _is(event: Mapping, kind: Kind) -> bool:
    return event["id"] in kind.ids and (not kind.providers or str(event["provider"]).lower() in kind.providers)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The newest blocks, the newest first. Those that were never written are zero."""
    places = []
    for number in range(_MOST_HEADS):
        file.seek(_HEAD + number * _BLOCK)
        head = file.read(40)
        if len(head) < 40:
            break
        if any(head):
            places.append((struct.unpack_from("<Q", head, 32)[0], number))
    for _last, number in sorted(places, reverse=True)[:_MOST_BLOCKS]:
        file.seek(_HEAD + number * _BLOCK)
        yield file.read(_BLOCK).ljust(_BLOCK, b"\0")


def _records(block: bytes) -> tuple[list[dict], bool]:
    """The events of a block, the newest first, and whether these are all."""
    first, last = struct.unpack_from("<QQ", block, 24)
    found: list[dict] = []
    lost = 0
    try:
        records = iter(evtx.PyEvtxParser(io.BytesIO(_file_head() + block), 1).records_json())
    except Exception:  # pylint: disable=broad-except  # whatever a damaged block makes of its parser
        return [], False
    while lost < _MOST_LOST:
        try:
            record: Any = next(records)
            found.append(_event(json.loads(record["data"])["Event"]))
        except StopIteration:
            break
        except Exception:  # pylint: disable=broad-except  # a damaged record
            lost += 1
    return found[::-1], not lost and len(found) > last - first


def _file_head() -> bytes:
    """The head of a log of a single block."""
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 0, 1, 128, 1, 3, _HEAD, 1).ljust(120, b"\0")
    return (head + struct.pack("<II", 0, binascii.crc32(head))).ljust(_HEAD, b"\0")


def _event(told: Mapping) -> dict:
    system = told["System"]
    number = system["EventID"]
    when = _MOMENT.match(system["TimeCreated"]["#attributes"]["SystemTime"])
    if when is None:
        raise ValueError
    return {
        "provider": system["Provider"]["#attributes"].get("Name"),
        "id": int(number["#text"] if isinstance(number, dict) else number),
        "time": f"{when[0]}Z",
        "data": told.get("EventData") or told.get("UserData"),
    }


def _texts(data: Any) -> list[str]:
    return [excerpt(text, 600) for text in _leaves(data)]


def _leaves(data: Any) -> Iterator[str]:
    """The values of an event in their order, as Windows has them."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "Binary":
                yield from [_binary(value)] if value else []
            elif name != "xmlns":
                yield from _leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value)
    else:
        yield "" if data is None else str(data)


def _binary(value: str) -> str:
    """Bytes as text, where they are one: the service manager adds the name of a service in UTF-16."""
    data = bytes.fromhex(value)
    text = data.decode("utf-16-le", errors="replace").strip("\0")
    return text if re.fullmatch(r"[ -~]+", text) else " ".join(map(str, data))


def _name_services(disk: Disk, failures: list[dict]) -> None:
    """Adds the name of the service to events that have its display name only, which is translated."""
    names = disk.names(_SERVICES)
    displays: dict[str, list[str]] = {}
    for name in names:
        displays.setdefault(str(disk.value(rf"{_SERVICES}\{name}", "DisplayName")), []).append(name)
    known = {name.lower() for name in names}
    for event in failures:
        if any(text.lower() in known for text in event["data"]):
            continue
        named = [displays[text][0] for text in event["data"] if len(displays.get(text, ())) == 1]
        event["data"] += named[:1]
