# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fix.yml and undo.yml on booted guests: found, planned, fixed, verified, quiet the second time, and taken back."""

import json

import pytest
from lab.hosts import changes

pytestmark = pytest.mark.lab

DIAGNOSE, FIX, UNDO, VERIFY = (f"playbooks/{name}.yml" for name in ("diagnose", "fix", "undo", "verify"))
UNIT = "walinuxagent.service"

# The load of the machine that runs the tests is no fault of a guest.
SKIP = ["cpu_high", "memory_high", "disk_iops"]

# Debian's unit has no Restart= as it is.
FAULTS = {
    "conf": (
        "sed -i 's/^Extensions.Enabled=y/Extensions.Enabled=n/' /etc/waagent.conf; "
        f"echo HttpProxy.Host=10.77.0.1 >> /etc/waagent.conf; systemctl restart {UNIT}",
        {"extensions_enabled", "proxy_waagent_conf", "agent_auto_restart"},
    ),
    "stopped": (f"systemctl stop {UNIT}", {"agent_service_running", "agent_auto_restart"}),
    "disabled": (f"systemctl disable --now {UNIT}", {"agent_service_enabled", "agent_auto_restart"}),
}


@pytest.fixture(scope="module")
def guests(module_host):
    made = {name: module_host("bookworm", name=name, wait=False) for name in FAULTS}
    for guest in made.values():
        guest.wait_ready()
        guest.wait_agent()
    return made


@pytest.fixture(scope="module")
def broken(guests):
    for name, (script, _checks) in FAULTS.items():
        guests[name].exec(script)
    return guests


@pytest.fixture
def run(lab, broken, tmp_path):
    """Runs a playbook over the guests."""

    def run(playbook, *arguments, check=True, **variables):
        common = {"diagnose_skip": SKIP, "fix_report_dir": str(tmp_path), "fix_serial": 100}
        return lab.playbook(
            playbook, hosts=list(broken.values()), arguments=arguments, check=check, extra_vars={**common, **variables}
        )

    return run


def etc(guests):
    return {name: guest.snapshot("/etc") for name, guest in guests.items()}


def differing(before, after):
    return {name: found for name in before if (found := [str(one) for one in changes(before[name], after[name])])}


def units(guests):
    command = ["systemctl", "show", UNIT, "--property=ActiveState,UnitFileState,Restart"]
    return {name: guest.exec(command).stdout for name, guest in guests.items()}


def open_findings(folder):
    report = json.loads((folder / "report.json").read_text("utf-8"))
    return {
        host["host"]: {one["id"] for one in host["findings"] if one["status"] in ("fail", "warn")}
        for host in report["hosts"]
    }


def test_found_fixed_verified_and_undone(run, broken, tmp_path):
    files, services = etc(broken), units(broken)

    preview = run(FIX, "--check", "--diff")
    assert differing(files, etc(broken)) == {} and units(broken) == services
    predicted = {(one["host"], one["task"]) for one in preview.changed()}

    fixed = run(FIX, remediate_run_id="night-1")
    before, after = open_findings(tmp_path / "before"), open_findings(tmp_path / "after")
    for name, (_script, found) in FAULTS.items():
        assert found <= before[name], name
        assert not found & after[name], name
        (shown,) = fixed.of(name, "Show the plan")
        assert "1. waagent_" in str(shown) and not any(f"[{check}" in str(shown) for check in found), (
            "planned, not left"
        )
    assert set(differing(files, etc(broken))) == set(FAULTS)
    assert {(one["host"], one["task"]) for one in fixed.changed()} == predicted
    assert all("ActiveState=active" in text and "Restart=always" in text for text in units(broken).values())

    assert run(FIX).changed() == []

    undone = run(UNDO, undo_run_id="night-1")
    assert {one["host"] for one in undone.of(task="Bring back", status="changed")} == set(FAULTS)
    assert differing(files, etc(broken)) == {}
    assert units(broken) == services
    run(DIAGNOSE, diagnose_report_dir=str(tmp_path / "undone"))
    again = open_findings(tmp_path / "undone")
    assert {name: again[name] for name in FAULTS} == {name: before[name] for name in FAULTS}


def test_outside_its_window_nothing_is_started(run, broken, tmp_path):
    files = etc(broken)
    # A window of one minute, half a day away from the guests' clock.
    hour = (int(broken["stopped"].exec("date -u +%H").stdout) + 12) % 24
    window = {"start": f"{hour:02d}:00", "end": f"{hour:02d}:01", "timezone": "UTC"}
    outcome = run(FIX, "--limit", "stopped", remediate_window=window)
    assert outcome.changed() == [] and differing(files, etc(broken)) == {}
    assert "outside the change window" in str(outcome.of("stopped", "Show the plan"))


def test_a_host_that_is_not_put_right_stops_and_names_its_undo(run, broken):
    guest = broken["stopped"]
    guest.exec(
        f"systemctl stop {UNIT}; mv /usr/sbin/waagent /root/waagent; printf '#!/bin/sh\\nexit 1\\n' > /usr/sbin/waagent"
    )
    guest.exec("chmod 755 /usr/sbin/waagent")
    try:
        outcome = run(FIX, "--limit", "stopped,disabled", check=False, fix_max_fail_percentage=100)
    finally:
        guest.exec("mv /root/waagent /usr/sbin/waagent")
    assert outcome.rc != 0
    (failed,) = outcome.of("stopped", "Stop this host", "failed")
    assert "does not stay up" in failed["result"]["msg"] and "undo_run_id=" in failed["result"]["msg"]
    assert outcome.of("disabled", "Stop this host", "failed") == []
    assert "applied waagent_service" in str(outcome.of("disabled", "Show what was done"))


def test_verify_waits_for_the_agent(run, broken, tmp_path):
    broken["disabled"].restart_agent()
    outcome = run(VERIFY, "--limit", "disabled", verify_wait=60, diagnose_report_dir=str(tmp_path))
    (waited,) = outcome.of("disabled", "Wait until", "ok")
    agent = waited["result"]["state"]["agent"]
    assert agent["handler"] and agent["status"]["age_s"] <= agent["daemon"]["age_s"]
    assert outcome.rc == 0
