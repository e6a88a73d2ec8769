# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real checks of a guest and of its machine together, where one side changes what the other is worth."""

import datetime

import agent_states
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from azure_states import FAILED_JOB, JOB, azure_state
from snapshot_states import CAPTURED_UNIX, ended, snapshot

HOUR = 3600
STANDARD = {"type": "V1"}
"""A policy with which the service does not fall back."""


def at(seconds):
    moment = datetime.datetime.fromtimestamp(CAPTURED_UNIX + seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def finding(result, id_):
    return next(one for one in result["findings"] if one["id"] == id_)


@pytest.mark.parametrize(("hours", "status", "by"), [(-10, "fail", None), (-1, "warn", "last_job")])
def test_a_snapshot_that_failed_before_a_backup_succeeded_is_history(hours, status, by):
    failed = snapshot(extension={**ended(76), "status.written": CAPTURED_UNIX - 5 * HOUR})
    job = {**JOB, "started": at(hours * HOUR), "ended": at(hours * HOUR + 600)}
    found = finding(diagnose(failed, azure_state(policy=STANDARD, jobs=[job])), "ext_status")
    assert (found["status"], found.get("weakened_by")) == (status, by)


def test_what_fails_in_a_guest_that_falls_back_degrades():
    failed = snapshot(extension=ended(121))
    machine = azure_state(jobs=[])
    assert diagnose(failed)["verdict"] == "blocked"
    assert diagnose(failed, azure_state(policy=STANDARD, jobs=[]))["verdict"] == "blocked"
    result = diagnose(failed, machine)
    assert (result["verdict"], "falls_back" in result["effects"]) == ("degraded", True)


def test_a_policy_that_does_not_use_the_guest_voids_what_fails_there():
    result = diagnose(snapshot(extension=ended(121)), azure_state(policy={"consistency": "OnlyCrashConsistent"}))
    assert (result["verdict"], result["first_cause"]) == ("ready", None)
    assert finding(result, "ext_status")["weakened_by"] == "consistency"


def test_the_code_of_a_failed_job_ranks_the_guests_findings():
    result = diagnose(snapshot(), azure_state(jobs=[FAILED_JOB]))
    assert result["error_code"] == {"code": "UserErrorGuestAgentStatusUnavailable", "from": "job"}


def test_nothing_is_fixed_in_azure_on_a_guests_word_alone():
    failed, claimed = ({"provisioning_state": "Failed", **more} for more in ({}, {"claimed": True}))
    here, there = (finding(diagnose(snapshot(), azure_state(vm=vm)), "provisioning_state") for vm in (failed, claimed))
    assert (here["status"], here["remedy"]) == (there["status"], "azure_vm_power")
    assert (there["remedy"], there["fix"]) == (None, None)
    assert "Only the guest says" in there["advice"]


def test_a_guest_is_fixed_whoever_says_which_machine_it_is():
    stopped = agent_states.healthy(agent_states.STOPPED)
    machine = azure_state(vm={"claimed": True})
    fixed = {one["id"] for one in diagnose(stopped, machine)["findings"] if one["fix"]}
    assert fixed == {one["id"] for one in diagnose(stopped, azure_state())["findings"] if one["fix"]} != set()
