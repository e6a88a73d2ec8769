# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The assignment of start times, held against a checker and an exhaustive search that share nothing with it."""

import collections
import os
import pathlib
import random
import subprocess
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._schedules._policies import Item, hours, plan, policy
from ansible_collections.vmbackup.azure.plugins.plugin_utils._schedules._spread import Full, Machine, spread

REPO = pathlib.Path(__file__).resolve().parents[5]
SLOTS = [f"{hour:02}:{half}" for hour in range(24) for half in ("00", "30")]


def check(machines, found, limit):
    """Every machine is where it may be, or stays where it is; no time has more than its limit. The number of moves."""
    assert found.keys() == machines.keys()
    assert all(found[name] in machine.choices for name, machine in machines.items())
    assert max(collections.Counter(found.values()).values(), default=0) <= limit
    return sum(found[name] != machine.time for name, machine in machines.items())


def fewest(machines, limit):
    """The fewest moves of all assignments that there are, or None: one machine after the other, by loads."""
    times = sorted({time for machine in machines.values() for time in machine.choices})
    loads = {(0,) * len(times): 0}
    for machine in machines.values():
        after = {}
        for load, moves in loads.items():
            for number, time_ in enumerate(times):
                if time_ in machine.choices and load[number] < limit:
                    more = (*load[:number], load[number] + 1, *load[number + 1 :])
                    cost = moves + (time_ != machine.time)
                    after[more] = min(cost, after.get(more, cost))
        loads = after
    return min(loads.values(), default=None)


def case(seed, number=20, slots=4):
    """Machines of several kinds: many start together, some at an hour that is not allowed, some with few choices."""
    chance = random.Random(seed)
    times = SLOTS[:slots]
    kinds = [frozenset(chance.sample(times, chance.randint(1, slots))) for _kind in range(4)]
    machines = {}
    for each in range(number):
        choices = chance.choice(kinds)
        own = chance.choice([*sorted(choices), sorted(choices)[0], "23:30"])
        machines[f"vm{each:04}"] = Machine(own, choices)
    return machines, chance.randint(number // slots, number // 2)


@pytest.mark.parametrize("seed", range(60))
def test_no_assignment_needs_fewer_moves(seed):
    machines, limit = case(seed)
    best = fewest(machines, limit)
    if best is None:
        with pytest.raises(Full):
            spread(machines, limit)
    else:
        assert check(machines, spread(machines, limit), limit) == best


def test_one_with_few_choices_gets_the_place_of_one_with_many():
    machines = {
        "a": Machine("01:00", frozenset({"01:00", "02:00"})),
        "b": Machine("02:00", frozenset({"02:00", "03:00"})),
    }
    machines["c"] = Machine("01:00", frozenset({"01:00"}))
    assert spread(machines, 1) == {"a": "02:00", "b": "03:00", "c": "01:00"}


def test_it_does_not_depend_on_the_order():
    machines, limit = case(7, number=200, slots=12)
    names = list(machines)
    random.Random(1).shuffle(names)
    assert spread(machines, limit) == spread({name: machines[name] for name in names}, limit)


def test_it_does_not_depend_on_the_process():
    """The order of a set of texts is another one in each process."""
    code = "import test_spread as t; print(sorted(t.spread(*t.case(7, number=200, slots=12)).items()))"
    places = [pathlib.Path(__file__).parent, REPO / ".collections"]
    found = set()
    for seed in "12345":
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(map(str, places))}
        command = [sys.executable, "-c", code]
        found.add(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(found) == 1


def test_2000_machines_take_less_than_10_seconds():
    chance = random.Random(0)
    kinds = [frozenset(chance.sample(SLOTS, chance.randint(8, 48))) for _kind in range(20)]
    machines = {}
    for number in range(2000):
        choices = chance.choice(kinds)
        own = sorted(choices)[0] if chance.random() < 0.6 else chance.choice(sorted(choices))
        machines[f"vm{number:04}"] = Machine(own, choices)
    began = time.process_time()
    found = spread(machines, 50)
    assert time.process_time() - began < 10
    moved = check(machines, found, 50)
    load = collections.Counter(machine.time for machine in machines.values())
    assert moved >= sum(max(0, number - 50) for number in load.values())


VAULT = "/v"


def document(at, days=30, kind="V1", zone="UTC"):
    schedule = {"scheduleRunFrequency": "Daily", "scheduleRunTimes": [f"2026-01-01T{at}:00Z"]}
    kept = {"retentionTimes": [f"2026-01-01T{at}:00Z"], "retentionDuration": {"count": days}}
    return {
        "policyType": kind,
        "timeZone": zone,
        "schedulePolicy": schedule,
        "retentionPolicy": {"dailySchedule": kept},
    }


def policies(**documents):
    return [policy(f"/v/{name}", name, VAULT, given) for name, given in documents.items()]


def items(**counts):
    return [Item(f"/i/{name}{n}", f"/m/{name}{n}", f"/V/{name}") for name, many in counts.items() for n in range(many)]


ALL = hours("00:00", "00:00")


def test_machines_move_only_to_policies_that_differ_in_nothing_but_the_time():
    known = policies(
        a=document("22:00"), b=document("23:00"), long=document("23:30", days=90), new=document("21:00", kind="V2")
    )
    made = plan(known, items(a=6, b=1, long=1), 4, ALL)
    assert {(move["from"], move["to"], move["then"]) for move in made["moves"]} == {("a", "b", "23:00")}
    assert len(made["moves"]) == 2 and made["moves"][0]["policy"] == "/v/b"
    assert made["timeline"] == [
        {"vault": VAULT, "time_zone": "UTC", "time": "22:00", "before": 6, "after": 4},
        {"vault": VAULT, "time_zone": "UTC", "time": "23:00", "before": 1, "after": 3},
        {"vault": VAULT, "time_zone": "UTC", "time": "23:30", "before": 1, "after": 1},
    ]
    assert plan(known, items(a=4), 4, ALL)["moves"] == []


def test_hours_may_pass_midnight_and_machines_outside_move():
    known = policies(a=document("12:00"), b=document("23:00"), c=document("01:00"))
    made = plan(known, items(a=3), 2, hours("22:00", "04:00"))
    assert sorted(move["then"] for move in made["moves"]) == ["01:00", "01:00", "23:00"]


def test_a_plan_that_does_not_exist_says_what_would_help():
    known = policies(a=document("22:00"), b=document("23:00", days=90))
    with pytest.raises(ValueError, match="2 machines that start at 22:00 .UTC. have no place") as why:
        plan(known, items(a=6), 4, ALL)
    assert "Policies like theirs start at 22:00, each for at most 4" in str(why.value)
    with pytest.raises(ValueError, match="start at no time that is allowed"):
        plan(known, items(a=6), 4, hours("01:00", "02:00"))
    with pytest.raises(ValueError, match="Cannot use '22' as a time of day"):
        hours("22", "04:00")


def hourly(start, every, window):
    schedule = {"scheduleWindowStartTime": f"2026-01-01T{start}:00Z", "interval": every}
    window = {**schedule, "scheduleWindowDuration": window}
    return {"schedulePolicy": {"scheduleRunFrequency": "Hourly", "hourlySchedule": window}}


def test_a_policy_that_is_not_seen_or_does_not_say_its_times_is_left():
    made = plan(policies(h=hourly("08:00", None, None)), items(h=2, gone=1), 1, ALL)
    assert (made["moves"], made["timeline"], made["unmovable"]) == ([], [], [])
    assert made["uncounted"] == ["/m/gone0", "/m/h0", "/m/h1"]


@pytest.mark.parametrize(
    ("start", "every", "window", "times"),
    [
        ("08:30", 4, 12, "08:30 12:30 16:30 20:30"),
        ("20:00", 4, 8, "00:00 04:00 20:00"),
        ("08:00", 4, 24, "00:00 04:00 08:00 12:00 16:00 20:00"),
        ("08:00", 12, 4, "08:00"),
    ],
)
def test_when_an_hourly_policy_starts(start, every, window, times):
    assert list(policy("/v/h", "h", VAULT, hourly(start, every, window)).times) == times.split()


def test_hourly_backups_take_places_that_others_cannot_have():
    known = policies(a=document("22:00"), b=document("23:00"), h=hourly("18:00", 4, 4))
    made = plan(known, items(a=2, h=1), 2, ALL, {"/m/h0": ["p:1"]})
    assert [move["then"] for move in made["moves"]] == ["23:00"] and made["unmovable"] == ["/m/h0"]
    at = {one["time"]: (one["before"], one["after"]) for one in made["timeline"]}
    assert at == {"18:00": (1, 1), "22:00": (3, 2), "23:00": (0, 1)}
    assert [one["time"] for one in made["together"] if one["policy"] == "h"] == ["18:00", "22:00"]
    assert [one["time"] for one in made["proxies"]] == ["18:00", "22:00"] and made["proxies_known"] == 1
    assert plan(known, items(h=3), 2, ALL)["moves"] == []
    with pytest.raises(ValueError, match="each for at most 1, hourly backups included. Raise the limit"):
        plan(known, items(a=2, h=1), 1, ALL)


def test_hours_bound_others_also_where_hourly_backups_start():
    known = policies(a=document("22:00"), b=document("23:00"), h=hourly("22:00", 4, 4))
    (move,) = plan(known, items(a=1, h=1), 5, hours("23:00", "04:00"))["moves"]
    assert move["then"] == "23:00"


def test_what_starts_together_is_named_by_policy():
    known = policies(a=document("22:00"), b=document("23:00"))
    together = plan(known, items(b=1, a=2), 2, ALL)["together"]
    common = {"vault": VAULT, "time_zone": "UTC"}
    assert together == [
        {**common, "policy": "a", "time": "22:00", "machines": ["/m/a0", "/m/a1"]},
        {**common, "policy": "b", "time": "23:00", "machines": ["/m/b0"]},
    ]


def test_the_load_of_a_proxy_is_counted_over_vaults():
    other = policy("/w/c", "c", "/w", document("22:00"))
    known = [*policies(a=document("22:00"), b=document("23:00")), other]
    machines = [*items(a=3), Item("/i/c0", "/M/c0", "/w/c")]
    used = {"/m/a0": ["p:1"], "/m/a1": ["p:1", "q:2"], "/m/a2": [], "/m/c0": ["p:1"], "/m/gone": ["p:1"]}
    made = plan(known, machines, 2, ALL, used)
    (moved,) = made["moves"]
    behind = moved["machine"] in ("/m/a0", "/m/a1")
    at_ten = next(one for one in made["proxies"] if (one["proxy"], one["time"]) == ("p:1", "22:00"))
    assert at_ten == {"proxy": "p:1", "time_zone": "UTC", "time": "22:00", "before": 3, "after": 3 - behind}
    assert sum(one["after"] for one in made["proxies"]) == sum(one["before"] for one in made["proxies"]) == 4
    assert made["proxies_known"] == 4
    assert plan(known, machines, 2, ALL)["proxies_known"] == 0


def test_policies_are_alike_where_one_says_that_something_is_null():
    made = {
        "timeZone": "UTC",
        "schedulePolicy": {"scheduleRunFrequency": "Daily", "scheduleRunTimes": ["2026-01-01T22:00:00Z"]},
    }
    said = {**made, "tieringPolicy": None, "schedulePolicy": {**made["schedulePolicy"], "scheduleRunDays": None}}
    likes = {policy("/p", "p", "/v", given).like for given in (made, said)}
    assert len(likes) == 1
    assert policy("/p", "p", "/v", {**made, "tieringPolicy": {}}).like not in likes
