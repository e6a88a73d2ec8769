# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs of a stand-in Windows guest arrive over WinRM in one archive, without secrets, and tell what the guest told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._archive import Archive

pytestmark = pytest.mark.stage

REPO = Path(__file__).resolve().parents[3]
LOG = "WindowsAzure/Logs/WaAppAgent.log"
SECRETS = [f"Zq{number:04d}vanillaSecret" for number in range(200)]


@pytest.fixture(scope="module")
def collected(stage, tmp_path_factory):
    """The archive, what the run printed, and what is left on the guest."""
    folder = tmp_path_factory.mktemp("evidence")
    name = stage.up({"web": "agent-stopped"})["web"]
    lines = "\n".join(f"[INFO] GET https://a.blob.core.windows.net/c?sv=1&sig={secret} done" for secret in SECRETS)
    stage.execute(name, "--unix", "sh", "-c", f"printf '%s\\n' '{lines}' >> {LOG}")
    done = stage.playbook(REPO / "playbooks/collect_logs.yml", "-vvv", "--diff", collect_logs_dest=str(folder))
    left = stage.execute(name, "--unix", "sh", "-c", "find ProgramData/vmbackup/evidence -type f 2>/dev/null; true")
    stage.destroy()
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / f"{name}.zip", done.stdout, left


def test_what_decides_is_there_and_no_secret(collected):
    path, shown, left = collected
    assert path.stat().st_mode & 0o777 == 0o600 and left.split() == []
    Archive(path).verify()
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name).decode() for name in opened.namelist()}
    assert {"about.json", "state.json", "findings.json", "registry/keys.txt", f"files/C/{LOG}"} <= set(members)
    assert members[f"files/C/{LOG}"].count("sig=*** done") == len(SECRETS)
    assert [secret for secret in SECRETS if secret in shown or any(secret in text for text in members.values())] == []
    assert "[HKLM\\SYSTEM\\CurrentControlSet\\Services\\RdAgent]" in members["registry/keys.txt"]


def test_its_diagnosis_is_that_of_the_guest(collected, stage, tmp_path):
    path, _shown, _left = collected
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
