# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""clock_skew: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, agent_log, edited, failed_run

ID = "clock_skew"
AHEAD = {"fabric.wire_http.clock_offset_s": 3602.0}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (AHEAD, "warn", "ahead of"),
        ({"fabric.wire_http.clock_offset_s": -9000.0}, "warn", "behind"),
        ({**AHEAD, **failed_run("x: AuthenticationFailed")}, "fail", "signatures"),
        ({**AHEAD, **agent_log("[ERROR] The certificate is not yet valid")}, "fail", "signatures"),
        ({**AHEAD, **failed_run("x: something else")}, "warn", "ahead of"),
        (failed_run("x: AuthenticationFailed"), "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_missing_fact():
    found = verdict(ID, edited({"clock": GONE}))
    assert found.status == "unknown" and "clock" in found.why
