# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import azure_state
from support import of_fleet

ID = "start_times"


def machines(number, **policy):
    return {f"{policy.get('name', 'nightly')}{one}": azure_state(policy=policy) for one in range(number)}


@pytest.mark.parametrize(("number", "status"), [(100, "ok"), (101, "warn")])
def test_many_of_one_policy(number, status):
    found = of_fleet(ID, machines(number))
    assert (found.status, len(found.hosts)) == (status, number if status == "warn" else 0)


def test_the_largest_is_named_and_the_others_are_counted():
    found = of_fleet(ID, machines(101) | machines(120, name="late", times=["04:00"], time_zone=None))
    assert (
        found.why
        == "The policy late of the vault backup starts more than 100 backups at 04:00 UTC; 1 more of them do so"
    )
    assert [one.as_dict() for one in found.evidence] == [
        {"source": "backup/late: machines that start at 04:00 UTC", "value": 120},
        {"source": "backup/nightly: machines that start at 22:00 UTC", "value": 101},
    ]


def test_a_policy_of_several_times_is_one_policy():
    found = of_fleet(ID, machines(101, times=["00:00", "04:00"]))
    assert found.why == "The policy nightly of the vault backup starts more than 100 backups at 00:00 UTC"
    assert len(found.evidence) == 2


def test_policies_and_times_are_told_apart():
    assert of_fleet(ID, machines(60) | machines(60, name="late")).status == "ok"
    at_two = {f"two{name}": state for name, state in machines(60, times=["02:00"]).items()}
    assert of_fleet(ID, machines(60) | at_two).status == "ok"


def test_machines_that_nothing_protects_start_nothing():
    bare = azure_state(policy=None, vault=None)
    assert of_fleet(ID, {f"bare{one}": bare for one in range(200)}).status == "ok"


def test_missing():
    found = of_fleet(ID, {**machines(3), "dark": azure_state(missing={"policy": "no permission"})})
    assert (found.status, found.why) == ("unknown", "Missing fact policy of dark: no permission")
    assert of_fleet(ID, {**machines(101), "dark": azure_state(missing={"policy": "x"})}).status == "warn"


def test_without_azure():
    assert of_fleet(ID, {}).status == "not_applicable"
