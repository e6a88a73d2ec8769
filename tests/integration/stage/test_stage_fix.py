# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fix.yml and undo.yml on stand-in Windows guests: found, fixed, proved, quiet the second time, and taken back."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stand_ins
import yaml
from lab.ansible import Outcome
from machine_load import OF_LOAD

pytestmark = pytest.mark.stage

REPO = stand_ins.REPO
CMDLETS = Path(__file__).parent / "cmdlets/StandIns.psm1"
CALLBACKS = REPO / "tests/lab/ansible_plugins/callback"
RUN = "night-1"

FIXED = {
    "article-proxy": {"wire_not_proxied", "proxy_winhttp"},
    "bcdragent-set": {"proxy_winhttp"},
    "bcdragent-wrong-type": {"bcdragent_sql"},
    "agent-stopped": {"rdagent_running", "guestagent_running"},
    "agent-disabled": {"rdagent_running", "guestagent_running", "agent_auto_restart", "iaasvmprovider"},
    "vss-provider-missing": {"vss_service"},
    "com-msdtc-fault": {"comsysapp", "msdtc", "msiserver"},
    "static-ip": {"dhcp_enabled"},
    "stale-registration": {"ext_status"},
}
"""Scenario -> what is found, and put right."""

PROXIES = {"article-proxy": {}, "bcdragent-set": {"host": "10.0.0.1", "port": 3128}}
"""Scenario -> the proxy that is wanted: none, and one as in the article."""

KEYS = (r"HKLM\SOFTWARE", r"HKLM\SYSTEM\CurrentControlSet\Services")
"""What is exported of the registry. The rest of it holds what Wine writes of displays at each start of a program."""
ANSIBLE = r"\Services\EventLog"
"""Where Ansible registers itself at its first task on a guest."""


CONFIRMED = "Keep the new configuration of Windows"
"""The one task that check mode cannot come to."""


def with_cmdlets(scenario: str, folder: Path) -> str:
    """A scenario whose guest has the cmdlets that a stand-in lacks."""
    made = json.loads((stand_ins.WINDOWS / f"stage/scenarios/{scenario}.json").read_text("utf-8"))
    # What Windows keeps of a static configuration beside the registry values of the adapter.
    made.setdefault("registry", {})[r"HKLM\SOFTWARE\Stage\Net"] = {
        "Skip": ["10.0.0.4"],
        "Routes": ["0.0.0.0/0 10.0.0.1 7", "10.9.0.0/16 10.0.0.2 5"],
        "ActiveRoutes": ["0.0.0.0/0 10.0.0.1 7"],
        "Metric": 25,
    }
    files = made.setdefault("files", {})
    files[r"C:\Program Files\PowerShell\Modules\StandIns\StandIns.psm1"] = CMDLETS.read_text("utf-8").splitlines()
    path = folder / f"{scenario}.json"
    path.write_text(json.dumps(made))
    return str(path)


NOT_OF_THE_GUEST = {"wire_http_80", "hostga_tcp_32526"}
"""The Azure host of the stand-ins is a process of a busy machine: it may answer late in one run."""


class Fleet:
    """The guests, by scenario."""

    def __init__(self, stage: stand_ins.Stage, folder: Path) -> None:
        self._stage, self.folder = stage, folder
        special = {
            "static-ip": with_cmdlets("static-ip", folder),
            "stale-registration": str(Path(__file__).parent / "scenarios/stale-registration.json"),
        }
        self.names = stage.up({name: special.get(name, name) for name in FIXED})
        self._inventory = folder / "proxies.yml"
        wanted = {self.names[name]: {"diagnose_expect_proxy": proxy} for name, proxy in PROXIES.items()}
        self._inventory.write_text(yaml.safe_dump({"all": {"hosts": wanted}}))

    def run(self, book: str | list, *arguments: str, check: bool = True, **variables: object) -> Outcome:
        """Runs a playbook of the collection, or plays of a test, over the guests."""
        if isinstance(book, list):
            path = self.folder / "plays.yml"
            path.write_text(json.dumps(book))
        else:
            path = REPO / f"playbooks/{book}.yml"
        common = {"diagnose_skip": OF_LOAD, "diagnose_timeout": 60, "fix_serial": 100}
        # A stand-in on a busy machine needs more than the 5 seconds that Ansible gives a process to start.
        common["ansible_win_async_startup_timeout"] = 120
        command, environment = self._stage.command(
            path, "-i", str(self._inventory), *arguments, **{**common, "fix_report_dir": str(self.folder), **variables}
        )
        record = self.folder / "record.jsonl"
        record.write_text("")
        environment = {
            **environment,
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "lab_record",
            "VMBACKUP_LAB_RECORD": str(record),
        }
        done = subprocess.run(
            command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=1500, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        tasks = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
        return Outcome(done.returncode, done.stdout, done.stderr, tasks)

    def registry(self) -> dict[tuple[str, str], set[str]]:
        """Both keys of every guest as its registry editor exports them, key by key."""

        def export(job: tuple[str, str]) -> set[str]:
            guest, key = job
            found = self._stage.registry(self.names[guest], key)
            return {part for part in found if ANSIBLE.lower() not in part.lower()}

        jobs = [(guest, key) for guest in self.names for key in KEYS]
        with ThreadPoolExecutor(2) as pool:
            return dict(zip(jobs, pool.map(export, jobs), strict=True))

    def open_findings(self, report: str) -> dict[str, set[str]]:
        """Scenario -> the checks that fail or warn in one report."""
        hosts = json.loads((self.folder / report / "report.json").read_text("utf-8"))["hosts"]
        scenarios = {guest: scenario for scenario, guest in self.names.items()}
        return {
            scenarios[host["host"]]: {one["id"] for one in host["findings"] if one["status"] in ("fail", "warn")}
            - NOT_OF_THE_GUEST
            for host in hosts
        }


@pytest.fixture(scope="module")
def fleet(stage, tmp_path_factory):
    made = Fleet(stage, tmp_path_factory.mktemp("fleet"))
    yield made
    stage.destroy()


def changes(outcome: Outcome) -> dict[tuple[str, str], tuple]:
    """What each task changed, or would."""
    return {
        (one["host"], one["task"]): tuple(json.dumps(part, sort_keys=True) for part in told(one["result"]))
        for one in outcome.changed()
        if "vmbackup.azure" in one["action"]
    }


def told(result: dict) -> tuple:
    """States and diff of a result. Whether a service runs that the task leaves alone is up to Windows: left out."""
    before, after, diff = (json.loads(json.dumps(result.get(part))) for part in ("before", "after", "diff"))
    for name, state in before.items() if isinstance(before, dict) else ():
        other = after.get(name)
        if isinstance(state, dict) and isinstance(other, dict) and state.get("running") == other.get("running"):
            state.pop("running", None)
            other.pop("running", None)
    for one in diff or []:
        same = {line for line in one["before"].splitlines() if line.startswith("running:")}
        same &= set(one["after"].splitlines())
        for side in ("before", "after"):
            one[side] = [line for line in one[side].splitlines() if line not in same]
    return before, after, diff


def differing(first: dict, second: dict) -> dict:
    return {where: sorted(first[where] ^ second[where]) for where in first if first[where] != second[where]}


def test_found_fixed_proved_and_undone(fleet):
    before = fleet.registry()

    preview = fleet.run("fix", "--check", "--diff", remediate_allow=["auto", "confirm"])
    assert differing(before, fleet.registry()) == {}

    fixed = fleet.run("fix", remediate_allow=["auto", "confirm"], remediate_run_id=RUN)
    found, left = fleet.open_findings("before"), fleet.open_findings("after")
    for scenario, checks in FIXED.items():
        assert checks <= found[scenario], scenario
        assert not checks & left[scenario], scenario
    predicted = changes(preview)
    assert {where: what for where, what in changes(fixed).items() if where in predicted} == predicted
    assert {task.rpartition(": ")[2] for _host, task in set(changes(fixed)) - set(predicted)} <= {CONFIRMED}
    assert {host for host, _task in predicted} == set(fleet.names.values())

    assert fleet.run("fix", remediate_allow=["auto", "confirm"]).changed() == []

    undone = fleet.run("undo", undo_run_id=RUN)
    assert {one["host"] for one in undone.of(task="Bring back", status="changed")} == set(fleet.names.values())
    assert differing(before, fleet.registry()) == {}
    fleet.run("diagnose", diagnose_report_dir=str(fleet.folder / "undone"))
    assert fleet.open_findings("undone") == found


def on(fleet, scenario: str, *tasks: dict) -> list[dict]:
    return [{**task, "when": f"inventory_hostname == '{fleet.names[scenario]}'"} for task in tasks]


def task(title: str, module: str, ignored: bool = False, /, **arguments: object) -> dict:
    return {"name": title, module: arguments, "ignore_errors": ignored}


AZURE = "vmbackup.azure."
REGEDIT = "ansible.windows.win_regedit"
BCDR = r"HKLM:\SOFTWARE\Microsoft\BcdrAgent"
LASTING = r"HKLM:\SOFTWARE\Microsoft\BcdrAgentPersistentKeys"
JOURNAL = "C:\\ProgramData\\vmbackup\\journal\\"
RULE = {"port": 3128, "remote_addresses": ["10.0.0.0/16", "LocalSubnet"], "run_id": "rule"}
ROUTES = {"destinations": ["52.239.140.0/22", "20.38.0.0/17"], "run_id": "routes"}
FAULT = {"path": r"HKLM:\SOFTWARE\Stage\Faults", "name": "Dhcp", "data": "Enabled"}
OTHER_JOURNAL = {"settings": {"USEVSSCOPYBACKUP": True}, "journal_dir": r"C:\data"}
ABOUT = r"one\run.json"
LONG = {"async": 200, "poll": 0}


def test_what_a_change_meets(fleet):
    """All of it in one run: guests do not wait for each other."""
    before = fleet.registry()
    tasks = [
        *on(
            fleet,
            "static-ip",
            task("rule", AZURE + "win_proxy_firewall_rule", **RULE),
            task("rule again", AZURE + "win_proxy_firewall_rule", **RULE),
            # A rule that is removed and made anew would be gone now.
            task("no new rule", REGEDIT, path=FAULT["path"], name="Rule", data="Full"),
            task("rule changed", AZURE + "win_proxy_firewall_rule", **{**RULE, "remote_addresses": ["Any"]}),
            task("new rules again", REGEDIT, path=FAULT["path"], state="absent"),
            task("rule undone", AZURE + "journal_restore", run_id="rule"),
            task("routes", AZURE + "win_persistent_routes", **ROUTES),
            task("routes again", AZURE + "win_persistent_routes", **ROUTES),
            task("no way to Azure", AZURE + "win_persistent_routes", True, destinations=["168.63.0.0/16"]),
            task(
                "one route less",
                AZURE + "win_persistent_routes",
                **{**ROUTES, "destinations": ["20.38.0.0/17"], "state": "absent"},
            ),
            task("routes undone", AZURE + "journal_restore", run_id="routes"),
            task("address", AZURE + "win_guest_dhcp", confirm_within=30, run_id="lost"),
            task("wait", "ansible.windows.win_wait_for", path=JOURNAL + r"lost\guard-reverted", timeout=300),
            task("too late", AZURE + "win_guest_dhcp", True, state="confirmed", run_id="lost"),
            task("undecided", "ansible.windows.win_copy", content=" ", dest=JOURNAL + r"lost\guard-armed"),
            task("routes on trial", AZURE + "win_persistent_routes", True, **{**ROUTES, "run_id": "early"}),
            task("address on trial", AZURE + "win_guest_dhcp", True, run_id="early"),
            task("decided", "ansible.windows.win_file", path=JOURNAL + r"lost\guard-armed", state="absent"),
            task("fault", REGEDIT, **FAULT),
            task("address that fails", AZURE + "win_guest_dhcp", run_id="broken"),
            task("it failed", AZURE + "win_guest_dhcp", True, state="confirmed", run_id="broken"),
            task("no fault", REGEDIT, path=FAULT["path"], state="absent"),
        ),
        *on(
            fleet,
            "bcdragent-wrong-type",
            task(
                "what nobody can guess at", REGEDIT, path=LASTING, name="SnapshotWithoutThreads", data=7, type="dword"
            ),
            task("value", AZURE + "win_bcdragent", normalize=True, run_id="mine"),
            task("nothing to guess at", REGEDIT, path=LASTING, name="SnapshotWithoutThreads", state="absent"),
            task("other value", REGEDIT, path=BCDR, name="USEVSSCOPYBACKUP", data="FALSE"),
            task("refused", AZURE + "journal_restore", True, run_id="mine"),
            task("value back", REGEDIT, path=BCDR, name="USEVSSCOPYBACKUP", data=1, type="dword"),
            task("nothing to do", AZURE + "journal_restore", run_id="mine"),
        ),
        *on(
            fleet,
            "agent-stopped",
            {**task("one", AZURE + "win_bcdragent", settings={"USEVSSCOPYBACKUP": True}, run_id="one"), **LONG},
            {**task("two", AZURE + "win_bcdragent", settings={"SnapshotWithoutThreads": True}, run_id="two"), **LONG},
            task("both", "ansible.windows.win_wait_for", path=JOURNAL + r"one\0001.json"),
            task("and two", "ansible.windows.win_wait_for", path=JOURNAL + r"two\0001.json"),
            task("one undone", AZURE + "journal_restore", run_id="one"),
            task("two undone", AZURE + "journal_restore", run_id="two"),
            task("runs", AZURE + "journal_info"),
            task("their folder", "ansible.windows.win_file", path=r"C:\data\project", state="directory"),
            task("no journal", AZURE + "win_bcdragent", True, **OTHER_JOURNAL),
            task("no journal either", AZURE + "journal_info", True, journal_dir=OTHER_JOURNAL["journal_dir"]),
            task(
                "damage",
                "ansible.windows.win_copy",
                content="[]",
                dest=JOURNAL + r"one\run.json",
            ),
            task("damaged runs", AZURE + "journal_info"),
            task("damaged undone", AZURE + "journal_restore", run_id="one"),
        ),
    ]
    done = fleet.run([{"hosts": "all", "gather_facts": False, "strategy": "free", "tasks": tasks}])

    def result(name: str) -> dict:
        (one,) = [one for one in done.of(task=name) if one["task"] == name and one["status"] != "skipped"]
        return one["result"]

    assert (result("rule")["changed"], result("rule again")["changed"]) == (True, False)
    assert result("rule")["after"]["remote"] == ["10.0.0.0/16", "LocalSubnet"]
    assert (result("rule changed")["changed"], result("rule changed")["after"]["remote"]) == (True, ["Any"])
    assert (result("routes")["changed"], result("routes again")["changed"]) == (True, False)
    assert result("routes")["after"]["boot"] == result("routes")["after"]["now"] == sorted(ROUTES["destinations"])
    assert "168.63.129.16 of the Azure host is in it" in result("no way to Azure")["msg"]
    assert result("one route less")["before"] == {"now": ["20.38.0.0/17"], "boot": ["20.38.0.0/17"]}
    assert result("routes undone")["changed"] is True
    assert result("value")["changed"] and set(result("value")["after"]) == {"USEVSSCOPYBACKUP"}
    assert "'7' means neither true nor false" in str(result("value")["warnings"])
    assert result("address")["confirm_required"] is True
    on_trial = (
        "Cannot change 'the network': the change of run 'lost' is not confirmed yet, and is reverted unless it is"
    )
    assert all(result(f"{name} on trial")["msg"].startswith(on_trial) for name in ("routes", "address"))
    assert "the old configuration is back: it was not confirmed in time" in result("too late")["msg"]
    assert "the old configuration is back: " in result("it failed")["msg"]
    assert "The DHCP client does not start" in result("it failed")["msg"]
    assert "changed since by someone else" in result("refused")["msg"] and result("refused")["conflicts"]
    assert result("nothing to do")["changed"] is False
    runs = {run["run_id"]: run["undone"] for run in result("runs")["runs"]}
    assert runs == {RUN: True, "one": True, "two": True}
    for name in ("no journal", "no journal either"):
        assert result(name)["msg"].startswith(r"Cannot use 'C:\data' as journal: it holds other things")
    damaged = {run["run_id"]: run["damaged"] for run in result("damaged runs")["runs"]}
    assert damaged == {RUN: None, "one": damaged["one"], "two": None}
    assert damaged["one"].endswith(r"\one\run.json': it is damaged: it is not a JSON object")
    assert result("damaged undone")["changed"] is False and damaged["one"] in result("damaged undone")["warnings"]
    assert differing(before, fleet.registry()) == {}


def test_a_guest_that_is_not_put_right_says_how_to_undo(fleet):
    guest = fleet.names["agent-disabled"]
    refuse = task("refuse", REGEDIT, path=r"HKLM:\SOFTWARE\Stage\Services\RdAgent", name="Behaviour", data="refuse")
    fleet.run([{"hosts": guest, "gather_facts": False, "tasks": [refuse]}])
    done = fleet.run("fix", "--limit", guest, check=False)
    (failed,) = done.of(guest, "Stop this host", "failed")
    assert done.rc != 0 and "Cannot start 'RdAgent': it ended" in failed["result"]["msg"]
    assert re.search(rf"-i \S+ --limit {guest} -e undo_report_dir=\S+ -e undo_run_id=", failed["result"]["msg"])
