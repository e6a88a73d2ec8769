# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections extension and storage on booted guests, with the stand-in of the snapshot extension."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from lab import Extension, changes
from lab.fabric.extension import LIB_DIR

pytestmark = pytest.mark.lab

OURS = """disk_space mounts_unique ext_present ext_python_path ext_python_supported ext_settings ext_status
ext_version freeze_lock fs_freezable handler_installed handler_state lib_dir_exec lsblk mount_open
network_mount safefreeze_binary transport_certs vmbackup_conf handler_os""".split()


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def machine(module_host, request):
    return module_host(request.param)


@pytest.fixture
def host(lab, machine):
    machine.reset()
    machine.wait_ready()
    machine.wait_agent()
    return machine


@pytest.fixture
def enabled(lab, host):
    lab.fabric.set_extension(Extension(sequence=3), host.address)
    host.wait_handler("Ready")
    yield host
    lab.fabric.set_extension(None, host.address)


def judged(lab, host):
    state = lab.module(host, "vmbackup.azure.linux_guest_state_info")["state"]
    missing = {name: why for name, why in state["missing"].items() if name.startswith(("extension", "storage"))}
    result = diagnose(state, only=OURS)
    found = {one["id"]: one for one in result["findings"] if one["status"] in ("fail", "warn", "unknown")}
    return state, missing, result["first_cause"], found


def test_before_and_after_the_first_backup(lab, host):
    state, missing, first, found = judged(lab, host)
    assert (missing, first, found) == ({}, None, {})
    assert state["extension"]["versions"] == []

    lab.fabric.set_extension(Extension(sequence=3), host.address)
    host.wait_handler("Ready")
    before = host.snapshot(LIB_DIR + "/main")
    state, missing, first, found = judged(lab, host)
    assert (missing, first, found) == ({}, None, {})
    extension = state["extension"]
    assert extension["installed"]["state"] == "Enabled" and extension["installed"]["status"]["status"] == "Ready"
    assert extension["status"]["code"] == 1 and extension["last_sequence"] == 3
    assert extension["interpreter"]["candidates"][0]["tried"] and extension["interpreter"]["usable"]
    assert changes(before, host.snapshot(LIB_DIR + "/main")) == []
    lab.fabric.set_extension(None, host.address)


def test_a_directory_where_nothing_may_run(lab, host):
    host.faults.remount("/var", "noexec")
    try:
        lab.fabric.set_extension(Extension(sequence=4), host.address)
        host.wait_handler("NotReady")
        _state, _missing, first, found = judged(lab, host)
        assert first == "lib_dir_exec"
        assert found["handler_state"]["consequence_of"] == "lib_dir_exec"
    finally:
        lab.fabric.set_extension(None, host.address)
        host.faults.restore_directory("/var")


@pytest.mark.parametrize("name", ["HandlerManifest.json", "main/handle.py"])
def test_a_file_that_it_is_started_by_was_deleted(lab, enabled, name):
    enabled.exec(f"rm {LIB_DIR}/{name}")
    _state, missing, first, found = judged(lab, enabled)
    assert (missing, first) == ({}, "ext_present") and name in found["ext_present"]["why"]


def test_no_inodes_left(lab, enabled):
    enabled.faults.exhaust_inodes("/var/lib/waagent")
    try:
        _state, _missing, first, found = judged(lab, enabled)
        assert first == "disk_space" and found["disk_space"]["status"] == "fail"
    finally:
        enabled.faults.restore_directory("/var/lib/waagent")


def test_an_extension_that_needs_what_this_python_has_not(lab, enabled):
    path = LIB_DIR + "/main/handle.py"
    enabled.write(path, "import telnetlib\n" + enabled.read(path), mode="0755")
    state, _missing, first, found = judged(lab, enabled)
    if state["extension"]["interpreter"]["candidates"][0]["version"].startswith("3.13"):
        assert first == "ext_python_supported" and "telnetlib" in found["ext_python_supported"]["why"]
    else:
        assert first is None


def test_the_last_backup_failed(lab, enabled):
    path = LIB_DIR + "/status/3.status"
    enabled.write(path, enabled.read(path).replace('"code": 1', '"code": 121'))
    _state, _missing, first, found = judged(lab, enabled)
    assert found["ext_status"]["status"] == "fail"
    # The guests of the lab have no file system of a kind that is frozen.
    assert first in ("fs_freezable", "ext_status")


def test_the_launcher_and_its_helper_are_damaged(lab, enabled):
    enabled.exec(["rm", LIB_DIR + "/main/safefreeze/bin/safefreeze"])
    assert judged(lab, enabled)[2] == "safefreeze_binary"
    enabled.exec(["rm", LIB_DIR + "/main/handle.sh"])
    assert judged(lab, enabled)[2] == "ext_present"
