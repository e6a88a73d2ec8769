# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of a virtual machine whose backup failed: found, diagnosed or fixed, with a report of its own."""

import json

import pytest
from test_diagnose_playbook import conf
from test_fix_playbook import Fixes

MACHINE = (
    "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/{}"
    "/providers/Microsoft.Compute/virtualMachines/web1"
)


class Alerts(Fixes):
    """Two virtual machines of one name, in the groups ``app`` and ``db``."""

    book = "failed_backup"

    def alert(self, group, **variables):
        return self.run(failed_backup_machine=MACHINE.format(group), **variables)

    def read(self, *names):
        return json.loads(self.report_dir.joinpath(*names).read_text("utf-8"))


@pytest.fixture
def fleet(tmp_path):
    fleet = Alerts(tmp_path)
    fleet.fixed("web1_app")
    fleet.answers("web1_db", conf("y"))
    for group in ("app", "db"):
        fleet.hosts[f"web1_{group}"]["id"] = MACHINE.format(group)
    return fleet


def test_each_machine_has_a_report_of_its_own(fleet):
    for group, verdict in (("app", "blocked"), ("db", "partial")):
        result = fleet.alert(group.upper())
        assert result.returncode == 0, result.stdout + result.stderr
        (host,) = fleet.read(f"web1_{group}", "report.json")["hosts"]
        assert (host["host"], host["verdict"]) == (f"web1_{group}", verdict)
    assert sorted(folder.name for folder in fleet.report_dir.iterdir()) == ["web1_app", "web1_db"]


def test_the_machine_is_fixed(fleet):
    result = fleet.alert("app", failed_backup_then="fix")
    assert result.returncode == 0, result.stdout + result.stderr
    (host,) = fleet.read("web1_app", "fix.json")["hosts"]
    assert (host["before"], host["done"], host["after"]) == ("blocked", ["waagent_conf"], "partial")
    assert fleet.read("web1_app", "before", "report.json")["hosts"][0]["verdict"] == "blocked"
