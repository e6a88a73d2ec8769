# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines as they are met, faults and odd but healthy ones: read from the stand-in, judged as by a diagnosis."""

import functools
import json

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from reading import ROOT, read_scenario

PLANS = {path: yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "scenarios").glob("members*.yml"))}
MACHINES = [(path, machine) for path, plan in PLANS.items() for machine in plan["machines"]]


def either(word):
    return word if isinstance(word, list) else [word]


@pytest.fixture(scope="module")
def states():
    return functools.cache(read_scenario)


def state_of(machine, path, states):
    subscription = machine.get("subscription", PLANS[path]["subscriptions"][0]["id"])
    place = f"/subscriptions/{subscription}/resourceGroups/{machine['group']}/providers/Microsoft.Compute"
    return states(path)[f"{place}/virtualMachines/{machine['name']}".lower()]


@pytest.mark.parametrize(("path", "machine"), MACHINES, ids=[machine["name"] for _path, machine in MACHINES])
def test_a_machine_as_it_is_met(states, path, machine):
    state = state_of(machine, path, states)
    if "guest" in machine:
        guest = ROOT.parents[1] / f"examples/fleet/states/{machine['guest']}.json"
        result = diagnose(json.loads(guest.read_text("utf-8")), azure=state)
    else:
        result = diagnose(state)
    assert (result["verdict"] in either(machine["verdict"]), result["first_cause"] in either(machine.get("first"))) == (
        True,
        True,
    ), (machine["about"], result["verdict"], result["first_cause"])
