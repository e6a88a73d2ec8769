# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from ansible_collections.vmbackup.azure.plugins.filter.runs_in_order import runs_in_order

NOW = 1795917600.0
"""2026-11-29T02:00:00Z"""


def run(run_id, created):
    return {"run_id": run_id, "created": created}


@pytest.mark.parametrize(
    ("runs", "known", "ahead"),
    [
        pytest.param([], [], [], id="none"),
        pytest.param([run("a", "2026-11-28T02:00:00Z"), run("b", "2026-11-29T01:00:00Z")], ["b", "a"], [], id="two"),
        pytest.param(
            [run("a", "2026-11-28T02:00:00Z"), run("b", "2099-01-01T00:00:00Z")], ["b", "a"], ["b"], id="one ahead"
        ),
        pytest.param([run("b", "2099-01-01T00:00:00Z")], ["b"], ["b"], id="nothing else"),
        pytest.param(
            [run("b", "2099-01-01T00:00:00Z"), run("b", "2026-11-28T02:00:00Z")], ["b"], [], id="right elsewhere"
        ),
        pytest.param([run("a", "2026-11-29T02:04:59Z")], ["a"], [], id="clocks that differ a little"),
        pytest.param(
            [run("20261128T220000Z-0a1b2c3d", "2026-11-29T01:30:00Z"), run("b", "2026-11-29T01:00:00Z")],
            ["b", "20261128T220000Z-0a1b2c3d"],
            [],
            id="the controller's time in the id",
        ),
        pytest.param(
            [run("20990101T000000Z-0a1b2c3d", "2026-11-29T01:30:00Z")],
            ["20990101T000000Z-0a1b2c3d"],
            ["20990101T000000Z-0a1b2c3d"],
            id="an id of later",
        ),
    ],
)
def test_no_clock_of_one_host_decides(runs, known, ahead):
    latest = next((one for one in known if one not in ahead), "")
    assert runs_in_order(runs, NOW) == {"known": known, "latest": latest, "ahead": ahead}
    assert runs_in_order(runs[::-1], NOW)["known"] == known
