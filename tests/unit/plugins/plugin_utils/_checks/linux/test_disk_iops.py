# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from support import guest, verdict

ID = "disk_iops"


def state(full):
    return guest(load={"pressure_io": {"some_avg60": 90.0, "full_avg60": full, "read_from": "/proc/pressure/io"}})


def test_keeping_up():
    assert verdict(ID, state(3.0)).status == "ok"


def test_waiting_most_of_the_time():
    found = verdict(ID, state(60.0))
    assert found.status == "warn" and "60 %" in found.why and found.key == verdict(ID, state(99.0)).key


def test_kernels_without_pressure():
    assert verdict(ID, guest(load={"pressure_io": None})).status == "not_applicable"


def test_missing():
    assert verdict(ID, guest(missing={"load": "live"})).status == "unknown"
