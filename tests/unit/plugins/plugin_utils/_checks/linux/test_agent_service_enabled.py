# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree, without
from support import fix_of, verdict

ID = "agent_service_enabled"


@pytest.mark.parametrize("word", ["enabled", "static", "generated", "alias", "indirect"])
def test_enabled(word):
    assert verdict(ID, healthy(unit={"enabled": word})).status == "ok"


def test_disabled_and_stopped():
    assert verdict(ID, healthy(STOPPED, unit={"enabled": "disabled"})).status == "fail"


def test_disabled_on_a_disk():
    assert verdict(ID, tree(unit={"enabled": "disabled"})).status == "fail"


def test_disabled_and_running_works_until_the_next_boot():
    found = verdict(ID, healthy(unit={"enabled": "disabled"}))
    assert found.status == "warn" and "boot" in found.why


def test_a_substring_is_not_enough():
    assert verdict(ID, healthy(unit={"enabled": "enabled-runtime"})).status == "warn"


def test_masked_is_another_condition():
    assert verdict(ID, healthy(unit={"enabled": "masked"})).status == "not_applicable"


def test_a_part_of_a_tree_is_no_proof():
    state = tree()
    del state["agent"]["unit"]["enabled"]
    assert verdict(ID, state).status == "unknown"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"


@pytest.mark.parametrize("state", [healthy(unit={"enabled": "disabled"}), healthy(unit={"enabled": "enabled-runtime"})])
def test_the_fix_enables_it(state):
    assert fix_of(verdict(ID, state)) == ("waagent_service", {"enabled": True})
    assert fix_of(verdict(ID, healthy(STOPPED, unit={"enabled": "disabled"}))) == ("waagent_service", {"enabled": True})
