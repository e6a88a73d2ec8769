# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.vmbackup_keys import KEYS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.linux.lsblk import CHECK
from snapshot_states import conf, snapshot, without
from support import verdict

LATE = "Cannot run '/usr/bin/lsblk -b': no answer within 3 s"
HANGS = {"lsblk.error": LATE, "lsblk.answers": False}


def test_missing():
    assert verdict("lsblk", snapshot(storage={"lsblk.path": None})).status == "fail"


def test_hangs():
    assert verdict("lsblk", snapshot(storage=HANGS)).status == "fail"


def test_the_advice_names_the_option_that_the_extension_reads():
    (option,) = KEYS["lsblkUser"]
    assert f"`{option}=USER` in section `[lsblkUser]`" in CHECK.advice


def test_hangs_as_root_but_another_user_runs_it():
    assert verdict("lsblk", snapshot(storage=HANGS, extension=conf(lsblk_user="vmadmin"))).status == "ok"


def test_fails():
    assert verdict("lsblk", snapshot(storage={"lsblk.error": "exit status 1"})).status == "warn"


def test_missing_facts():
    assert verdict("lsblk", without(snapshot(), "storage", "lsblk")).status == "unknown"


def test_a_guest_without_time_to_ask_again():
    late = {f"storage.lsblk.{name}": LATE for name in ("error", "answers")}
    slow = snapshot(missing=late, storage={"lsblk.complete": False})
    del slow["storage"]["lsblk"]["error"]
    found = verdict("lsblk", slow)
    assert found.status == "unknown" and "no answer within 3 s" in found.why
