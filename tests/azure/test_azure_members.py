# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines as they are met, faults and odd but healthy ones: read from the stand-in, judged as by a diagnosis."""

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from reading import ROOT, read_scenario

SCENARIO = ROOT / "scenarios" / "members.yml"
MACHINES = yaml.safe_load(SCENARIO.read_text("utf-8"))["machines"]


def either(word):
    return word if isinstance(word, list) else [word]


@pytest.fixture(scope="module")
def states():
    return read_scenario(SCENARIO)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine["name"])
def test_a_machine_as_it_is_met(states, machine):
    result = diagnose(states[machine["name"]])
    assert (result["verdict"] in either(machine["verdict"]), result["first_cause"] in either(machine.get("first"))) == (
        True,
        True,
    ), (machine["about"], result["verdict"], result["first_cause"])
