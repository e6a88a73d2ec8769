# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import FAILED_JOB, JOB, azure_state
from support import of_fleet

ID = "job_codes"
CODE = FAILED_JOB["errors"][0]["code"]


def failed(time, code=CODE, **changes):
    error = {**FAILED_JOB["errors"][0], "code": code, "title": code}
    return azure_state(jobs=[{**FAILED_JOB, "errors": [error], "started": time, **changes}, JOB])


def night(*times, code=CODE, name="web"):
    return {f"{name}{n}": failed(f"2026-03-01T{time}:00Z", code) for n, time in enumerate(times)}


@pytest.mark.parametrize(
    ("fleet", "status"),
    [
        (night("22:00", "22:40", "23:59"), "warn"),
        (night("22:00", "22:00"), "ok"),
        (night("18:00", "20:30", "23:00"), "ok"),
        (night("22:00", "22:00") | night("22:00", "22:00", code="UserErrorX", name="db"), "ok"),
        ({f"web{n}": azure_state() for n in range(5)}, "ok"),
        ({f"web{n}": azure_state(jobs=[]) for n in range(5)}, "ok"),
    ],
)
def test_jobs_of_one_run(fleet, status):
    assert of_fleet(ID, fleet).status == status


def test_the_run_and_its_code_are_named():
    fleet = night("22:00", "22:30", "23:00") | night("01:00", "01:00", "01:00", "01:00", code="UserErrorX", name="db")
    found = of_fleet(ID, fleet)
    assert found.why == "4 backups that started at 2026-03-01T01:00:00Z failed with UserErrorX"
    times = "from 2026-03-01T22:00:00Z to 2026-03-01T23:00:00Z"
    assert (f"jobs that started {times}: {CODE}", 3) in [(one.source, one.value) for one in found.evidence]
    assert len(found.hosts) == 7


def test_a_run_of_two_hours_does_not_grow_without_end():
    found = of_fleet(ID, night("18:00", "19:00", "20:00", "21:00", "22:00"))
    assert found.why.startswith("3 backups that started from 2026-03-01T18:00:00Z to 2026-03-01T20:00:00Z")


@pytest.mark.parametrize("changes", [{"operation": "Restore"}, {"status": "InProgress"}, {"started": None}])
def test_only_backups_that_ended_at_a_known_time_count(changes):
    fleet = {f"web{n}": failed("2026-03-01T22:00:00Z", **changes) for n in range(3)}
    assert of_fleet(ID, fleet).status == "ok"


@pytest.mark.parametrize("status", ["InProgress", "Cancelling"])
def test_a_job_that_runs_hides_no_failure_before_it(status):
    fleet = night("22:00", "22:00", "22:00")
    for state in fleet.values():
        state["jobs"].insert(0, {**JOB, "status": status, "ended": None})
    assert of_fleet(ID, fleet).status == "warn"


def test_missing():
    assert of_fleet(ID, {"dark": azure_state(missing={"jobs": "no permission"})}).status == "unknown"
