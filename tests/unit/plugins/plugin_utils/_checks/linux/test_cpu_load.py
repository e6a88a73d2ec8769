# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import guest, verdict

ID = "cpu_load"


def state(percent, load_per_core):
    return guest(load={"cpu": {"percent": percent, "load_per_core": load_per_core, "read_from": "/proc/stat"}})


@pytest.mark.parametrize(
    ("percent", "load", "status"),
    [(20.0, 0.1, "ok"), (100.0, 0.2, "ok"), (30.0, 5.0, "ok"), (95.0, 1.5, "warn"), (90.0, 1.5, "ok")],
)
def test_a_short_sample_counts_only_if_the_load_agrees(percent, load, status):
    assert verdict(ID, state(percent, load)).status == status


def test_the_operator_sets_the_limit():
    assert verdict(ID, state(60.0, 1.0), max_cpu_percent=50).status == "warn"


def test_missing():
    assert verdict(ID, guest(missing={"load": "live"})).status == "unknown"


def test_hosts_that_are_busy_are_one_group():
    one, other = verdict(ID, state(91.0, 1.0)), verdict(ID, state(100.0, 9.0))
    assert "91 %" in one.why and one.key == other.key
