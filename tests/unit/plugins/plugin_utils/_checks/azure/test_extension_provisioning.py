# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import azure_state
from support import fix_of, verdict

ID = "extension_provisioning"
SNAPSHOT = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


RUNNING = {"id": "/job", "operation": "Backup", "status": "InProgress", "started": None}


HANGING = {**RUNNING, "started": "2026-02-27T22:00:00Z"}


def state(*extensions, vm="Succeeded", **more):
    made = [
        {"name": type_, "type": type_, "version": "1.0", "provisioning_state": word, "message": None}
        for type_, word in extensions
    ]
    return azure_state(extensions=made, vm={"provisioning_state": vm, "id": "/vm"}, **more)


def test_all_succeeded():
    assert verdict(ID, azure_state()).status == "ok"
    assert verdict(ID, state()).status == "ok"


def test_the_snapshot_extension_failed():
    found = verdict(ID, state(("Monitor.Agent", "Updating"), (SNAPSHOT, "Failed")))
    assert found.status == "fail" and SNAPSHOT in found.why


def test_it_is_stuck():
    for word in ("Updating", "Deleting", "Creating"):
        found = verdict(ID, state((SNAPSHOT, word)))
        assert found.status == "warn" and word in found.why


def test_another_one_fails_the_machine():
    assert verdict(ID, state(("Monitor.Agent", "Failed"))).status == "warn"
    assert verdict(ID, state(("Monitor.Agent", "Failed"), vm="Failed")).status == "fail"


def test_the_snapshot_extension_is_removed_unless_a_backup_may_be_changing_it():
    fix = ("azure_vm_extension", {"id": "/vm"})
    assert fix_of(verdict(ID, state((SNAPSHOT, "Failed"), jobs=[RUNNING]))) == fix
    assert fix_of(verdict(ID, state((SNAPSHOT, "Updating"), jobs=[]))) == fix
    assert fix_of(verdict(ID, state((SNAPSHOT, "Updating"), jobs=[HANGING]))) is None
    assert fix_of(verdict(ID, state((SNAPSHOT, "Updating"), missing={"jobs": "not asked"}))) is None
    assert fix_of(verdict(ID, state(("Monitor.Agent", "Failed"), vm="Failed"))) is None


def test_a_backup_that_runs_changes_the_snapshot_extension():
    assert verdict(ID, state((SNAPSHOT, "Updating"), jobs=[RUNNING])).status == "ok"
    for other in (state((SNAPSHOT, "Updating"), jobs=[HANGING]), state(("Monitor.Agent", "Updating"), jobs=[RUNNING])):
        assert verdict(ID, other).status == "warn"
    assert verdict(ID, state((SNAPSHOT, "Failed"), jobs=[RUNNING])).status == "fail"


def test_missing():
    assert verdict(ID, azure_state(missing={"extensions": "not asked"})).status == "unknown"


def reporting(type_, word, state_=None, **more):
    one = {"name": type_, "type": type_, "version": "1.0", "provisioning_state": state_, "message": None}
    return azure_state(extensions=[{**one, "reported": word}], vm={"id": "/vm"}, **more)


def test_only_the_agent_reports_that_it_failed():
    for provisioned in (None, "Succeeded"):
        found = verdict(ID, reporting(SNAPSHOT, "failed", provisioned, jobs=[]))
        assert found.status == "warn" and fix_of(found) == ("azure_vm_extension", {"id": "/vm"})
    assert fix_of(verdict(ID, reporting(SNAPSHOT, "failed", jobs=[RUNNING]))) is None
    for type_, word in ((SNAPSHOT, "succeeded"), (SNAPSHOT, "transitioning"), (SNAPSHOT, None), ("Custom", "failed")):
        assert verdict(ID, reporting(type_, word)).status == "ok"
