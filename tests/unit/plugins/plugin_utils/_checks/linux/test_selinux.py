# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import guest, verdict

ID = "selinux"
DENIAL = {
    "time": 1,
    "action": "execute",
    "name": "handle.sh",
    "context": "system_u:system_r:waagent_t:s0",
    "count": 1,
    "read_from": "/var/log/audit/audit.log",
}


def state(mode, *denials):
    selinux = {"mode": mode, "configured": mode, "read_from": "/sys/fs/selinux/enforce"}
    return guest(security={"selinux": selinux, "denials": list(denials)})


def test_enforcing_is_no_finding():
    assert verdict(ID, state("enforcing")).status == "ok"


def test_an_extension_may_not_be_executed():
    found = verdict(ID, state("enforcing", DENIAL))
    assert found.status == "fail" and "handle.sh" in found.evidence[0].value


def test_another_denial():
    assert verdict(ID, state("enforcing", dict(DENIAL, action="getattr"))).status == "warn"


def test_permissive_and_disabled_forbid_nothing():
    assert verdict(ID, state("permissive", DENIAL)).status == "ok"
    assert verdict(ID, state("disabled", DENIAL)).status == "ok"


def test_no_selinux_on_a_disk():
    raw = guest(mode="tree", security={"selinux": {"configured": None, "read_from": "x"}, "denials": []})
    assert verdict(ID, raw).status == "not_applicable"


def test_missing():
    assert verdict(ID, guest(missing={"security": "root"})).status == "unknown"


def test_a_denial_proves_by_itself_that_it_was_enforced():
    assert verdict(ID, state(None, DENIAL)).status == "fail"
    assert verdict(ID, state(None)).status == "not_applicable"


def test_a_denial_for_a_program_of_the_extension_whose_run_failed():
    denied = dict(DENIAL, action="ioctl", command="safefreeze", name="/data")
    for code, status in ((121, "fail"), (1, "warn")):
        raw = state("enforcing", denied)
        raw["extension"] = {"status": {"code": code, "written": None, "read_from": "7.status"}, "last_run": None}
        assert verdict(ID, raw).status == status
    raw["extension"]["status"]["code"] = 121
    raw["security"]["denials"] = [dict(denied, command="waagent")]
    assert verdict(ID, raw).status == "warn"


FOLDER = "/var/lib/waagent/Microsoft.{0}/bin/run"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("waagent", "fail"),
        ("python3.9", "fail"),
        ("sh", "fail"),
        (FOLDER.format("Azure.RecoveryServices.VMSnapshotLinux-1.0.9232.0"), "fail"),
        (FOLDER.format("GuestConfiguration.ConfigurationforLinux-1.26.0"), "warn"),
        ("gc_linux_service", "warn"),
        (None, "warn"),
    ],
)
def test_whose_program_may_not_be_executed(name, status):
    assert verdict(ID, state("enforcing", dict(DENIAL, name=name))).status == status


@pytest.mark.parametrize(
    ("code", "time", "status"),
    [(1, 1000, "ok"), (1, 3000, "fail"), (1, None, "fail"), (121, 1000, "fail"), (2, 1000, "fail")],
)
def test_a_denial_before_a_backup_that_went_well(code, time, status):
    raw = state("enforcing", dict(DENIAL, time=time))
    raw["extension"] = {"status": {"code": code, "written": 2000, "read_from": "7.status"}, "last_run": None}
    assert verdict(ID, raw).status == status
    raw["mode"] = "tree"
    assert verdict(ID, raw).status == "fail"
