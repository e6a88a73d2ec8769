# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import ended, snapshot, without
from support import verdict

ORACLE = {"workload": {"name": "oracle", "read_from": "/etc/azure/workload.conf"}}


def test_preparing_the_database_failed():
    assert verdict("workload_conf", snapshot(extension=dict(ended(506), **ORACLE))).status == "fail"


def test_it_works():
    assert verdict("workload_conf", snapshot(extension=ORACLE)).status == "ok"


def test_missing_facts():
    assert verdict("workload_conf", without(snapshot(), "extension", "workload")).status == "unknown"
