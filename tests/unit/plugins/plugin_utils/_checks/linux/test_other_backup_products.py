# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import ended, snapshot, without
from support import verdict

VEEAM = {"other_products": [{"name": "Veeam", "sign": "/etc/veeam"}]}
BUSY = [{"step": "fifreeze", "mount": "/", "error": "Device or resource busy"}]


def test_being_there_is_no_finding():
    assert verdict("other_backup_products", snapshot(extension=VEEAM)).status == "ok"


def test_the_last_backup_found_a_file_system_frozen():
    assert (
        verdict("other_backup_products", snapshot(extension=dict(ended(121, failures=BUSY), **VEEAM))).status == "fail"
    )
    assert verdict("other_backup_products", snapshot(extension=ended(121, failures=BUSY))).status == "ok"


def test_missing_facts():
    assert verdict("other_backup_products", without(snapshot(), "extension", "other_products")).status == "unknown"
