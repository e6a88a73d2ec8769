# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mounted Windows disk is judged by the ordinary checks, from real hives and files."""

import base64
import copy
import json
import os
import shutil
import struct
import tempfile
import time

import pytest
import windows_disks
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _saved, _windows_disk
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._schema import accept
from ansible_collections.vmbackup.azure.plugins.plugin_utils._windows_disk import (
    _hives,
    _logs,
    _network,
    _services,
    _tree,
)

pytest.importorskip("regipy")

AGGREGATE = "WindowsAzure/Logs/AggregateStatus/aggregatestatus.json"


def judged(path):
    (saved,) = _saved.found([str(path)], 30)
    return _saved.judged(saved, {})


def findings(path):
    return {finding["id"]: finding for finding in judged(path)[0]["findings"]}


@pytest.fixture(scope="module")
def healthy(tmp_path_factory):
    return judged(windows_disks.disk(tmp_path_factory.mktemp("healthy")))


def test_a_healthy_disk_has_no_fault(healthy):
    result, _state = healthy
    assert [item["id"] for item in result["findings"] if item["status"] in ("fail", "warn")] == []
    assert {"vss_provider", "proxy_winhttp", "agent_installed", "dotnet", "plugin_files"} <= {
        item["id"] for item in result["findings"] if item["status"] == "ok"
    }


def test_what_needs_the_running_system_is_unknown_with_the_code(healthy):
    result, state = healthy
    gaps = {item["id"]: item["gap"] for item in result["findings"] if item["status"] == "unknown"}
    assert gaps["rdagent_running"] == gaps["vss_writers"] == gaps["cpu_load"] == "live"
    assert set(gaps.values()) == {"live"}
    assert state["missing"]["services.RdAgent.state"] == "live"
    assert result["reason"] is None and state["mode"] == "tree"


def test_the_state_is_of_the_declared_form(healthy):
    _result, state = healthy
    assert accept(state)["missing"] == state["missing"]
    assert state["captured"] == "2026-11-23T08:05:00Z"
    assert state["identity"]["os"]["build"] == 20348
    assert state["services"]["VSS"]["image"] == r"C:\Windows\system32\vssvc.exe"
    assert state["services"]["IaasVmProvider"]["image_exists"] is True
    assert state["agent"]["versions"][0]["wa_app_agent"] == "2.7.41491.1176"


@pytest.mark.parametrize(
    ("fault", "check", "status"),
    [
        ("rdagent_disabled", "rdagent_running", "fail"),
        ("vss_disabled", "vss_service", "fail"),
        ("provider_disabled", "iaasvmprovider", "fail"),
        ("com_disabled", "comsysapp", "fail"),
        ("msdtc_account", "msdtc", "fail"),
        ("no_system_provider", "vss_provider", "fail"),
        ("flags_without_provider", "vss_provider", "warn"),
        ("winhttp_url", "proxy_winhttp", "warn"),
        ("old_dotnet", "dotnet", "fail"),
        ("enable64bit", "enable64bit", "fail"),
    ],
)
def test_faults_in_the_registry(tmp_path, fault, check, status):
    found = findings(windows_disks.disk(tmp_path, fault))
    assert found[check]["status"] == status
    assert found[check]["evidence"]


def test_faults_in_files(tmp_path):
    root = windows_disks.disk(tmp_path)
    shutil.rmtree(root / windows_disks.AGENT)
    error = {"status": {"status": "error", "code": 16, "formattedMessage": {"message": "ExtensionFailedVss: x"}}}
    windows_disks.write(root, f"{windows_disks.PLUGIN}/Status/0.status", json.dumps([error]).encode())
    windows_disks.write(root, windows_disks.MACHINE_CONFIG, b"<configuration>")
    found = findings(root)
    wanted = ("agent_installed", "ext_status", "machine_config", "rdagent_running")
    assert {name: found[name]["status"] for name in wanted} == dict.fromkeys(wanted, "fail")


@pytest.mark.parametrize(("text", "error"), [(b"<configuration/>", None), (b"<configuration>", "XmlException: line 1")])
def test_the_configuration_of_an_executable_of_the_agent(tmp_path, text, error):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, f"{windows_disks.AGENT}/WaAppAgent.exe.config", text)
    (config,) = judged(root)[1]["dotnet"]["agent_configs"]
    assert (config["service"], config["xml_error"]) == ("RdAgent", error)


def test_a_command_that_the_extension_cannot_answer(tmp_path):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, f"{windows_disks.PLUGIN}/RuntimeSettings/1.settings", b"{}")
    (root / windows_disks.PLUGIN / "bcdrenable.cmd").unlink()
    assert findings(root)["plugin_files"]["status"] == "fail"


def test_a_dirty_hive_is_read_with_its_transaction_log(tmp_path):
    root = windows_disks.disk(tmp_path)
    before, after = (windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "rdagent_disabled"))
    sequence = struct.unpack_from("<I", before, 8)[0]
    stale = windows_disks.block(after, before, sequence - 1)
    windows_disks.dirty(root, before, after, stale=stale)
    result, state = judged(root)
    hive = state["probe"]["hives"]["SYSTEM"]
    assert (hive["dirty"], hive["logs"]) == (True, ["SYSTEM.LOG1"])
    assert {item["id"]: item["status"] for item in result["findings"]}["rdagent_running"] == "fail"
    assert (root / windows_disks.CONFIG / "SYSTEM").read_bytes()[4:8] == struct.pack("<I", sequence + 1)


def test_a_dirty_hive_without_its_log_is_said(tmp_path):
    root = windows_disks.disk(tmp_path)
    hive = windows_disks.hive("healthy", "SYSTEM")
    windows_disks.dirty(root, hive, hive, log=False)
    _result, state = judged(root)
    said = state["probe"]["hives"]
    assert (said["SYSTEM"]["dirty"], said["SYSTEM"]["logs"], said["SOFTWARE"]["dirty"]) == (True, [], False)
    (dirty,) = _windows_disk.dirty("web1", state)
    (line,) = _windows_disk.lines([dirty])
    assert dirty["path"].endswith("/SYSTEM") and "its newest changes may be missing" in line


def test_a_log_that_is_older_than_the_hive_is_not_applied(tmp_path):
    root = windows_disks.disk(tmp_path)
    before, after = (windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "rdagent_disabled"))
    windows_disks.dirty(root, before, after, log=False)
    number = struct.unpack_from("<I", before, 8)[0] - 1
    log = before[:512] + windows_disks.block(before, after, number)
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM.LOG1", log)
    _result, state = judged(root)
    assert state["probe"]["hives"]["SYSTEM"]["logs"] == []
    assert state["services"]["RdAgent"]["start"] == 2


@pytest.mark.parametrize("ahead", [1, 485])
def test_a_log_may_be_ahead_of_the_hive_and_begin_with_what_was_applied(tmp_path, ahead):
    # A SYSTEM hive of Windows 10 has the numbers 1622 and 1621, its logs 2107 to 2130.
    root = windows_disks.disk(tmp_path)
    before, wrong, after = (
        windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "vss_disabled", "rdagent_disabled")
    )
    windows_disks.dirty(root, before, before, log=False)
    sequence = struct.unpack_from("<I", before, 8)[0]
    old = windows_disks.block(before, wrong, sequence - 1) if ahead == 1 else b""
    new = windows_disks.block(before, after, sequence if ahead == 1 else sequence + ahead)
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM.LOG1", before[:512] + old + new)
    _result, state = judged(root)
    assert state["probe"]["hives"]["SYSTEM"]["logs"] == ["SYSTEM.LOG1"]
    assert (state["services"]["RdAgent"]["start"], state["services"]["VSS"]["start"]) == (4, 3)


@pytest.mark.parametrize("torn", ["its body", "its head"])
def test_a_block_that_was_not_written_to_its_end_is_not_applied(tmp_path, torn):
    root = windows_disks.disk(tmp_path)
    before, after, later = (
        windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "rdagent_disabled", "vss_disabled")
    )
    windows_disks.dirty(root, before, before, log=False)
    sequence = struct.unpack_from("<I", before, 8)[0]
    last = bytearray(windows_disks.block(after, later, sequence + 1))
    last[{"its body": -600, "its head": 16}[torn]] ^= 1
    log = before[:512] + windows_disks.block(before, after, sequence) + last
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM.LOG1", log)
    _result, state = judged(root)
    assert state["probe"]["hives"]["SYSTEM"]["logs"] == ["SYSTEM.LOG1"]
    assert (state["services"]["RdAgent"]["start"], state["services"]["VSS"]["start"]) == (4, 3)


def test_the_sum_of_a_head_is_that_of_windows():
    # Windows 10 wrote it.
    head = bytes.fromhex("48764c45005e00000000000002000000005000000100000031e40718666c8667027f65a7cff344cd")
    assert _hives._marvin32(head[:32]) == windows_disks.marvin32(head[:32]) == struct.unpack_from("<Q", head, 32)[0]


def test_a_log_of_the_old_form_is_not_applied(tmp_path):
    root = windows_disks.disk(tmp_path)
    hive = windows_disks.hive("healthy", "SYSTEM")
    windows_disks.dirty(root, hive, hive, log=False)
    old = hive[:512] + b"DIRT" + b"\xff" * 508 + b"\0" * len(hive)
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM.LOG1", old)
    _result, state = judged(root)
    assert state["probe"]["hives"]["SYSTEM"] | {"path": ""} == {"path": "", "dirty": True, "logs": []}
    assert state["services"]["RdAgent"]["start"] == 2


def test_both_logs_are_applied_in_their_order(tmp_path):
    root = windows_disks.disk(tmp_path)
    before, middle, after = (
        windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "rdagent_disabled", "vss_disabled")
    )
    sequence = struct.unpack_from("<I", before, 8)[0]
    windows_disks.dirty(root, before, before, log=False)
    for ending, old, new, number in ((".LOG2", before, middle, sequence), (".LOG1", middle, after, sequence + 1)):
        log = before[:512] + windows_disks.block(old, new, number)
        windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM{ending}", log)
    _result, state = judged(root)
    assert state["probe"]["hives"]["SYSTEM"]["logs"] == ["SYSTEM.LOG2", "SYSTEM.LOG1"]
    assert (state["services"]["RdAgent"]["start"], state["services"]["VSS"]["start"]) == (2, 4)


def test_a_system_is_found_below_a_mount_point(tmp_path):
    windows_disks.disk(tmp_path / "mnt/data/c")
    (saved,) = _saved.found([str(tmp_path)], 30)
    assert saved.path == tmp_path / "mnt/data/c"


@pytest.mark.parametrize("data", [b"", b"no hive", b"regf" + b"\xff" * 8188])
def test_a_damaged_hive_is_the_result_of_its_guest(tmp_path, data):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM", data)
    result, state = judged(root)
    assert state is None
    assert result["verdict"] == "unknown"
    assert result["reason"].startswith(f"Cannot read '{root}/{windows_disks.CONFIG}/SYSTEM': ")


@pytest.mark.parametrize("length", [8192 + 32, 12288])
def test_a_hive_with_garbage_never_hides_behind_ok(tmp_path, length):
    root = windows_disks.disk(tmp_path)
    hive = windows_disks.hive("healthy", "SYSTEM")
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM", hive[:length].ljust(len(hive), b"\xff"))
    result, _state = judged(root)
    assert result["verdict"] != "ready"


def test_a_damaged_hive_of_localsystem_costs_its_own_facts_only(tmp_path):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, f"{windows_disks.CONFIG}/DEFAULT", b"")
    _result, state = judged(root)
    assert state["missing"]["proxy.system_account"].endswith("it is not a registry hive")
    assert state["proxy"]["winhttp"] is not None


def test_a_link_in_place_of_a_hive(tmp_path):
    root = windows_disks.disk(tmp_path / "disk")
    for name, lost in (("DEFAULT", False), ("SYSTEM", True)):
        path = root / windows_disks.CONFIG / name
        path.rename(tmp_path / name)
        path.symlink_to(tmp_path / name)
        result, state = judged(root)
        assert (state is None) == lost
        said = result["reason"] if lost else state["missing"]["proxy.system_account"]
        assert said.startswith(f"Cannot read '{path}': it is a link")


def test_a_hive_without_services_is_not_a_guest_without_an_agent(tmp_path):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, f"{windows_disks.CONFIG}/SYSTEM", windows_disks.hive("healthy", "DEFAULT"))
    result, state = judged(root)
    assert state is None and r"it has no key 'ControlSet001\Services'" in result["reason"]


def test_no_copy_of_a_hive_is_left(tmp_path, monkeypatch):
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    judged(windows_disks.disk(tmp_path / "disk"))
    assert list(copies.iterdir()) == []


def test_without_regipy_the_command_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(_hives, "REGIPY_ERROR", ImportError("No module named 'regipy'"))
    result, _state = judged(windows_disks.disk(tmp_path))
    assert "python3 -m pip install regipy" in result["reason"]
    assert result["reason"].startswith("Cannot read '")


def test_links_on_the_disk_are_not_followed(tmp_path):
    root = windows_disks.disk(tmp_path / "disk")
    windows_disks.disk(tmp_path / "other")
    shutil.rmtree(root / "WindowsAzure")
    os.symlink(tmp_path / "other/WindowsAzure", root / "WindowsAzure")
    _result, state = judged(root)
    said = f"Cannot read '{root}/WindowsAzure': it is a link, or compressed as this mount cannot read it"
    assert {state["missing"][f"agent.{fact}"] for fact in ("versions", "log", "folder_exists")} == {said}


def test_a_system_on_which_executables_are_compressed_has_them(tmp_path):
    root = windows_disks.disk(tmp_path)
    for path in (root / "WINDOWS/system32/svchost.exe", root / windows_disks.AGENT / "WaAppAgent.exe"):
        path.unlink()
        path.symlink_to("unsupported reparse tag 0x80000017")
    _result, state = judged(root)
    assert state["services"]["swprv"]["image_exists"] is state["services"]["RdAgent"]["image_exists"] is True
    assert state["missing"]["agent.versions"].startswith(f"Cannot read '{root}/{windows_disks.AGENT}/WaAppAgent.exe': ")


def test_a_short_name_is_not_taken_for_absence(tmp_path, monkeypatch):
    plain = _services.Disk.plain
    short = {"ImagePath": r"C:\WINDOW~1\GUESTA~1.117\WaAppAgent.exe /x", "Start": 2}
    monkeypatch.setattr(
        _services.Disk,
        "plain",
        lambda disk, path, *names: short if path.endswith(r"\RdAgent") else plain(disk, path, *names),
    )
    _result, state = judged(windows_disks.disk(tmp_path))
    assert "image_exists" not in state["services"]["RdAgent"]
    assert "does not tell short names" in state["missing"]["services.RdAgent.image_exists"]


def test_a_folder_next_to_a_link_that_looks_like_windows_is_looked_into(tmp_path):
    windows_disks.disk(tmp_path / "mnt/c")
    (tmp_path / "windows").symlink_to("mnt")
    assert _windows_disk.systems(str(tmp_path)) == [str(tmp_path / "mnt/c")]


def test_the_password_of_a_proxy_is_masked(tmp_path):
    _result, state = judged(windows_disks.disk(tmp_path, "winhttp_url"))
    blob = base64.b64decode(state["proxy"]["winhttp"]["value"])
    assert b"proxy.test:3128" in blob
    assert b"S3cretWord" not in blob


def test_masked_settings_keep_their_form():
    text = b"ann:S3cretWord@proxy.test:3128"
    blob = struct.pack("<IIII", 24, 0, 3, len(text)) + text + struct.pack("<I", 0)
    made = _network.masked(blob)
    (length,) = struct.unpack_from("<I", made, 12)
    assert made[16 : 16 + length].endswith(b"proxy.test:3128")
    assert made[16 + length :] == struct.pack("<I", 0)
    assert _network.masked(blob[:20]) == blob[:12] + blob[12:16].replace(text, b"") + b"****"


def test_reading_ends_in_time(tmp_path, monkeypatch):
    root = windows_disks.disk(tmp_path)
    monkeypatch.setattr(_windows_disk, "Disk", lambda *_given: time.sleep(30))
    with pytest.raises(ValueError, match="no answer within 1 s"):
        _windows_disk.state(str(root), 1)


@pytest.mark.parametrize("name", ["setup.zip", "package.json"])
def test_files_in_the_root_of_a_disk_do_not_hide_its_system(tmp_path, name):
    root = windows_disks.disk(tmp_path)
    windows_disks.write(root, name, b"{}")
    (saved,) = _saved.found([str(root)], 30)
    assert (saved.name, saved.path) == (str(root), root)


def test_a_folder_that_is_too_long_to_list_is_not_taken_for_one_without_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(_tree, "MAX_ENTRIES", 3)
    for number in range(4):
        windows_disks.write(tmp_path, f"Windows/{number}", b"")
    with pytest.raises(_tree.Missing, match="it has more than 3 entries"):
        _tree.Tree(str(tmp_path)).is_file(r"Windows\a")


def test_a_value_in_its_own_head_costs_no_read_of_the_whole_hive(tmp_path):
    disk = _services.Disk(str(windows_disks.disk(tmp_path)), str(tmp_path))
    key = disk.hives["SYSTEM"].key(r"ControlSet001\Services\RdAgent")
    key._stream.seek(0)
    assert key._stream.read((1 << 31) + 4) == b"" and key._stream.read(4) == b"regf"
    assert disk.value(r"SYSTEM\ControlSet001\Services\RdAgent", "Start") == 2


@pytest.fixture
def registry(monkeypatch):
    """Values that the registry of a disk has beside its own: path and name -> value."""
    values, plain = {}, _services.Disk.value
    monkeypatch.setattr(
        _services.Disk, "value", lambda disk, path, name: values.get((path, name)) or plain(disk, path, name)
    )
    return values


SUITES = r"SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002"
VOLUMES = r"SYSTEM\CurrentControlSet\Control\Class\{71a27cdd-812a-11d0-bec7-08002be2092f}"


@pytest.mark.parametrize(
    ("path", "name", "value", "check", "why"),
    [
        (
            SUITES,
            "Functions",
            "TLS_RSA_WITH_RC4_128_SHA,TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "strong_crypto",
            "cipher suite",
        ),
        (SUITES, "Functions", ["TLS_RSA_WITH_RC4_128_SHA"], "strong_crypto", "cipher suite"),
        (VOLUMES, "UpperFilters", ["OldFlt"], "vss_provider", "volsnap"),
        (
            r"SYSTEM\CurrentControlSet\Services\swprv\Parameters",
            "ServiceDll",
            r"%Systemroot%\System32\swprv_old.dll",
            "vss_service",
            "library",
        ),
        (
            r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\vssvc.exe",
            "Debugger",
            r"C:\Windows\System32\systray.exe",
            "command_start",
            "in place of vssvc.exe",
        ),
    ],
)
def test_faults_of_one_value(tmp_path, registry, path, name, value, check, why):
    registry[path, name] = value
    found = findings(windows_disks.disk(tmp_path))[check]
    assert found["status"] in ("fail", "warn") and why in found["why"], found


def test_values_as_they_usually_are(tmp_path, registry):
    registry[SUITES, "Functions"] = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_RSA_WITH_3DES_EDE_CBC_SHA"
    registry[VOLUMES, "UpperFilters"] = ["volsnap"]
    registry[r"SYSTEM\CurrentControlSet\Services\swprv\Parameters", "ServiceDll"] = r"%Systemroot%\System32\svchost.exe"
    found = findings(windows_disks.disk(tmp_path))
    assert [found[check]["status"] for check in ("strong_crypto", "vss_provider", "vss_service")] == [
        *("ok", "ok", "unknown")  # whether the service runs needs the system
    ]


@pytest.mark.parametrize(
    ("kind", "path", "status"),
    [
        ("REG_EXPAND_SZ", r"C:\Tools;%SystemRoot%\System32;%SystemRoot%", "ok"),
        ("REG_EXPAND_SZ", '"%systemdrive%\\WINDOWS\\system32\\" ; C:\\Tools', "ok"),
        ("REG_SZ", r"c:/windows/system32/", "ok"),
        ("REG_SZ", r"%SystemRoot%\System32;%SystemRoot%", "warn"),
        ("REG_EXPAND_SZ", r"%SystemRoot%\System32\Wbem;%SystemRoot%", "warn"),
    ],
)
def test_where_windows_looks_for_executables(tmp_path, monkeypatch, kind, path, status):
    plain = _services.Disk.values
    edited = {"PATH": {"type": kind, "value": path}}
    monkeypatch.setattr(
        _services.Disk,
        "values",
        lambda disk, key: {**plain(disk, key), **edited} if key.endswith("Environment") else plain(disk, key),
    )
    assert findings(windows_disks.disk(tmp_path))["command_start"]["status"] == status


@pytest.mark.parametrize(
    ("folder", "status"),
    [
        (rf"C:\{windows_disks.PLUGIN}\Status".replace("/", "\\"), "ok"),
        (rf"C:\{windows_disks.PLUGIN}\Old".replace("/", "\\"), "warn"),
        (r"E:\Old", "ok"),  # not known: this is another disk
    ],
)
def test_where_the_extension_is_told_to_write(tmp_path, folder, status):
    root = windows_disks.disk(tmp_path)
    told = [{"handlerEnvironment": {"statusFolder": folder}}]
    windows_disks.write(root, f"{windows_disks.PLUGIN}/HandlerEnvironment.json", json.dumps(told).encode())
    assert findings(root)["plugin_files"]["status"] == status


def test_an_assembly_that_others_share_with_the_agent(tmp_path):
    root = windows_disks.disk(tmp_path)
    library = "Microsoft.VisualStudio.Diagnostics.ServiceModelSink"
    folder = f"WINDOWS/Microsoft.NET/assembly/GAC_MSIL/{library}/v4.0_4.0.0.0__b03f5f7f11d50a3a"
    windows_disks.write(root, f"{folder}/{library}.dll", b"MZ")
    (found,) = judged(root)[1]["extension"]["shared_assemblies"]
    assert (found["name"], found["version"]) == (library, "4.0.0.0")


@pytest.mark.parametrize(
    ("at_agent", "at_root", "status"),
    [
        ({}, {}, "ok"),
        ({"lastStatusUploadTime": "2026-11-20T08:01:02Z"}, {}, "warn"),
        ({"lastStatusUploadTime": None}, {"lastStatusUploadTime": "2026-11-20T08:01:02Z"}, "warn"),
    ],
)
def test_when_the_agent_uploaded_its_status(tmp_path, at_agent, at_root, status):
    root = windows_disks.disk(tmp_path)
    report = copy.deepcopy(windows_disks.AGGREGATE) | at_root
    report["aggregateStatus"]["guestAgentStatus"].update(at_agent)
    windows_disks.write(root, AGGREGATE, json.dumps(report).encode())
    assert findings(root)["agent_status"]["status"] == status


def test_times_in_milliseconds(tmp_path):
    root = windows_disks.disk(tmp_path)
    now = "/Date(1795420862000)/"
    report = copy.deepcopy(windows_disks.AGGREGATE) | {"timestampUTC": "/Date(1795420862999+0000)/"}
    report["aggregateStatus"]["guestAgentStatus"]["lastStatusUploadTime"] = now
    settings = {"timestampUTC": "/Date(1795420772000)/", "status": {"status": "error"}}
    report["aggregateStatus"]["handlerAggregateStatus"][0]["runtimeSettingsStatus"] = {"settingsStatus": settings}
    status = windows_disks.STATUS | {"timestampUTC": now}
    for name, told in ((AGGREGATE, report), (f"{windows_disks.PLUGIN}/Status/0.status", [status])):
        text = json.dumps(told).replace("/Date", r"\/Date").replace(")/", r")\/")
        windows_disks.write(root, name, text.encode())
    _result, state = judged(root)
    agent = state["agent"]["aggregate"]
    assert (agent["written"], agent["uploaded"]) == ("2026-11-23T08:01:02Z",) * 2
    assert agent["handlers"][0]["result_age_s"] == 90
    assert state["extension"]["versions"][0]["status"]["time"] == "2026-11-23T08:01:02Z"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/Date(-62135596800000)/", "0001-01-01T00:00:00Z"),
        ("/Date(999999999999999)/", "/Date(999999999999999)/"),
        ("/Date(-99999999999999)/", "/Date(-99999999999999)/"),
        ("2026-11-23T08:01:02Z", "2026-11-23T08:01:02Z"),
        (None, None),
        (7, 7),
    ],
)
def test_a_time_of_a_document(text, read):
    assert _logs.time({"at": text}, "at") == read
