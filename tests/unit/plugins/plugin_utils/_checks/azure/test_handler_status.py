# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from azure_states import azure_state
from support import fix_of, guest, verdict

ID = "handler_status"
SNAPSHOT = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


def state(*handlers, **more):
    made = [
        {"type": type_, "version": "1", "status": status, "code": None, "message": "m"} for type_, status in handlers
    ]
    return azure_state(agent={"handlers": made}, **more)


def test_ready():
    assert verdict(ID, azure_state()).status == "ok"
    assert verdict(ID, state((SNAPSHOT, "Installing"))).status == "ok"
    assert verdict(ID, state((SNAPSHOT, ""))).status == "ok"


def test_the_snapshot_handler_is_not_ready():
    found = verdict(ID, state(("Monitor", "NotReady"), (SNAPSHOT, "NotReady")))
    assert found.status == "fail" and SNAPSHOT in found.why


def test_the_snapshot_extension_is_removed_unless_a_backup_runs():
    running = {"id": "/job", "operation": "Backup", "status": "InProgress", "started": None}
    bad = (SNAPSHOT, "NotReady")
    assert fix_of(verdict(ID, state(bad, vm={"id": "/vm"}))) == ("azure_vm_extension", {"id": "/vm"})
    assert fix_of(verdict(ID, state(bad, jobs=[running]))) is None
    assert fix_of(verdict(ID, state(("Monitor", "NotReady")))) is None


def test_another_handler_is_not_ready():
    assert verdict(ID, state(("Monitor", "Unresponsive"), (SNAPSHOT, "Ready"))).status == "warn"


def test_no_agent_no_handlers():
    assert verdict(ID, azure_state(agent=None)).status == "not_applicable"
    assert verdict(ID, state((SNAPSHOT, "NotReady"), vm={"power": "deallocated"})).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"agent": "not asked"})).status == "unknown"


def test_where_the_guest_was_asked_azure_need_not_be():
    result = _registry.diagnose(guest(), azure_state(missing={"agent": "not asked"}))
    assert {one["id"]: one["status"] for one in result["findings"]}[ID] == "not_applicable"
