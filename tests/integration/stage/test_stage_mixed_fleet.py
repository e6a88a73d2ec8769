# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run over booted Linux guests (SSH) and stand-in Windows guests (WinRM): one table, one report, common causes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab import inventory
from machine_load import OF_LOAD

pytestmark = [pytest.mark.lab, pytest.mark.stage]

REPO = Path(__file__).resolve().parents[3]
WIRE = "168.63.129.16"


@pytest.fixture(scope="module")
def fleet(lab, module_host, stage, tmp_path_factory):
    """Name -> host of the report, the report itself, and what the run printed. Behind 'cut' the fabric is silent."""
    linux = {name: module_host("bookworm", name=f"linux-{name}", wait=False) for name in ("good", "cut")}
    names = stage.up({"good": "healthy", "cut": "healthy"})
    stage.silence(names["cut"])
    for guest in linux.values():
        guest.wait_ready()
        guest.wait_agent()
    lab.drop(linux["cut"], WIRE)

    folder = tmp_path_factory.mktemp("mixed")
    # The run is in the network of the stand-ins; ssh enters the lab's by its connector, one connection a command.
    hosts = inventory.build(lab, list(linux.values()))
    hosts["lab"]["vars"]["ansible_ssh_args"] = "-o ControlMaster=no"
    (folder / "lab.yml").write_text(json.dumps(hosts))
    done = stage.playbook(
        REPO / "playbooks/diagnose.yml",
        "-i",
        str(folder / "lab.yml"),
        diagnose_report_dir=str(folder / "report"),
        diagnose_skip=OF_LOAD,
        diagnose_timeout=60,
    )
    stage.destroy()
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((folder / "report/report.json").read_text("utf-8"))
    by_name = {host["host"]: host for host in report["hosts"]}
    members = {f"windows-{name}": by_name[guest] for name, guest in names.items()}
    return members | {guest.name: by_name[guest.name] for guest in linux.values()}, report, done.stdout


def test_both_systems_are_in_one_report(fleet):
    members, report, _shown = fleet
    assert len(report["hosts"]) == 4
    platforms = {name: host["platform"] for name, host in members.items()}
    assert platforms == {name: name.partition("-")[0] for name in members}


def test_one_cause_has_hosts_of_both_systems(fleet):
    members, report, _shown = fleet
    hit = sorted(members[f"{system}-cut"]["host"] for system in ("linux", "windows"))
    assert [sorted(cause["hosts"]) for cause in report["causes"] if cause["id"] == "wire_http_80"] == [hit]
    assert {host["verdict"] for host in members.values() if host["host"] in hit} == {"blocked"}
    assert {host["verdict"] for host in members.values() if host["host"] not in hit}.isdisjoint({"blocked"})


def test_one_table_shows_every_host(fleet):
    _members, report, shown = fleet
    _head, _title, table = shown.partition("VERDICT")
    assert {host["host"] for host in report["hosts"]} <= set(table.split())
