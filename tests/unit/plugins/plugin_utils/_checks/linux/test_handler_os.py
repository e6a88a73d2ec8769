# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import not_installed, snapshot, without
from support import verdict

WRONG = {"wrong_os": ["Microsoft.Azure.RecoveryServices.VMSnapshot-1.0.50.0"]}


def test_handlers_for_linux():
    assert verdict("handler_os", snapshot()).status == "ok"


def test_the_handler_for_windows_alone():
    assert verdict("handler_os", snapshot(extension=dict(not_installed(), **WRONG))).status == "fail"


def test_beside_one_for_linux_that_works():
    assert verdict("handler_os", snapshot(extension=WRONG)).status == "warn"


def test_missing_facts():
    assert verdict("handler_os", without(snapshot(), "extension", "wrong_os")).status == "unknown"


def test_a_log_of_earlier_backups_does_not_excuse_it():
    run = {"code": 1, "failures": [], "signatures": [], "read_from": "extension.log"}
    raw = snapshot(extension=dict(not_installed(), last_run=run, **WRONG))
    assert verdict("handler_os", raw).status == "fail"
