# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One night of a fleet of booted guests: each fault found, planned, approved, fixed, verified, and taken back."""

import datetime
import json
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils._states import SavedStates
from lab import Extension
from lab.ansible import Outcome
from lab.fabric.extension import LIB_DIR
from lab.hosts import VOLATILE, changes
from machine_load import OF_LOAD
from remediate_faults import FAULTS, MARKER, PROXY, UNIT

pytestmark = pytest.mark.lab

DIAGNOSE, FIX, UNDO, VERIFY = (f"playbooks/{name}.yml" for name in ("diagnose", "fix", "undo", "verify"))
RUN = "night-1"

FIXED = [name for name, fault in FAULTS.items() if fault.remedies and not fault.fails and name != "late"]
FAILED = [name for name, fault in FAULTS.items() if fault.fails]
LEFT = [name for name, fault in FAULTS.items() if fault.left]
# A package is not taken back.
UNDONE = [name for name in (*FIXED, *FAILED, "late") if name != "removed"]
# One of each kind; the package manager's prediction says less than what it does.
PREVIEWED = """extensions-off misread-conf proxy-unwanted disabled masked-until-boot asleep as-shipped static-networkd
launcher-gone late""".split()
# Those, what undo does not bring back or had failed, and a guest without a run.
UNDONE_AGAIN = [*PREVIEWED, *FAILED, "removed", "not-approved"]

# The agent keeps its own record of the extension.
AGENT_WRITES = [f"{LIB_DIR}/{name}" for name in ("HandlerEnvironment.json", "config", "status", "mrseq")]


def _window(hours):
    """A change window of so many hours that began an hour ago; one that is over where they are negative."""
    now = datetime.datetime.now(datetime.timezone.utc)
    start, end = sorted(now + datetime.timedelta(hours=n) for n in (-1, hours))
    return {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}", "timezone": "UTC"}


VARIABLES = {
    "diagnose_skip": OF_LOAD,
    "diagnose_timeout": 60,
    "diagnose_expect_proxy": "{{ test_proxies[inventory_hostname] | default('') }}",
    "test_proxies": {"proxy-lost": PROXY},
    "remediate_allow": "auto,confirm",
    # What every Debian has is put right on one guest only.
    "remediate_skip": (
        "{{ ['agent_autoupdate'] + (['agent_auto_restart'] if inventory_hostname != 'as-shipped' else []) }}"
    ),
    "remediate_run_id": RUN,
    "remediate_window": (
        "{{ test_closed if inventory_hostname == 'late' and (remediate_outcome.done | default([])) else test_open }}"
    ),
    "test_open": _window(8),
    "test_closed": _window(-2),
    "fix_serial": [1, "100%"],
}


@dataclass
class Night:
    """What the runs of one night gave, and how the guests were before, between and after."""

    guests: dict
    folder: object
    files: list = field(default_factory=list)
    units: list = field(default_factory=list)
    plan: dict = field(default_factory=dict)
    planned: Outcome = None
    preview: Outcome = None
    fixed: Outcome = None
    again: Outcome = None
    undone: Outcome = None

    def look(self):
        on = [guest for guest in self.guests.values() if guest.running()]
        found = {guest.name: guest.snapshot("/etc", LIB_DIR, ignore=(*VOLATILE, *AGENT_WRITES)) for guest in on}
        self.files.append({guest.name: found[guest.name] | _marker(guest) for guest in on})
        shown = ["systemctl", "show", UNIT, "--property=LoadState,ActiveState,UnitFileState,Restart"]
        self.units.append({guest.name: guest.exec(shown).stdout for guest in on})

    def differing(self, name, first, second):
        files, units = self.files, self.units
        found = changes(files[first][name], files[second][name])
        return found if units[first][name] == units[second][name] else [*found, units[first][name], units[second][name]]


def _marker(guest):
    return {MARKER: str(guest.path(MARKER).exists())}


def _has_sources(guest):
    """Whether packages can be had. By itself, apt takes an index that it cannot fetch just now for no error."""
    update = ["apt-get", "-o", "APT::Update::Error-Mode=any", "update"]
    return any(guest.exec(update, check=False, timeout=120).returncode == 0 for _attempt in range(3))


@pytest.fixture(scope="module")
def guests(lab, module_host):
    def boot(name):
        fault = FAULTS[name]
        guest = module_host(fault.suite, name=name, client=fault.client, wait=False).wait_ready()
        if fault.extension:
            lab.fabric.set_extension(Extension(sequence=3), guest.address)
        return guest

    def break_(guest):
        fault = FAULTS[guest.name]
        guest.wait_agent()
        if fault.extension:
            guest.wait_handler("Ready")
        if guest.name == "removed" and not _has_sources(guest):
            warnings.warn("no package sources: nothing is installed in this run", stacklevel=2)
        else:
            guest.exec(fault.script.replace("{address}", guest.address), timeout=120)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(boot, FAULTS))
        list(pool.map(break_, made))
    made[-1].stop()
    return {guest.name: guest for guest in made}


@pytest.fixture(scope="module")
def run(lab, guests, tmp_path_factory):
    """Runs a playbook over the guests."""
    folder = tmp_path_factory.mktemp("report")

    def run(playbook, *arguments, **variables):
        return lab.playbook(
            playbook,
            hosts=list(guests.values()),
            arguments=("--forks=6", *arguments),
            check=False,
            extra_vars={**VARIABLES, "fix_report_dir": str(folder), **variables},
            timeout=1500,
        )

    run.folder = folder
    return run


@pytest.fixture(scope="module")
def night(guests, run):
    night = Night(guests, run.folder)
    plan = run.folder / "plan.yml"
    night.look()
    night.planned = run(FIX, fix_plan_out=str(plan))
    night.plan = yaml.safe_load(plan.read_text("utf-8"))
    approved = {name: entries for name, entries in night.plan["hosts"].items() if name != "not-approved"}
    plan.write_text(yaml.safe_dump({**night.plan, "hosts": approved}))
    for name in LEFT:
        guests[name].exec(FAULTS[name].later or "true")
    night.preview = run(FIX, "--check", "--diff", "--limit", ",".join(PREVIEWED))
    night.look()
    # The plan decides, not the classes.
    night.fixed = run(FIX, fix_plan=str(plan), remediate_allow="auto")
    night.look()
    night.again = run(FIX, "--limit", ",".join(FIXED), fix_report_dir=str(run.folder / "again"))
    night.undone = run(UNDO, "--limit", "!switched-off", undo_run_id=RUN)
    night.look()
    known = {"undo_run_id": "latest", "undo_report_dir": str(run.folder)}
    night.undone_again = run(UNDO, "--limit", ",".join(UNDONE_AGAIN), **known)
    night.mistyped = run(UNDO, "--limit", "stopped,crashing,not-approved", undo_run_id=f"{RUN}1")
    run(DIAGNOSE, diagnose_report_dir=str(run.folder / "undone"))
    return night


def open_findings(folder):
    report = json.loads((folder / "report.json").read_text("utf-8"))
    return {
        host["host"]: {one["id"] for one in host["findings"] if one["status"] in ("fail", "warn")}
        for host in report["hosts"]
    }


def fixes(folder):
    return {entry["host"]: entry for entry in json.loads((folder / "fix.json").read_text("utf-8"))["hosts"]}


def changed(outcome):
    """Host, task and diff of what a run changed, or would change."""
    return [(one["host"], one["task"], one["result"].get("diff")) for one in outcome.changed()]


def test_a_plan_names_every_guest_with_a_fix_and_fixes_none(night):
    assert set(night.plan["hosts"]) == {*FIXED, *FAILED, *LEFT, "late"}
    assert night.planned.changed() == []


@pytest.mark.parametrize("name", LEFT)
def test_a_guest_that_the_approved_plan_does_not_fit_is_left_with_the_reason(night, name):
    entry = fixes(night.folder)[name]
    assert (entry["planned"], entry["done"], entry["failed"]) == ([], [], "")
    assert FAULTS[name].left in {one["reason"] for one in entry["left"] if one["check"] in FAULTS[name].found}
    assert night.differing(name, 1, 2) == []
    assert bool(FAULTS[name].later) == bool(night.differing(name, 0, 1))


def test_check_mode_changes_nothing_and_predicts_the_change(night):
    assert night.preview.rc == 0
    assert {name: night.differing(name, 0, 1) for name in PREVIEWED} == dict.fromkeys(PREVIEWED, [])
    predicted, real = ([one for one in changed(run) if one[0] in PREVIEWED] for run in (night.preview, night.fixed))
    assert {one[0] for one in real} == set(PREVIEWED) and sorted(predicted, key=str) == sorted(real, key=str)


@pytest.mark.parametrize("name", FIXED)
def test_a_fault_is_found_planned_fixed_and_verified(night, name):
    fault, entry = FAULTS[name], fixes(night.folder)[name]
    assert fault.found <= open_findings(night.folder / "before")[name]
    assert (entry["planned"], entry["done"], entry["failed"]) == (fault.remedies, fault.remedies, "")
    assert entry["new"] == []
    assert not fault.found & open_findings(night.folder / "after")[name]
    assert entry["after"] in ("ready", "at_risk")
    assert night.differing(name, 1, 2)


def test_the_second_run_changes_nothing(night):
    assert (night.again.rc, night.again.changed()) == (0, [])


@pytest.mark.parametrize("name", UNDONE)
def test_undo_brings_back_files_modes_and_services(night, name):
    assert night.differing(name, 0, 3) == []
    before, undone = (open_findings(night.folder / run)[name] for run in ("before", "undone"))
    assert undone == before


def test_the_latest_run_is_not_that_of_a_part_of_the_fleet(night):
    """Agents that an undo has restarted have runs of their own, newer than the fix, and so may the others."""
    said = "Cannot undo 'latest': another host may have a newer run than 20"
    assert said in " ".join(night.undone_again.stdout.split()), night.undone_again.stdout
    assert (night.undone_again.rc, night.undone_again.changed()) == (2, [])


def test_a_run_that_no_host_has_is_an_error(night):
    assert night.mistyped.rc == 2 and night.mistyped.changed() == []
    assert f"Cannot undo '{RUN}1': no host has such a run. The newest are" in night.mistyped.stdout


@pytest.mark.parametrize("name", FAILED)
def test_a_host_that_is_not_put_right_stops_and_names_its_undo(night, name):
    (stopped,) = night.fixed.of(name, "Stop this host", "failed")
    assert FAULTS[name].fails in stopped["result"]["msg"] and f"undo_run_id={RUN}" in stopped["result"]["msg"]
    entry = fixes(night.folder)[name]
    assert entry["failed"] == stopped["result"]["msg"] and entry["done"] == []


def test_a_window_that_closes_meanwhile_lets_nothing_more_start(night):
    entry = fixes(night.folder)["late"]
    assert FAULTS["late"].found <= open_findings(night.folder / "before")["late"]
    assert "vmbackup_conf" not in open_findings(night.folder / "after")["late"]
    assert entry["planned"] == ["vmbackup_conf", "waagent_service"] and entry["done"] == ["vmbackup_conf"]
    (left,) = (one for one in entry["left"] if one["check"] == "agent_service_running")
    assert (left["remedy"], left["reason"]) == ("waagent_service", "it is outside the change window")
    assert "ActiveState=inactive" in night.units[2]["late"]


def test_a_host_that_is_off_stops_nobody_and_is_told(night):
    entry = fixes(night.folder)["switched-off"]
    assert entry["before"] == "unreachable" and entry["failed"]
    assert night.fixed.rc != 0 and night.fixed.of("switched-off", "Fail where", "failed")
    assert set(fixes(night.folder)) == set(FAULTS)


def test_the_undo_of_a_fleet_succeeds(night):
    assert night.undone.rc == 0
    # On the other two nothing had come of it.
    brought_back = {one["host"] for one in night.undone.of(task="Bring back", status="changed")}
    assert brought_back >= set(UNDONE) - {"immutable", "puts-back"}


def test_outside_its_window_nothing_is_started(night, run, tmp_path):
    outcome = run(FIX, "--limit", "stopped", remediate_window=_window(-2), fix_report_dir=str(tmp_path))
    assert (outcome.rc, outcome.changed()) == (0, [])
    entry = fixes(tmp_path)["stopped"]
    assert entry["planned"] == [] and "outside the change window" in str(entry["left"])


def test_verify_waits_for_the_agent(night, run, guests, tmp_path):
    guests["as-shipped"].restart_agent()
    outcome = run(VERIFY, "--limit", "as-shipped", verify_wait=600, diagnose_report_dir=str(tmp_path))
    (waited,) = outcome.of("as-shipped", "Wait until", "ok")
    assert [finding["status"] for finding in waited["result"]["findings"]] == ["ok"]
    agent = SavedStates(tmp_path / "states")["as-shipped"]["agent"]
    assert agent["handler"] and agent["status"]["age_s"] <= agent["daemon"]["age_s"]
    assert outcome.rc == 0
