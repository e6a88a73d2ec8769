# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import guest, verdict

ID = "cpu_load"


def state(load_5m, load_15m, waiting=None, cores=2):
    cpu = {"cores": cores, "load_5m": load_5m, "load_15m": load_15m, "load_per_core": load_5m / cores}
    pressure = None if waiting is None else {"some_avg300": waiting, "read_from": "/proc/pressure/cpu"}
    return guest(load={"cpu": {**cpu, "read_from": "/proc/loadavg"}, "pressure_cpu": pressure})


@pytest.mark.parametrize(
    ("load_5m", "load_15m", "waiting", "status"),
    [
        (0.2, 0.2, 0.0, "ok"),
        (3.0, 0.4, 20.0, "ok"),  # a burst of half a minute
        (2.4, 1.0, 30.0, "ok"),  # busy, and hardly anything waits
        (9.0, 6.0, 97.0, "warn"),
        (9.0, 6.0, 0.0, "ok"),  # tasks that wait for a disk
        (9.0, 6.0, None, "warn"),
        (9.0, 1.0, None, "ok"),
        (2.4, 2.4, None, "ok"),
    ],
)
def test_only_load_that_lasts_counts(load_5m, load_15m, waiting, status):
    assert verdict(ID, state(load_5m, load_15m, waiting)).status == status


def test_the_operator_sets_the_limit():
    assert verdict(ID, state(1.2, 1.2, 80.0), max_cpu_percent=50).status == "warn"


def test_missing():
    assert verdict(ID, guest(missing={"load": "live"})).status == "unknown"


def test_hosts_that_are_busy_are_one_group():
    one, other = verdict(ID, state(9.0, 9.0, 91.0)), verdict(ID, state(20.0, 20.0, 99.0))
    assert "4.5 per core" in one.why and one.key == other.key
