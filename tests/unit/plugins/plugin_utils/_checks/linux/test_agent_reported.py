# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree
from support import verdict

ID = "agent_reported"


@pytest.mark.parametrize(
    ("status", "daemon", "expected"), [(3, 600, "ok"), (599, 600, "ok"), (600, 600, "unknown"), (601, 600, "unknown")]
)
def test_a_report_counts_once_it_is_newer_than_the_start(status, daemon, expected):
    assert verdict(ID, healthy(status={"age_s": status}, daemon={"age_s": daemon})).status == expected


def test_an_agent_that_does_not_run_or_never_reported():
    assert verdict(ID, healthy(STOPPED)).status == "unknown"
    assert verdict(ID, healthy(status=None)).status == "unknown"


def test_a_tree_does_not_say():
    assert verdict(ID, tree()).status == "unknown"
