# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import conf, snapshot, without
from support import verdict


def test_switched_off_is_a_note():
    result = verdict("upload_status", snapshot(extension=conf(UploadStatusAndLog="False")))
    assert result.status == "ok" and "portal" in result.why


def test_missing_facts():
    assert verdict("upload_status", without(snapshot(), "extension", "conf")).status == "unknown"
