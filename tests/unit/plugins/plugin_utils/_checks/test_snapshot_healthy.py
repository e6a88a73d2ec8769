# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of extension and storage on guests that are well: no finding, whatever looks unusual."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._schema import problems, sections
from snapshot_states import conf, not_installed, snapshot
from support import verdict

CHECKS = """command_in_time disk_space mounts_unique other_backup_products ext_policy ext_present ext_python_path
ext_python_supported ext_settings ext_status ext_version freeze_lock freeze_timeout
fs_freezable handler_installed handler_state host_presnapshot lib_dir_exec lsblk mount_open network_mount
prepost_config safefreeze_binary snapshot_limit_flag snapshot_method transport_certs upload_status
vmbackup_conf workload_conf handler_os""".split()

QUIET = ("ok", "not_applicable")


@pytest.mark.parametrize("check", CHECKS)
def test_a_healthy_guest(check):
    assert verdict(check, snapshot()).status in QUIET


@pytest.mark.parametrize("check", CHECKS)
def test_before_the_first_backup(check):
    assert verdict(check, snapshot(extension=not_installed())).status in QUIET


@pytest.mark.parametrize("check", CHECKS)
def test_defaults_of_vmbackup_conf_written_out(check):
    options = conf(
        timeout="60", SafeFreezeWaitInSeconds="66", SnapshotMethod="firstHostThenGuest", MountsToSkip="/a,/b"
    )
    assert verdict(check, snapshot(extension=options)).status in QUIET


def test_the_states_of_these_tests_fit_the_schemas():
    raw = snapshot(extension=conf(timeout="60"))
    for name in ("extension", "storage"):
        assert list(problems(raw[name], sections("linux")[name], name)) == []
