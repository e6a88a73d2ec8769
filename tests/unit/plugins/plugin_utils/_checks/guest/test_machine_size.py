# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot
from support import verdict
from windows_states import GONE, edited, failed_run

ID = "machine_size"


def linux(cores, total_mib, code):
    raw = snapshot(extension={"status.code": code})
    raw["load"] = {"cpu": {"cores": cores}, "memory": {"total_mib": total_mib}}
    return raw


@pytest.mark.parametrize(
    ("cores", "total_mib", "code", "status"),
    [
        (2, 960, 202, "ok"),
        (1, 8000, 202, "warn"),
        (4, 450, 202, "warn"),
        (1, 450, 0, "ok"),
        (1, 450, 4, "ok"),
    ],
)
def test_linux(cores, total_mib, code, status):
    assert verdict(ID, linux(cores, total_mib, code)).status == status


def test_windows():
    small = {"load.cpu.cores": 1}
    assert verdict(ID, edited(small)).status == "ok"
    found = verdict(ID, edited({**small, **failed_run("Snapshot command failed")}))
    assert found.status == "warn" and [one.value for one in found.evidence] == [1, 8191]


@pytest.mark.parametrize("fact", ["load.cpu", "load.memory.total_mib", "extension.versions"])
def test_missing_fact(fact):
    assert verdict(ID, edited({fact: GONE})).status == "unknown"
