# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence archive of a Windows guest, made by a real PowerShell engine of a folder that is its drive."""

import base64
import gzip
import hashlib
import json
import os
import re
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence import redact
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence import _download
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._archive import Archive
from evidence_secrets import left, planted

HERE = Path(__file__).resolve().parent
MODULES = sorted((HERE.parents[2] / "plugins/module_utils").glob("_Win*.psm1"))
PLUGIN = "Microsoft.Azure.RecoveryServices.VMSnapshot"
LOG = "WindowsAzure/Logs/WaAppAgent.log"
PLUGIN_LOG = f"WindowsAzure/Logs/Plugins/{PLUGIN}/1.0.95.0/IaaSBcdrExtension.log"
SETTINGS = f"Packages/Plugins/{PLUGIN}/1.0.95.0/RuntimeSettings/3.settings"
BCDR = "LocalMachine\\SOFTWARE\\Microsoft\\BcdrAgent"

TABLES = """
function ConvertTo-Table($value) {
    if ($value -is [System.Management.Automation.PSCustomObject]) {
        $table = [ordered]@{}
        foreach ($one in $value.PSObject.Properties) { $table[$one.Name] = ConvertTo-Table $one.Value }
        return $table
    }
    if ($value -is [array]) { return , @(foreach ($one in $value) { ConvertTo-Table $one }) }
    $value
}
"""


class Guest:
    """A guest's drive, its registry and its events."""

    def __init__(self, engine, folder):
        self._engine, self._folder = engine, folder
        self.drive = folder / "drive"
        self.drive.mkdir()
        self.registry, self.events, self.extra = {}, {}, {}

    def put(self, path, data, age=0):
        file = self.drive / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        os.utime(file, (time.time() - age, time.time() - age))
        return file

    def run(self, script):
        data = {"drive": f"{self.drive}/", "registry": self.registry, "events": self.events, **self.extra}
        (self._folder / "data.json").write_text(json.dumps(data), "utf-8")
        sources = [*MODULES, HERE / "evidence_guest.ps1"]
        loads = "\n".join(path.read_text("utf-8").replace("Export-ModuleMember", "#") for path in sources)
        read = f"$data = ConvertTo-Table (Get-Content -Raw '{self._folder / 'data.json'}' | ConvertFrom-Json)"
        text = f"$ErrorActionPreference = 'Stop'\n{TABLES}\n{loads}\n{read}\nConvertTo-VmbJson $(\n{script}\n)"
        return json.loads(self._engine.run(text, self._folder / "script.ps1"))

    def collect(self, options="", check=False):
        """The result, and what is in the archive by name."""
        result = self.run(f"Start-Collection @{{ {options} }} ${str(check).lower()}")
        if not result.get("path"):
            return result, {}
        archive = Archive(result["path"])
        archive.verify()
        with zipfile.ZipFile(result["path"]) as opened:
            return result, {name: opened.read(name) for name in opened.namelist()}

    def member(self, path):
        return "files" + str(self.drive / path)


@pytest.fixture
def guest(engine, tmp_path):
    return Guest(engine, tmp_path)


def test_no_secret_survives_in_any_place_and_encoding(guest):
    names, text = planted(40)
    guest.put(LOG, text)
    guest.put("WindowsAzure/Logs/TransparentInstaller.log", b"\xff\xfe" + text.encode("utf-16-le"))
    guest.put("WindowsAzure/Logs/Telemetry.log", text.encode("utf-16-le"))
    guest.put(PLUGIN_LOG, text.encode("utf-8-sig"))
    packed = base64.b64encode(gzip.compress(names[2].encode())).decode()
    public = {"password": names[1], "script": packed}
    whole = [{"runtimeSettings": {"protectedSettings": names[0] * 3, "publicSettings": public}}]
    guest.put(SETTINGS, json.dumps(whole))
    guest.put(
        "WindowsAzure/Logs/ovf.log", f'<ns1:CustomData>{packed}</ns1:CustomData>\nx \\"script\\": \\"{packed}\\"\n'
    )
    coded = base64.b64encode(names[1].encode()).decode()
    values = {"AccountKey": ["REG_SZ", names[0]], "blob": ["REG_BINARY", coded], "Keys": ["REG_DWORD", 1]}
    guest.registry = {BCDR: values}
    guest.events = {"Application": [f"Password={name}" for name in names]}
    result, members = guest.collect()
    everything = b"".join(members.values())
    assert left(names, everything) == [] and left(names, json.dumps(result).encode()) == []
    counts = {entry["kind"]: entry["count"] for entry in result["manifest"]["redacted"]}
    assert counts["sas_signatures"] >= 160 and counts["private_keys"] >= 160 and counts["passwords"] >= 200
    for path in (LOG, "WindowsAzure/Logs/TransparentInstaller.log", "WindowsAzure/Logs/Telemetry.log", PLUGIN_LOG):
        kept = members[guest.member(path)].decode()
        assert "https://a.blob.core.windows.net/c/b?sv=1&sig=*** done" in kept and "http://***@10.0.0.1:3128" in kept
    settings = json.loads(members[guest.member(SETTINGS)])
    public = {"password": "***", "script": "***"}
    assert settings == [{"runtimeSettings": {"protectedSettings": "***", "publicSettings": public}}]
    assert packed not in everything.decode()
    assert (
        "AccountKey = ***\nblob = REG_BINARY: 19 bytes\nKeys = REG_DWORD: 1\n" in members["registry/keys.txt"].decode()
    )
    assert members["events/Application.log"].startswith(b"2026-11-28T00:00:00Z VSS 8193: Password=***")


def test_raw_only_where_it_is_wanted(guest):
    names, text = planted(1)
    guest.put(LOG, text)
    result, members = guest.collect("redact = $false")
    assert left(names, members[guest.member(LOG)]) == names
    assert members[guest.member(LOG)] == text.encode() and not result["manifest"]["is_redacted"]


def test_the_newest_is_kept_within_the_limits(guest):
    line = "a line of this log, number {0:07d}\n"
    guest.put(LOG, "".join(line.format(number) for number in range(60000)))
    guest.put("WindowsAzure/Logs/WaAppAgent.000.log", "old\n" * 500000, age=3600)
    guest.put("WindowsAzure/Logs/WaAppAgent.001.log", "older\n", age=7200)
    guest.put("WindowsAzure/Logs/Ancient.log", "x\n", age=15 * 86400)
    result, members = guest.collect("max_mib = 2; max_file_mib = 1")
    kept = members[guest.member(LOG)].decode().splitlines()
    assert kept[-1] == line.format(59999).strip() and kept[0].startswith("a line of this log")
    manifest = json.loads(members["manifest.json"])
    facts = {Path(entry["path"]).name: entry for entry in manifest["files"] if "path" in entry}
    assert facts["WaAppAgent.log"]["bytes"] - facts["WaAppAgent.log"]["first_byte"] == 1 << 20
    assert sum(entry["size"] for entry in manifest["files"]) <= 2 << 20
    reasons = {Path(entry["path"]).name: entry["reason"] for entry in manifest["left_out"]}
    assert reasons["Ancient.log"] == "age" and reasons["WaAppAgent.001.log"] == "size"
    assert result["manifest"]["left_out"]["age"] == 1


def test_the_newest_part_of_utf_16_is_text(guest):
    guest.put(LOG, b"\xff\xfe" + "".join(f"Zeile {number:07d} fünf\r\n" for number in range(60000)).encode("utf-16-le"))
    _result, members = guest.collect("max_file_mib = 1")
    lines = members[guest.member(LOG)].decode().splitlines()
    assert 20000 < len(lines) < 40000 and lines == [f"Zeile {60000 - at:07d} fünf" for at in range(len(lines), 0, -1)]


def test_a_word_that_repeats_is_looked_at_once(guest):
    """A look takes longer than all else, and logs repeat their words."""
    script = """
    ${function:Hide-Real} = ${function:Hide-VmbWord}
    $script:asked = 0
    Function Hide-VmbWord { $script:asked++; Hide-Real @args }
    $hidden = Hide-VmbSecret ("a word of-so-many-letters`nand Of-So-Many-Letters`n" * 1000)
    @{ asked = $script:asked; hidden = $hidden }
    """
    found = guest.run(script)
    assert found == {"asked": 2, "hidden": "a word of-so-many-letters\nand Of-So-Many-Letters\n" * 1000}


def test_events_and_keys_are_bounded_too(guest):
    guest.put(LOG, "x\n" * 4096)
    guest.registry = {f"{BCDR}\\{number}": {"a": ["REG_SZ", "word " * 400]} for number in range(1500)}
    guest.registry[BCDR] = {}
    result, members = guest.collect("max_mib = 1")
    manifest = json.loads(members["manifest.json"])
    assert [(entry["name"], entry.get("incomplete")) for entry in manifest["files"]] == [("registry/keys.txt", "size")]
    assert manifest["files"][0]["size"] < 2 << 20
    assert {entry["path"]: entry["reason"] for entry in manifest["left_out"]}["System"] == "size"
    assert result["manifest"]["left_out"]["size"] >= 2


def test_a_manifest_never_becomes_too_long(guest):
    for number in range(20):
        guest.put(f"WindowsAzure/Logs/{number}.log", "x\n")
    begun = """
    ${function:New-Real} = ${function:New-VmbArchive}
    Function New-VmbArchive { $made = New-Real @args; $made.manifest_bytes = 4192304; $made }
    """
    result = guest.run(f"{begun}\nStart-Collection")
    archive = Archive(result["path"])
    archive.verify()
    reasons = [entry["reason"] for entry in archive.manifest["left_out"] if entry["path"].endswith(".log")]
    assert set(reasons) == {"number"} and 0 < len(reasons) < 20


def test_what_cannot_be_read_is_listed_with_the_reason(guest):
    guest.put(LOG, "x\n")
    guest.put("WindowsAzure/Logs/a.log", os.urandom(4096))
    guest.put("WindowsAzure/Logs/locked.log", "x\n")
    guest.put("WindowsAzure/Logs/gone.log", "x\n")
    guest.put("secret.txt", "x\n")
    guest.put(f"WindowsAzure/Logs/Plugins/{PLUGIN}/denied/x.log", "x\n")
    (guest.drive / "WindowsAzure/Logs/link.log").symlink_to(guest.drive / "secret.txt")
    guest.put(f"WindowsAzure/Logs/Plugins/{PLUGIN}/key.pem", "x\n")
    # One goes after it was found, another is held by its writer.
    script = """
    $logs = "$($data.drive)WindowsAzure/Logs"
    $lock = [System.IO.FileStream]::new("$logs/locked.log", 'Open', 'ReadWrite', 'None')
    ${function:Find-Real} = ${function:Find-VmbEvidence}
    ${function:List-Real} = ${function:Get-VmbFolder}
    Function Get-VmbFolder {
        param ([string]$Path)
        if ($Path -like '*denied') { throw [UnauthorizedAccessException]::new() }
        List-Real $Path
    }
    Function Find-VmbEvidence { Find-Real @args; [System.IO.File]::Delete("$logs/gone.log") }
    Start-Collection
    """
    result = guest.run(script)
    manifest = Archive(result["path"]).manifest
    reasons = {Path(entry["path"]).name: entry["reason"] for entry in manifest["left_out"]}
    assert reasons.pop("gone.log").startswith("unreadable: ") and reasons.pop("locked.log").startswith("unreadable: ")
    assert reasons.pop("denied") == "unreadable: access is denied"
    assert {name: reason for name, reason in reasons.items() if "." in name} == {
        "a.log": "not_text",
        "link.log": "link",
        "key.pem": "secrets",
    }
    assert [Path(entry["path"]).name for entry in manifest["files"] if "path" in entry] == ["WaAppAgent.log"]


def test_nothing_of_a_failed_run_stays(guest):
    guest.put(LOG, "x\n")
    result = guest.run("Function Close-VmbArchive { throw 'the disk is full' }\nStart-Collection")
    assert result == {"failed": "the disk is full"} and list((guest.drive / "evidence").iterdir()) == []


def test_a_folder_of_others_is_refused(guest):
    result = guest.run("Function Get-VmbAccess { @{ owner = 'S-1-5-21-7'; allowed = @() } }\nStart-Collection")
    assert "as directory: S-1-5-21-7 owns" in result["failed"] and not (guest.drive / "evidence").exists()


def test_one_run_collects_at_a_time(guest):
    guest.put("evidence/lock", "")
    held = "$held = [System.IO.FileStream]::new(\"$($data.drive)evidence/lock\", 'Open', 'ReadWrite', 'None')"
    result = guest.run(f"{held}\nStart-Collection")
    assert result == {"failed": f"Cannot collect into '{guest.drive}/evidence': another run collects there"}


def test_check_mode_collects_nothing(guest):
    guest.put(LOG, "x\n")
    result, _members = guest.collect(check=True)
    assert result == {"changed": True, "path": None} and not (guest.drive / "evidence").exists()


def test_leftovers_go_and_an_archive_is_found_and_removed(guest):
    guest.put(LOG, "x\n")
    name = "vmbackup-evidence-20261101T000000Z-00000000.zip"
    guest.put(f"evidence/{name}", "x", age=2 * 86400)
    guest.put(f"evidence/{name}.part", "x")
    guest.put("evidence/other.zip", "x", age=2 * 86400)
    made, _members = guest.collect()
    assert sorted(os.listdir(guest.drive / "evidence")) == sorted(["other.zip", made["name"]])
    found = guest.run(f"Start-Collection @{{ name = '{made['name']}' }}")
    assert (found["changed"], found["sha256"], found["size"]) == (False, made["sha256"], made["size"])
    (guest.drive / "evidence/other.zip").unlink()
    gone = guest.run(f"Start-Collection @{{ name = '{made['name']}'; state = 'absent' }}")
    assert gone == {"changed": True, "path": None} and not (guest.drive / "evidence").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("max_mib = 0", "Cannot collect with max_mib '0': give 1 to 4096"),
        ("name = '..\\x.zip'", "Cannot use the archive '..\\x.zip': that is not the name of one"),
    ],
)
def test_options_that_cannot_be(guest, options, reason):
    assert guest.collect(options)[0] == {"failed": reason}


def test_documents_of_the_controller_are_taken_in_as_they_are(guest):
    state = {"captured": "2026-11-28T10:00:00Z", "none": None, "text": "ä {x}"}
    file = guest.put("documents", f"about {json.dumps({'version': '1'})}\nstate {json.dumps(state)}")
    _result, members = guest.collect(f"documents = '{file}'")
    assert json.loads(members["state.json"]) == state and json.loads(members["about.json"]) == {"version": "1"}


def test_the_expressions_are_those_of_the_redactor_in_python(guest):
    found = guest.run("Get-VmbRedactionText")
    assert [tuple(kind) for kind in found["kinds"]] == list(redact._KINDS)
    names = {
        "protected": "_PROTECTED",
        "pem": "_PEM",
        "pem_begin": "_PEM_BEGIN",
        "pem_body": "_PEM_BODY",
        "masked": "_MASKED",
    }
    for name, expression in names.items():
        assert found[name] == getattr(redact, expression).pattern, name


def test_an_archive_is_fetched_in_pieces(pshost, tmp_path, monkeypatch):
    """The command that reads a piece, for a path with every quotation mark of PowerShell."""
    path = tmp_path / "it's \u2018there\u2019.zip"
    path.write_bytes(bytes(range(256)) * 40)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    file = {"path": str(path), "name": path.name, "size": 10240, "sha256": digest}

    def run(command):
        done = subprocess.run([pshost, "-NoProfile", "-Command", command], capture_output=True, text=True, check=True)
        return f"Welcome\r\n{done.stdout}"

    monkeypatch.setattr(_download, "PIECE", 7000)
    with _download.Download(tmp_path / "here/web1.zip", 1 << 20) as download:
        download.begin(file, {})
        download.fetch(file, run, lambda *_done: None, _download.in_powershell)
        download.keep()
    assert (tmp_path / "here/web1.zip").read_bytes() == path.read_bytes()


def test_every_key_whose_values_the_probe_reads_is_in_the_archive(guest):
    module = (HERE.parents[2] / "plugins/modules/win_guest_state_info.ps1").read_text("utf-8")
    sections = re.findall(r"'(\w+)'", re.search(r"\$sections = (.*)", module)[1])
    planted_guest = (HERE / "planted_guest.ps1").read_text("utf-8")
    guest.extra = {"texts": ["x"], "names": ["Start"], "sections": sections}
    found = guest.run(f"@{{ keys = @(Get-VmbEvidenceKey); read = @((& {{\n{planted_guest}\n}}).read) }}")
    assert len(found["read"]) > 80

    def holds(key, path):
        rest = path.lower().removeprefix(f"{key['hive']}\\{key['path']}".lower())
        return rest == "" or rest.startswith("\\") and rest.count("\\") <= key["depth"]

    assert [path for path in found["read"] if not any(holds(key, path) for key in found["keys"])] == []
