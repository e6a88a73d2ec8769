# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases of Linux guests: the cause that a report names must be named first."""

import pytest
import support_cases as cases
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose

ALL = cases.load("linux")


@pytest.mark.parametrize(("case", "guest"), ALL, ids=[cases.name(*pair) for pair in ALL])
def test_the_reported_cause_comes_first(tmp_path, case, guest, record_property):
    result = diagnose(cases.state_of(guest, tmp_path))
    record_property("answer", cases.answer(case, guest, result))
    cases.expect(guest, result)


FAULTS = cases.faults(ALL)


@pytest.mark.parametrize(("case", "guest"), FAULTS, ids=[cases.name(*pair) for pair in FAULTS])
def test_no_cause_becomes_healthy_without_a_fact(tmp_path, case, guest):
    """Whatever fact the first cause rests on is taken away: its check is unknown or weaker, or another one speaks."""
    healthy = cases.healthy_without_a_fact(cases.state_of(guest, tmp_path), guest["first_cause"])
    if healthy is None:
        pytest.skip("only a message names this cause")
    assert healthy == [], f"{guest['first_cause']} is ok without them, and the guest ready"
