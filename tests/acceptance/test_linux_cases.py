# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases of Linux guests: the cause that a report names must be named first."""

import pytest
import support_cases as cases
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose

ALL = cases.load("linux")


@pytest.mark.parametrize(("case", "guest"), ALL, ids=[cases.name(*pair) for pair in ALL])
def test_the_reported_cause_comes_first(tmp_path, case, guest):
    result = diagnose(cases.state_of(guest, tmp_path))
    found, shown = cases.findings(result), cases.ranking(result)
    if "first_cause" in guest:
        assert result["first_cause"] == guest["first_cause"], shown
    if "verdict" in guest:
        assert result["verdict"] == guest["verdict"], shown
    for id_ in guest.get("follows", ()):
        assert id_ in found and found[id_]["consequence_of"], f"{id_} is no consequence\n{shown}"
    for id_ in guest.get("quiet", ()):
        assert id_ not in found, f"{id_} is a false alarm\n{shown}"
