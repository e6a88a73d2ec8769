# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is named first: the cause, and not what follows from it."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from snapshot_states import CAPTURED_UNIX, PYTHON, STORAGE, conf, ended, snapshot

from _checks.test_snapshot_healthy import CHECKS

NOT_READY = {"installed.state": "Installed", "installed.status.status": "NotReady", "installed.status.code": 1009}
TWICE = {
    "twice": [{"device": "8:33", "targets": ["/data/db", "/data/dblog"], "read_from": "mountinfo"}],
    "lsblk.complete": False,
}
OLD_PYTHON = {"interpreter.usable": None, "interpreter.candidates": [dict(PYTHON, version="3.14.3", lacks=["crypt"])]}
NO_PYTHON = {"interpreter.usable": None, "interpreter.candidates": []}
FULL = {"space": [dict(STORAGE["space"][0], free_inodes=0, inodes_used_percent=100.0)]}
HUNG = {"network": [{"target": "/s", "fstype": "nfs", "source": "h:/s", "answers": False, "read_from": "mountinfo"}]}
COPY = {"misplaced": {"options": {"MountsToSkip": "/data"}, "read_from": "tempPlugin/vmbackup.conf"}}
DATA_REFUSED = [{"step": "fifreeze", "mount": "/data", "error": "Device or resource busy"}]


@pytest.mark.parametrize(("code", "first"), [(2, "memory_use"), (15, "ext_status"), (85, "ext_status")])
def test_a_killed_program_explains_only_failures_without_a_code(code, first):
    raw = snapshot(extension=ended(code))
    killed = {
        "text": "Out of memory: Killed process 7 (java)",
        "count": 1,
        "age_s": 600,
        "read_from": "/var/log/syslog",
    }
    raw["agent"] = {"system_log": {"current": {"killed_for_memory": killed}, "crash": None, "read_from": ["x"]}}
    assert diagnose(raw, only=[*CHECKS, "memory_use"])["first_cause"] == first


UNRELATED = {
    "remounted_read_only": "agent_writes",
    "network_mount_silent": "network_mount",
    "network_mount_slow": "network_mount",
    "killed_in_the_agents_group": "agent_confinement",
}


@pytest.mark.parametrize(("code", "certain"), [(2, True), (85, False)])
@pytest.mark.parametrize("name", UNRELATED)
def test_a_line_that_may_be_of_anything_explains_no_backup_with_a_code_of_its_own(name, code, certain):
    raw = snapshot(extension=ended(code))
    said = {"text": "a line of the kernel", "count": 1, "age_s": 600, "read_from": "/var/log/syslog"}
    raw["agent"] = {"system_log": {"current": {name: said}, "crash": None, "read_from": ["x"]}}
    cause = UNRELATED[name]
    assert diagnose(raw, only=[*CHECKS, cause])["first_cause"] == (cause if certain else "ext_status")


@pytest.mark.parametrize(("age", "first"), [(600, "agent_writes"), (400_000, "ext_status")])
def test_a_file_system_that_became_read_only_days_before_the_run(age, first):
    raw = snapshot(extension=ended(2))
    said = {"text": "EXT4-fs (sda1): Remounting filesystem read-only", "count": 1, "age_s": age, "read_from": "syslog"}
    raw["agent"] = {"system_log": {"current": {"remounted_read_only": said}, "crash": None, "read_from": ["x"]}}
    assert diagnose(raw, only=[*CHECKS, "agent_writes"])["first_cause"] == first


@pytest.mark.parametrize(
    ("name", "cause"),
    [("killed_for_memory", "memory_use"), ("processor_hangs", "cpu_load"), ("disk_commands_time_out", "disk_iops")],
)
def test_what_the_kernel_says_explains_a_run_that_never_ended(name, cause):
    raw = snapshot(extension={"status.code": 4, "status.written": CAPTURED_UNIX - 4 * 3600})
    said = {"text": "a line of the kernel", "count": 1, "age_s": 600, "read_from": "/var/log/syslog"}
    raw["agent"] = {"system_log": {"current": {name: said}, "crash": None, "read_from": ["x"]}}
    assert diagnose(raw, only=[*CHECKS, cause])["first_cause"] == cause


@pytest.mark.parametrize(
    ("extension", "storage", "first", "follows"),
    [
        (dict(ended(121, failures=DATA_REFUSED)), TWICE, "mounts_unique", ["fs_freezable", "ext_status"]),
        (ended(121, failures=DATA_REFUSED), {}, "fs_freezable", ["ext_status"]),
        (dict(ended(121), **COPY), {}, "vmbackup_conf", ["fs_freezable", "ext_status"]),
        (dict(NOT_READY, **OLD_PYTHON), {}, "ext_python_supported", ["handler_state"]),
        (dict(NOT_READY, **NO_PYTHON), {}, "ext_python_path", ["handler_state"]),
        (NOT_READY, {"lib_dir.noexec": True}, "lib_dir_exec", ["handler_state"]),
        (NOT_READY, FULL, "disk_space", ["handler_state"]),
        (NOT_READY, {}, "handler_state", []),
        (ended(76), {}, "ext_status", []),
        (ended(76, pre_snapshot=500), {}, "host_presnapshot", ["ext_status"]),
        (ended(2), HUNG, "network_mount", ["ext_status"]),
        (ended(402), {}, "command_in_time", ["ext_status"]),
        (dict(ended(85), **conf(isanysnapshotfailed="True")), {}, "snapshot_limit_flag", ["ext_status"]),
        (dict(ended(124), **{"installed.helpers": []}), {}, "safefreeze_binary", ["ext_status"]),
    ],
)
def test_first_cause(extension, storage, first, follows):
    result = diagnose(snapshot(extension=extension, storage=storage), only=CHECKS)
    findings = {finding["id"]: finding for finding in result["findings"] if finding["status"] in ("fail", "warn")}
    assert result["first_cause"] == first
    assert set(findings) == {first, *follows}
    for id_ in follows:
        assert findings[id_]["consequence_of"], id_
