# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis as users run it, over WinRM, on stand-ins with a real registry, service manager and WinHTTP."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
from machine_load import OF_LOAD

pytestmark = pytest.mark.stage

REPO = Path(__file__).resolve().parents[3]
SCENARIOS = Path(__file__).parent / "scenarios"
AT_ONCE = 3

CAUSES = {
    "healthy": None,
    "german": "wire_not_proxied",
    "japanese": "wire_not_proxied",
    "english": "wire_not_proxied",
    "article-proxy": "proxy_reachable",
    "agent-missing": "agent_installed",
    "agent-stopped": "rdagent_running",
    "agent-disabled": "rdagent_running",
    "agent-refuses": "rdagent_running",
    "bcdragent-set": None,
    "bcdragent-wrong-type": "bcdragent_sql",
    "static-ip": "dhcp_enabled",
    "vss-provider-missing": "vss_service",
    "plugin-status-error": "vss_writers",
    "firewall-blocks": "guest_firewall",
    "com-msdtc-fault": "enable64bit",
    "wcf-debugging": "wcf_debugging",
    "stale-registration": "ext_status",
    "safe-mode": "normal_boot",
    "no-system-path": "command_start",
}
"""Scenario -> the first cause."""

ALSO = {
    "agent-disabled": {"iaasvmprovider", "guestagent_running", "agent_auto_restart"},
    "article-proxy": {"wire_not_proxied", "ext_status"},
    "com-msdtc-fault": {"comsysapp", "msdtc", "msiserver"},
    "safe-mode": {"rdagent_running"},
    "firewall-blocks": {"wire_http_80", "hostga_tcp_32526"},
    "vss-provider-missing": {"vss_provider"},
}
"""Scenario -> what else must be found."""

NOT_UP = ("InitializeDefaultDrives", "The service control manager shows no services")
"""On a busy machine a stand-in sometimes has no drives or services yet when the engine starts; Windows always has."""


def scenario(name: str) -> str:
    own = SCENARIOS / f"{name}.json"
    return str(own) if own.is_file() else name


@pytest.fixture(scope="module")
def run(stage, tmp_path_factory):
    """Scenario -> the host of the report, and the number of WinRM commands that it took."""
    found, names = {}, iter(CAUSES)
    while batch := list(islice(names, AT_ONCE)):
        guests = stage.up({name: scenario(name) for name in batch})
        if "firewall-blocks" in guests:
            stage.silence(guests["firewall-blocks"])
        hosts = diagnosed(stage, tmp_path_factory.mktemp("report"))
        if any(sign in json.dumps(hosts) for sign in NOT_UP):
            hosts = diagnosed(stage, tmp_path_factory.mktemp("report"))
        for name, guest in guests.items():
            commands = [entry for entry in stage.journal(guest) if entry["op"] == "command"]
            found[name] = (hosts[guest], len(commands))
        stage.destroy()
    return found


def diagnosed(stage, folder: Path) -> dict[str, dict]:
    """The hosts of the report by name."""
    done = stage.playbook(
        REPO / "playbooks/diagnose.yml",
        diagnose_report_dir=str(folder),
        diagnose_skip=OF_LOAD,
        diagnose_timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {host["host"]: host for host in json.loads((folder / "report.json").read_text("utf-8"))["hosts"]}


def shown(host: dict) -> str:
    lines = [f"{host['verdict']}: {host['reason']}"]
    lines += [f"{finding['status']} {finding['id']}: {finding['why']}" for finding in host["findings"]]
    return "\n".join(line for line in lines if not line.startswith(("ok", "not_applicable")))


@pytest.mark.parametrize("name", CAUSES)
def test_the_first_cause(run, name):
    host, _commands = run[name]
    failed = {finding["id"] for finding in host["findings"] if finding["status"] in ("fail", "warn")}
    assert host["first_cause"] == CAUSES[name], shown(host)
    assert ALSO.get(name, set()) <= failed, shown(host)


@pytest.mark.parametrize("name", ["healthy", "bcdragent-set"])
def test_nothing_is_found_where_nothing_is_wrong(run, name):
    found = [finding["id"] for finding in run[name][0]["findings"] if finding["status"] in ("fail", "warn")]
    assert found == []


@pytest.mark.parametrize("name", ["german", "japanese"])
def test_the_display_language_changes_nothing(run, name):
    def rows(of):
        return {(f["id"], f["status"], f["consequence_of"]) for f in run[of][0]["findings"]}

    assert rows(name) == rows("english")


def test_a_diagnosis_is_one_command_a_host(run):
    assert {name: commands for name, (_host, commands) in run.items()} == dict.fromkeys(CAUSES, 1)
