# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot
from support import verdict

ID = "other_extensions"
OWN = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


def handler(name="Microsoft.Azure.Extensions.CustomScript", **changes):
    return {
        "name": name,
        "version": "2.1.10",
        "state": None,
        "status": "Ready",
        "code": 0,
        "message": "Plugin enabled",
        "result": "success",
        "result_code": 0,
        "result_message": None,
        "result_age_s": 60,
        "read_from": "waagent_status.json",
        **changes,
    }


def state(*handlers):
    return snapshot(extension={"handlers": list(handlers)})


@pytest.mark.parametrize(
    "change",
    [
        {"status": "NotReady", "code": 1007},
        {"status": "Unresponsive"},
        {"result": "error"},
        {"result": "transitioning", "result_age_s": 6000},
        {"state": "FailedUpgrade", "status": None},
    ],
)
def test_another_one_has_failed(change):
    found = verdict(ID, state(handler(OWN), handler(**change)))
    assert found.status == "warn" and "CustomScript 2.1.10" in found.why


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"status": "Installing"},
        {"status": "NotReady", "code": 0},  # about to be installed
        {"result": "transitioning", "result_age_s": 600},
        {"result": "transitioning", "result_age_s": None},
        {"state": "Enabled", "result": "error"},  # a file that nobody reports any more
    ],
)
def test_healthy_ones(change):
    assert verdict(ID, state(handler(OWN), handler(**change))).status == "ok"


def test_the_snapshot_extension_has_checks_of_its_own():
    assert verdict(ID, state(handler(OWN, status="NotReady", code=1007))).status == "ok"


def test_more_than_one():
    broken = handler(status="Unresponsive")
    assert "(1 more)" in verdict(ID, state(broken, {**broken, "name": "B"})).why


def test_missing():
    raw = state()
    del raw["extension"]["handlers"]
    assert verdict(ID, raw).status == "unknown"
