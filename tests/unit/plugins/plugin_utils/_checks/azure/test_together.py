# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines as whole: the verdict and the first cause of what goes wrong together, and traps that stay quiet."""

import json
import pathlib

import pytest
from agent_states import healthy
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from azure_states import DISK, FAILED_JOB, ITEM, JOB, POINTS, SUBSCRIPTION, VM, azure_state

FLEET = pathlib.Path(__file__).parents[6] / "examples/fleet/states"
SNAPSHOT = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


def job(code):
    return [{**FAILED_JOB, "errors": [{**FAILED_JOB["errors"][0], "code": code, "title": code}]}]


def item(**change):
    return {"items": [{**ITEM, **change}], "former": []}


def extension(word):
    return [{"name": "x", "type": SNAPSHOT, "version": "1.0", "provisioning_state": word, "message": None}]


FAILED = item(last_status="Failed", health_status="ActionRequired")
STANDARD = {"type": "V1"}
SHARED = [DISK, {**DISK, "role": "data", "shares": 2}]
LOCK = {"id": "l", "name": "keep", "level": "CanNotDelete", "scope": POINTS}
POINT = azure_state()["points"]["collections"][0]
EIGHTEEN = {"collections": [{**POINT, "count": 18}]}
OF_NOBODY = azure_state(protection={"items": [], "former": []}, policy=None, vault=None, jobs=[])


@pytest.mark.parametrize(
    ("raw", "verdict", "first"),
    [
        (azure_state(), "ready", None),
        (OF_NOBODY, "blocked", "protection"),
        (azure_state(protection=item(soft_deleted=True), policy=None, vault=None), "blocked", "item_deletion"),
        (
            azure_state(protection={"items": [], "former": [{**ITEM, "source_id": f"{VM}0"}]}, policy=None, vault=None),
            "blocked",
            "item_machine",
        ),
        (
            azure_state(
                agent={"status": "Not Ready"},
                policy=STANDARD,
                protection=FAILED,
                jobs=job("UserErrorGuestAgentStatusUnavailable"),
            ),
            "blocked",
            "agent_ready",
        ),
        (azure_state(agent={"status": "Not Ready"}), "degraded", "agent_ready"),
        (azure_state(agent={"status": "Not Ready"}, policy={"consistency": "OnlyCrashConsistent"}), "ready", None),
        (
            azure_state(vm={"power": "stopped"}, protection=FAILED, jobs=job("GuestAgentSnapshotTaskStatusError")),
            "at_risk",
            "power_state",
        ),
        (azure_state(vm={"power": "deallocated"}, agent=None), "ready", None),
        (
            azure_state(
                vm={"provisioning_state": "Failed"},
                extensions=extension("Failed"),
                policy=STANDARD,
                jobs=job("UserErrorVmProvisioningStateFailed"),
            ),
            "blocked",
            "extension_provisioning",
        ),
        (
            azure_state(locks=[LOCK], points=EIGHTEEN, policy=STANDARD, jobs=job("UserErrorRpCollectionLimitReached")),
            "blocked",
            "restore_points",
        ),
        (
            azure_state(disks=SHARED, protection=FAILED, jobs=job("UserErrorSharedDiskBackupNotSupported")),
            "blocked",
            "disk_sharing",
        ),
        (azure_state(jobs=job("NeverHeardOf")), "at_risk", "last_job"),
    ],
)
def test_a_machine_in_azure(raw, verdict, first):
    result = _registry.diagnose(raw)
    assert (result["verdict"], result["first_cause"]) == (verdict, first)


def test_azures_words_and_the_guests_cause_are_one_finding():
    silent = azure_state(agent={"status": "Not Ready"}, jobs=job("UserErrorGuestAgentStatusUnavailable"))
    down = healthy({"disabled_by": "/var/lib/waagent/disable_agent"}, handler=None)
    result = _registry.diagnose(down, silent)
    causes = {finding["id"]: finding["consequence_of"] for finding in result["findings"]}
    assert (result["verdict"], result["first_cause"]) == ("degraded", "agent_disable_marker")
    for words in ("agent_ready", "last_job"):
        while causes[words]:
            words = causes[words]
        assert words == "agent_disable_marker"


def test_without_the_vaults_order_no_code_of_an_earlier_job_matters():
    stopped = azure_state(
        protection=item(protection_state="ProtectionStopped"), jobs=job("ExtensionFailedVssWriterInBadState")
    )
    writers = json.loads((FLEET / "win-us-01.json").read_text("utf-8"))
    result = _registry.diagnose(writers, stopped)
    assert (result["verdict"], result["first_cause"]) == ("blocked", "protection_state")


def test_restore_points_of_a_lock_are_no_consequence_of_the_guest():
    full = azure_state(
        locks=[LOCK], points=EIGHTEEN, policy=STANDARD, protection=FAILED, jobs=job("UserErrorRpCollectionLimitReached")
    )
    result = _registry.diagnose(json.loads((FLEET / "win-us-01.json").read_text("utf-8")), full)
    causes = {finding["id"]: finding["consequence_of"] for finding in result["findings"]}
    assert (result["verdict"], result["first_cause"], causes["restore_points"]) == ("blocked", "restore_points", None)


BLOCKED = ("app-us-01", "batch-us-01", "db-us-01", "web-us-02", "win-eu-03", "win-us-01")
"""Guests of the demo fleet, each with a cause of its own."""


@pytest.mark.parametrize("name", BLOCKED)
def test_one_fault_of_a_guest_under_each_kind_of_policy(name):
    guest = json.loads((FLEET / f"{name}.json").read_text("utf-8"))
    cause = _registry.diagnose(guest)["first_cause"]
    vm = {"os_type": "Windows" if guest["platform"] == "windows" else "Linux"}
    failed = {"protection": FAILED, "jobs": job("GuestAgentSnapshotTaskStatusError")}
    for verdict, changes in (
        ("blocked", {"policy": STANDARD, **failed}),
        ("degraded", {"policy": {"type": "V2"}, **failed}),
        ("blocked", {"policy": {"type": "V2"}, "vm": {"size": "Standard_D2s_v6"}, **failed}),
        ("ready", {"policy": {"consistency": "OnlyCrashConsistent"}}),
    ):
        result = _registry.diagnose(guest, azure_state(**{**changes, "vm": {**vm, **changes.get("vm", {})}}))
        assert (result["verdict"], result["first_cause"]) == (verdict, None if verdict == "ready" else cause)


@pytest.mark.parametrize(
    "raw",
    [
        azure_state(vault={"public_access": "Disabled"}),
        azure_state(vm={"security_type": "TrustedLaunch"}, policy=STANDARD),
        azure_state(disks=[{**DISK, "network_access": "DenyAll", "public_access": "Disabled"}]),
        azure_state(disks=[{**DISK, "network_access": "AllowPrivate"}]),
        azure_state(jobs=[JOB, *job("UserErrorGuestAgentStatusUnavailable")]),
        azure_state(locks=[{**LOCK, "scope": VM}]),
        azure_state(policy={"type": "V2"}, points=EIGHTEEN),
        azure_state(disks=SHARED),
        azure_state(vm={"power": "stopped"}, policy={"consistency": "OnlyCrashConsistent"}),
        azure_state(protection={"former": [{**ITEM, "source_id": f"{SUBSCRIPTION}/gone"}]}),
    ],
)
def test_traps_stay_quiet(raw):
    assert _registry.diagnose(raw)["verdict"] == "ready"


def test_nothing_advises_a_private_endpoint():
    texts = [check.advice for check in _registry.catalogue("azure").checks.values()]
    assert not [text for text in texts if "private endpoint" in text.lower()]


@pytest.mark.parametrize("section", sorted(azure_state().keys() - {"schema", "platform", "captured", "missing"}))
def test_what_is_missing_is_never_healthy(section):
    before = {one["id"]: one["status"] for one in _registry.diagnose(azure_state())["findings"]}
    result = _registry.diagnose(azure_state(missing={section: "no permission: some/read"}))
    after = {one["id"]: one["status"] for one in result["findings"]}
    changed = {id_: after[id_] for id_ in after if after[id_] != before[id_]}
    assert changed and set(changed.values()) == {"unknown"}
