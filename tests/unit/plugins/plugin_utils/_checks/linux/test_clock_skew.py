# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import guest, verdict

ID = "clock_skew"


def state(ahead, synchronised=True):
    wire = {"clock_offset_s": ahead, "read_from": "http 168.63.129.16:80/?comp=versions"}
    return guest(
        clock={"now": 1.0, "synchronised": {"value": synchronised, "read_from": "adjtimex"}}, fabric={"wire_http": wire}
    )


@pytest.mark.parametrize("ahead", [0.4, -119.0, 120.0])
def test_right(ahead):
    assert verdict(ID, state(ahead, synchronised=False)).status == "ok"


@pytest.mark.parametrize(("ahead", "word"), [(900.0, "ahead of"), (-900.0, "behind")])
def test_wrong(ahead, word):
    found = verdict(ID, state(ahead))
    assert found.status == "warn" and f"900 s {word}" in found.why


def test_clocks_that_are_wrong_in_one_direction_are_one_group():
    assert verdict(ID, state(900.0)).key == verdict(ID, state(90000.0)).key != verdict(ID, state(-900.0)).key


def test_the_operator_sets_the_limit():
    assert verdict(ID, state(30.0), max_clock_skew_s=10).status == "warn"


def test_without_the_hosts_time():
    assert verdict(ID, state(None)).status == "ok"
    assert verdict(ID, state(None, synchronised=False)).status == "unknown"
    assert verdict(ID, guest(clock={"now": 1.0}, missing={"fabric": "x"})).status == "unknown"


def test_missing():
    assert verdict(ID, guest(mode="tree", missing={"clock": "live"})).status == "unknown"
