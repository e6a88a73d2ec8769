# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs of a stand-in Windows guest arrive over WinRM in one archive, without secrets, and tell what the guest told."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._archive import Archive
from evidence_secrets import FORMS, left, text_of

pytestmark = pytest.mark.stage

REPO = Path(__file__).resolve().parents[3]
PLUGIN = "Microsoft.Azure.RecoveryServices.VMSnapshot"
LOGS = {
    "WindowsAzure/Logs/WaAppAgent.log": "utf-8",
    "WindowsAzure/Logs/TransparentInstaller.log": "utf-16",
    f"WindowsAzure/Logs/Plugins/{PLUGIN}/1.0.95.0/IaaSBcdrExtension.log": "utf-8",
}
SECRETS = [f"Zq{number:04d}vanillaSecret" for number in range(2000)]
OF_KEYS = SECRETS[:100]
OF_SETTINGS = SECRETS[100:200]


def windows(path: str) -> str:
    return "C:\\" + path.replace("/", "\\")


def scenario() -> dict:
    """A guest whose agent is stopped, with secrets in logs, settings and the registry."""
    guest = json.loads((REPO / "tests/windows/stage/scenarios/agent-stopped.json").read_text("utf-8"))
    files = {}
    for at, (path, encoding) in enumerate(LOGS.items()):
        names = SECRETS[200:][at :: len(LOGS)]
        text = "".join(text_of([name], [FORMS[number % len(FORMS)]]) for number, name in enumerate(names))
        files[windows(path)] = {"base64": base64.b64encode(text.encode(encoding)).decode()}
    settings = {name: {"protectedSettings": name * 2, "publicSettings": {"token": name}} for name in OF_SETTINGS}
    files[windows(f"Packages/Plugins/{PLUGIN}/1.0.95.0/RuntimeSettings/9.settings")] = {"json": list(settings.values())}
    guest["files"] = files
    guest["registry"]["HKLM\\SOFTWARE\\Microsoft\\BcdrAgentPersistentKeys"] = {
        f"Token{number}": name for number, name in enumerate(OF_KEYS[1:])
    }
    proxy = {"winhttp": {"proxy": f"svc:{OF_KEYS[0]}@10.0.0.250:3128", "bypass": "<local>"}}
    connections = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections"
    guest["registry"][connections] = {"WinHttpSettings": proxy}
    return guest


@pytest.fixture(scope="module")
def collected(stage, tmp_path_factory):
    """The archive, what the run printed, and what is left on the guest."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "planted.json").write_text(json.dumps(scenario()))
    name = stage.up({"web": str(folder / "planted.json")})["web"]
    done = stage.playbook(REPO / "playbooks/collect_logs.yml", "-vvv", "--diff", collect_logs_dest=str(folder))
    kept = stage.execute(name, "--unix", "sh", "-c", "find ProgramData/vmbackup/evidence -type f 2>/dev/null; true")
    stage.destroy()
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / f"{name}.zip", done.stdout, kept


def test_what_decides_is_there_and_no_secret(collected):
    path, shown, kept = collected
    assert path.stat().st_mode & 0o777 == 0o600 and kept.split() == []
    archive = Archive(path)
    archive.verify()
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    assert {"about.json", "state.json", "findings.json", "registry/keys.txt"} <= set(members)
    for name in LOGS:
        assert members[f"files/C/{name}"].decode().count("sig=*** done") > 50, name
    assert left(SECRETS, b"".join(members.values()) + shown.encode()) == []
    keys = members["registry/keys.txt"].decode()
    assert "[HKLM\\SYSTEM\\CurrentControlSet\\Services\\RdAgent]" in keys and "Token0 = ***" in keys
    assert sum(entry["count"] for entry in archive.manifest["redacted"]) >= len(SECRETS) * 0.9


def test_its_diagnosis_is_that_of_the_guest(collected, stage, tmp_path):
    path, _shown, _kept = collected
    found = Archive(path).document("findings")
    live = {each["id"]: each["status"] for each in found["findings"]}
    done = stage.playbook(
        REPO / "playbooks/diagnose_saved.yml", diagnose_saved=[str(path)], diagnose_report_dir=str(tmp_path)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (host,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["hosts"]
    reported = {each["id"]: each["status"] for each in host["findings"]}
    assert reported == {name: status for name, status in live.items() if status in ("fail", "warn", "unknown")}
    assert live["rdagent_running"] == "fail"
