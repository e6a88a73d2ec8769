# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests: a file system that never answers holds up no change, no undo and no list of runs."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.answer import SILENT_SECONDS
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.archive import PREFIX, SUFFIX
from remediate_faults import VMBACKUP_CONF

pytestmark = pytest.mark.lab

# For Ansible, on a machine that is busy. Who waits for the mount waits until the guest stops.
LONGER = 240
JOURNAL = "/var/lib/vmbackup"
RUNS = {
    "change": ("vmbackup_conf", {"settings": {"timeout": 60}}),
    "undo": ("journal_restore", {"run_id": "before"}),
    "list": ("journal_info", {}),
    "archive": ("evidence_archive", {"name": f"{PREFIX}20261129T010203Z-0a1b2c3d{SUFFIX}"}),
    "interface": ("guest_dhcp", {"state": "confirmed", "run_id": "before"}),
}


@pytest.fixture
def guest(lab, lab_host):
    guest = lab_host("bookworm", agent=False)
    guest.write(VMBACKUP_CONF, "[SnapshotThread]\ntimeout: 100\n")
    lab.module(guest, "vmbackup.azure.vmbackup_conf", {"settings": {"timeout": 80}, "run_id": "before"})
    return guest


def call(lab, guest, module, options):
    began = time.monotonic()
    result = lab.module(guest, f"vmbackup.azure.{module}", options, check=False)
    return result, time.monotonic() - began


@pytest.mark.parametrize(
    ("folder", "names"),
    [(JOURNAL, ["change", "undo", "list", "archive", "interface"]), ("/etc/azure", ["change", "undo"])],
)
def test_each_module_is_back_in_time_and_names_the_mount(lab, guest, folder, names):
    before = guest.read(VMBACKUP_CONF)
    guest.faults.mount_silent(folder)
    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(lambda name: call(lab, guest, *RUNS[name]), names))
    for (result, seconds), name in zip(done, names, strict=True):
        why = f"no answer within {SILENT_SECONDS} s: '{folder}' (fuse.nfs) does not answer"
        assert result["msg"] == f"Cannot run '{RUNS[name][0]}': {why}"
        assert not result.get("changed")
        assert seconds < SILENT_SECONDS + LONGER
    if folder == JOURNAL:
        assert guest.read(VMBACKUP_CONF) == before
    else:
        assert lab.module(guest, "vmbackup.azure.journal_info")["runs"][0]["run_id"] == "before"
