# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from support import guest, verdict
from windows_states import edited

ID = "memory_use"


def state(used, waiting=0.0):
    return guest(
        load={
            "memory": {"used_percent": used, "available_mib": 100, "read_from": "/proc/meminfo"},
            "pressure_memory": {"full_avg60": waiting, "read_from": "/proc/pressure/memory"},
        }
    )


def test_enough():
    assert verdict(ID, state(50.0)).status == "ok"
    assert verdict(ID, state(90.0)).status == "ok"


def test_exhausted():
    assert verdict(ID, state(95.0)).status == "warn"


def test_a_small_share_of_a_large_machine_is_much():
    raw = state(95.0)
    raw["load"]["memory"]["available_mib"] = 50000
    assert verdict(ID, raw).status == "ok"


def test_thrashing():
    assert verdict(ID, state(80.0, waiting=40.0)).status == "warn"


def test_kernels_without_pressure():
    raw = state(50.0)
    raw["load"]["pressure_memory"] = None
    assert verdict(ID, raw).status == "ok"


def test_missing():
    assert verdict(ID, guest(missing={"load": "live"})).status == "unknown"


def test_windows():
    assert verdict(ID, edited({})).status == "ok"
    assert verdict(ID, edited({"load.memory.used_percent": 95.0})).status == "warn"
