# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, without
from support import advice_of, fix_of, verdict

ID = "agent_auto_restart"


@pytest.mark.parametrize("word", ["always", "on-failure"])
def test_it_comes_back(word):
    assert verdict(ID, healthy(unit={"restart": word})).status == "ok"


@pytest.mark.parametrize("word", ["no", "on-abort", "on-success"])
def test_it_stays_down(word):
    found = verdict(ID, healthy(unit={"restart": word}))
    assert found.status == "warn" and f"Restart={word}" in found.why
    assert fix_of(found) == ("waagent_service", {"restart_policy": "always"})


@pytest.mark.parametrize("kind", ["sysvinit", "openrc", "upstart"])
def test_a_start_script_brings_nothing_back(kind):
    found = verdict(ID, healthy(unit={"restart": "no", "kind": kind}))
    assert found.status == "warn" and "supervisor" in advice_of(found)


def test_a_very_short_pause_is_worth_a_note():
    assert verdict(ID, healthy(unit={"restart_s": 0.1})).why


def test_a_masked_unit_does_not_matter():
    assert verdict(ID, healthy(unit={"load": "masked", "restart": "no"})).status == "not_applicable"
    assert verdict(ID, healthy(unit=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"
