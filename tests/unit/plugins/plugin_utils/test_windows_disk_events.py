# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event logs of a mounted Windows disk: real ones, damaged ones, and what the checks make of them."""

import binascii
import io
import os
import pathlib
import random
import re
import struct
import time

import event_logs
import pytest
import windows_disks
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _saved
from ansible_collections.vmbackup.azure.plugins.plugin_utils._windows_disk import _events

pytest.importorskip("regipy")
pytest.importorskip("evtx")

SHARED = pathlib.Path(__file__).resolve().parents[4] / "plugins/module_utils/_WinSharedEvents.psm1"
SYSTEM = f"{windows_disks.LOG_FOLDER}/System.evtx"
CRASH = ("2026-11-23T07:30:00Z", "Application Error", 1000, ["WaAppAgent.exe", "2.7.41491.1176", "clr.dll"])


def judged(root):
    (saved,) = _saved.found([str(root)], 60)
    result, state = _saved.judged(saved, {})
    return {finding["id"]: finding for finding in result["findings"]}, state


def read(data, since="2017-07-12T00:00:00Z"):
    wanted = {name: kind for name, kind in _events.KINDS.items() if kind.log == "System"}
    return _events._answer(io.BytesIO(data), {**wanted, "boot": _events._BOOT}, since)


@pytest.fixture
def unlimited(monkeypatch):
    """The limits are those of a process of its own, and the test is none."""
    monkeypatch.setattr(_events, "_limit", lambda *_given: None)


def test_the_kinds_are_those_of_the_live_probe():
    found = {}
    for name, log, providers, ids in re.findall(
        r"name = '(\w+)'; log = '([^']+)'; provider = ('[^;]*'); id = ([\d, ]+) }", SHARED.read_text()
    ):
        providers = {text.lower() for text in re.findall(r"'([^']+)'", providers)}
        found[name] = (log, providers, {int(text) for text in re.findall(r"\d+", ids)})
    assert found == {name: (kind.log, set(kind.providers), set(kind.ids)) for name, kind in _events.KINDS.items()}


def test_a_log_of_a_real_windows(unlimited):
    found = read(event_logs.real())
    assert found["damaged"] == 0
    assert found["events"]["service_failures"] == [
        {
            "provider": "Service Control Manager",
            "id": 7000,
            "time": time_,
            "data": ["CldFlt", "%%50", "CldFlt"],
        }
        for time_ in ("2017-07-12T17:20:37Z", "2017-07-12T17:18:18Z")
    ]
    (disk,) = found["events"]["disk_errors"]
    assert (disk["provider"], disk["id"], disk["time"]) == ("Disk", 51, "2017-07-23T07:16:52Z")
    assert disk["data"][0] == r"\Device\Harddisk1\DR1"
    assert disk["data"][1].startswith("3 0 128 0 1 0 0 0")
    assert [event["time"] for event in found["events"]["boot"]] == ["2017-07-12T17:20:28Z"]


def test_only_the_newest_days_are_read(unlimited):
    found = read(event_logs.real(), "2017-07-20T00:00:00Z")
    assert [len(found["events"][name]) for name in ("disk_errors", "service_failures", "boot")] == [1, 0, 0]


def test_at_most_20_of_a_kind_the_newest_first(unlimited):
    events = [(f"2026-11-23T07:{n:02d}:00Z", "Disk", 51, [str(n)]) for n in range(60)]
    found = read(event_logs.log(*events, block=7))["events"]["disk_errors"]
    assert [event["data"] for event in found] == [[str(n)] for n in range(59, 39, -1)]


def test_the_blocks_of_a_log_that_began_anew_are_read_by_their_age(unlimited):
    data = event_logs.log(*((f"2026-11-23T07:0{n}:00Z", "disk", 51, [str(n)]) for n in range(4)), block=1)
    head, blocks = data[:4096], [data[at : at + 65536] for at in range(4096, len(data), 65536)]
    found = read(head + blocks[2] + blocks[3] + blocks[0] + blocks[1])["events"]["disk_errors"]
    assert [event["data"] for event in found] == [["3"], ["2"], ["1"], ["0"]]


def test_a_crash_of_the_agent_is_found(tmp_path):
    root = windows_disks.disk(tmp_path)
    windows_disks.events(root, "Application", CRASH)
    findings, state = judged(root)
    assert findings["agent_stable"]["status"] == "warn"
    assert "clr.dll" in findings["agent_stable"]["evidence"][0]["value"]
    assert state["identity"]["boot_time"] == windows_disks.BOOT
    assert state["events"]["service_failures"] == []


def test_a_crash_before_the_last_boot_is_history(tmp_path):
    root = windows_disks.disk(tmp_path)
    windows_disks.events(root, "Application", ("2026-11-22T07:30:00Z", *CRASH[1:]))
    findings, _state = judged(root)
    assert findings["agent_stable"]["status"] == "ok"


def test_memory_that_ran_out_is_found_without_the_load_of_a_running_system(tmp_path):
    root = windows_disks.disk(tmp_path)
    exhausted = ("2026-11-23T07:30:00Z", "Microsoft-Windows-Resource-Exhaustion-Detector", 2004, ["sqlservr.exe"])
    windows_disks.events(root, "System", exhausted)
    findings, _state = judged(root)
    assert findings["page_file"]["status"] == "warn"


def test_a_service_is_named_where_the_event_has_its_display_name_only(tmp_path, monkeypatch):
    value = _events.Disk.value
    monkeypatch.setattr(
        _events.Disk,
        "value",
        lambda disk, path, name: (
            "Volumeschattenkopie" if (path[-4:], name) == ("\\VSS", "DisplayName") else value(disk, path, name)
        ),
    )
    root = windows_disks.disk(tmp_path)
    at, provider = "2026-11-23T07:30:00Z", "Service Control Manager"
    windows_disks.events(
        root, "System", (at, provider, 7034, ["Volumeschattenkopie", "1"]), (at, provider, 7034, ["rdagent", "1"])
    )
    _findings, state = judged(root)
    assert [event["data"] for event in state["events"]["service_failures"]] == [
        ["rdagent", "1"],
        ["Volumeschattenkopie", "1", "VSS"],
    ]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (None, r"Windows\System32\winevt\Logs\System.evtx"),
        (r"%SystemRoot%\system32\winevt\logs\System.evtx", r"Windows\system32\winevt\logs\System.evtx"),
        (r"C:\Logs\System.evtx", r"Logs\System.evtx"),
        (r"L:\System.evtx", "on another drive"),
    ],
)
def test_a_log_that_was_moved(tmp_path, monkeypatch, value, place):
    disk = _events.Disk(str(windows_disks.disk(tmp_path)), str(tmp_path))
    monkeypatch.setattr(disk, "value", lambda _path, _name: value)
    try:
        assert _events._place(disk, "System") == place
    except _events.Missing as missing:
        assert missing.reason.endswith(place)


def test_secrets_of_events_are_masked(tmp_path):
    root = windows_disks.disk(tmp_path)
    secret = "https://a.blob.core.windows.net/x?sv=2021-08-06&sig=S3cretS3cretS3cretS3cretS3cret%3D"
    windows_disks.events(root, "Application", ("2026-11-23T07:30:00Z", "VSS", 13, [secret]))
    _findings, state = judged(root)
    (event,) = state["events"]["vss_errors"]
    assert event["data"][0].startswith("https://a.blob") and "S3cret" not in str(state)


def test_without_evtx_the_command_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(_events, "EVTX_ERROR", ImportError("No module named 'evtx'"))
    findings, state = judged(windows_disks.disk(tmp_path))
    assert "python3 -m pip install evtx" in state["missing"]["events.vss_errors"]
    assert findings["agent_stable"]["status"] == "unknown" and findings["agent_installed"]["status"] == "ok"


@pytest.mark.parametrize(
    "data", [b"", b"no log", b"ElfFile\0", b"ElfFile\0" + b"\xff" * 200_000, b"\0" * 70_000], ids=range(5)
)
def test_a_log_that_is_none_costs_its_own_facts_only(tmp_path, data):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, SYSTEM, data)
    findings, state = judged(root)
    assert state["events"].get("service_failures", []) == []
    if data[:7] != b"ElfFile" or len(data) > 8:
        assert state["missing"]["events.service_failures"].startswith(f"Cannot read '{root}/{SYSTEM}': ")
        assert findings["agent_stable"]["status"] == "unknown"
    assert state["events"]["vss_errors"] == []


def test_damage_is_never_taken_for_absence(unlimited):
    data = bytearray(event_logs.log(*(("2026-11-23T07:00:00Z", "disk", 51, [str(n)]) for n in range(9)), block=3))
    data[4096 + 65536 + 600 : 4096 + 65536 + 700] = b"\xff" * 100
    found = read(bytes(data))
    assert found["damaged"] == 1
    assert 6 <= len(found["events"]["disk_errors"]) < 9


def test_a_damaged_block_is_the_reason_for_kinds_of_which_none_was_found(tmp_path):
    root = windows_disks.disk(tmp_path)
    path = root / SYSTEM
    windows_disks.events(root, "System", ("2026-11-23T07:00:00Z", "disk", 51, ["a"]))
    path.write_bytes(path.read_bytes() + b"ElfChnk\0" + b"\xff" * 65528)
    _findings, state = judged(root)
    assert [event["data"] for event in state["events"]["disk_errors"]] == [["a"]]
    assert state["missing"]["events.service_failures"].endswith(": 1 of its blocks are damaged")


def test_a_parser_that_dies_costs_its_log_only(tmp_path, monkeypatch):
    ended = _events._records

    def end(block):
        if b"d\0i\0e\0" in block:
            os._exit(11)
        return ended(block)

    monkeypatch.setattr(_events, "_records", end)
    root = windows_disks.disk(tmp_path)
    windows_disks.events(root, "System", ("2026-11-23T07:00:00Z", "disk", 51, ["die"]))
    windows_disks.events(root, "Application", CRASH)
    findings, state = judged(root)
    assert "it is damaged, or could not be read within" in state["missing"]["events.disk_errors"]
    assert findings["agent_stable"]["status"] == "warn"


def test_parsers_that_hang_leave_time_for_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(_events, "_records", lambda _block: time.sleep(60))
    (saved,) = _saved.found([str(windows_disks.disk(tmp_path))], 15)
    result, state = _saved.judged(saved, {})
    assert result["reason"] is None and state["agent"]["versions"]
    assert {name.partition(".")[2] for name in state["missing"] if name.startswith("events.")} == set(_events.KINDS)


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_no_file_is_not_read(tmp_path, kind):
    root = windows_disks.disk(tmp_path / "disk")
    path = root / SYSTEM
    secret = tmp_path / "other.evtx"
    path.rename(secret)
    {"link": lambda: path.symlink_to(secret), "folder": path.mkdir, "pipe": lambda: os.mkfifo(path)}[kind]()
    _findings, state = judged(root)
    assert state["missing"]["events.disk_errors"].startswith("Cannot read ")


def test_a_log_of_4_gib_is_read_in_time(tmp_path):
    root = windows_disks.disk(tmp_path)
    path = root / SYSTEM
    windows_disks.events(root, "System", ("2026-11-23T07:00:00Z", "disk", 51, ["a"]))
    os.truncate(path, 4 << 30)
    began = time.monotonic()
    _findings, state = judged(root)
    assert len(state["events"]["disk_errors"]) == 1
    assert time.monotonic() - began < 20


def test_damaged_bytes_anywhere_never_take_the_reader(unlimited):
    chosen = random.Random(16)
    real = event_logs.real()
    for _round in range(150):
        data = bytearray(real[: 4096 + 65536])
        for _byte in range(chosen.choice((1, 20, 400))):
            data[chosen.randrange(4096, len(data))] = chosen.randrange(256)
        if chosen.random() < 0.5:
            # As one who means harm writes it: with checksums that fit.
            struct.pack_into("<I", data, 4096 + 124, binascii.crc32(data[4096:4216] + data[4224:4608]))
        found = read(bytes(data[: chosen.choice((len(data), 40_000))]))
        assert set(found) == {"damaged", "events"}


def report(root, name, minute, kind="APPCRASH", program="WaAppAgent.exe", folder="ReportArchive", size=0):
    """A report of Windows Error Reporting, as it writes them: UTF-16 with a byte order mark."""
    ticks = 134_398_944_000_000_000 + minute * 600_000_000  # 2026-11-23 08:00 UTC
    lines = [
        *("Version=1", f"EventType={kind}", f"EventTime={ticks}", f"NsAppName={program}"),
        *("Sig[0].Name=Problem Signature 01", f"Sig[0].Value={program}", "Sig[1].Name=Problem Signature 09"),
        *("Sig[1].Value=System.IO.FileNotFoundException", *(f"LoadedModule[{n}]=C:\\x.dll" for n in range(size))),
    ]
    text = "\ufeff" + "\r\n".join(lines) + "\r\n"
    windows_disks.write(root, f"ProgramData/Microsoft/Windows/WER/{folder}/{name}/Report.wer", text.encode("utf-16-le"))


def test_crashes_that_only_reports_tell_are_found(tmp_path):
    root = windows_disks.disk(tmp_path)
    (root / f"{windows_disks.LOG_FOLDER}/Application.evtx").write_bytes(b"damaged")
    report(root, "AppCrash_WaAppAgent.exe_1", -20, kind="CLR20r3", size=2000)
    report(root, "AppCrash_WaAppAgent.exe_2", -10, folder="ReportQueue")
    report(root, "AppHang_WaAppAgent.exe_3", -9, kind="AppHangB1")
    findings, state = judged(root)
    times = [event["time"] for event in state["events"]["application_crashes"]]
    assert times == ["2026-11-23T07:50:00Z", "2026-11-23T07:40:00Z"]
    found = findings["agent_stable"]
    assert (found["status"], "System.IO.FileNotFoundException" in found["why"]) == ("warn", True)
    assert r"WER\ReportQueue\AppCrash_WaAppAgent.exe_2\Report.wer" in found["evidence"][0]["value"]


def test_a_report_has_the_form_of_the_event_of_a_crash(tmp_path):
    root = windows_disks.disk(tmp_path)
    signature = ["WaAppAgent.exe", "2.7.1.2", "5f1a", "ntdll.dll", "10.0.1.1", "6a2b", "c0000409", "00000000000a1b2c"]
    lines = ["EventType=APPCRASH", "EventTime=134398932000000000", f"NsAppName={signature[0]}"]
    lines += [f"Sig[{number}].Value={value}" for number, value in enumerate(signature)]
    home = "ProgramData/Microsoft/Windows/WER/ReportArchive/AppCrash_WaAppAgent.exe_1"
    windows_disks.write(root, f"{home}/Report.wer", "\ufeff{}\r\n".format("\r\n".join(lines)).encode("utf-16-le"))
    _findings, state = judged(root)
    (event,) = state["events"]["application_crashes"]
    assert event["data"][: len(signature)] == signature


def test_a_crash_in_log_and_report_is_one(tmp_path):
    root = windows_disks.disk(tmp_path)
    windows_disks.events(root, "Application", CRASH)
    report(root, "AppCrash_WaAppAgent.exe_1", -30)
    report(root, "AppCrash_WaAppAgent.exe_2", -30 - 8 * 24 * 60)
    report(root, "AppCrash_other.exe_3", -30, program="other.exe")
    _findings, state = judged(root)
    providers = [event["provider"] for event in state["events"]["application_crashes"]]
    assert sorted(providers) == ["Application Error", "Windows Error Reporting"]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"EventType=APPCRASH\nEventTime=99999999999999999999999\n", b"x" * 9]
)
def test_reports_that_say_nothing_cost_nothing(tmp_path, data):
    root = windows_disks.disk(tmp_path)
    folder = "ProgramData/Microsoft/Windows/WER/ReportArchive"
    windows_disks.write(root, f"{folder}/a/Report.wer", data)
    windows_disks.write(root, f"{folder}/b", b"")
    (root / folder / "c").symlink_to("/etc")
    report(root, "AppCrash_WaAppAgent.exe_1", -30)
    _findings, state = judged(root)
    assert len(state["events"]["application_crashes"]) == 1
