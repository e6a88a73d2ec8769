# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the newest handler, and what is moved aside."""

import json
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import snapshot_extension as remedy
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.handlers import COMMAND_LIMIT_S, NAME

LIBRARY = "/var/lib/waagent"
NEWEST = f"{LIBRARY}/{NAME}-1.0.10.0"


def installed(**changes):
    status = [{"status": {"status": "success", "code": changes.pop("code", 0), "substatus": []}}]
    files = {
        f"{LIBRARY}/{NAME}-1.0.9.0/config/HandlerState": "NotInstalled",
        f"{NEWEST}/config/HandlerState": "Enabled",
        f"{NEWEST}/config/HandlerStatus": json.dumps({"status": "Ready"}),
        f"{NEWEST}/status/9.status": json.dumps([{"status": {"status": "error", "code": 2}}]),
        f"{NEWEST}/status/10.status": json.dumps(status),
        f"{LIBRARY}/{NAME}__1.0.10.0.zip": "",
        f"{LIBRARY}/{NAME}.7.manifest.xml": "",
        f"{LIBRARY}/Other-1.0": "",
    }
    return {**files, **changes.pop("files", {})}


def reasons(host, later=0):
    return remedy.why_unhealthy(remedy.read_handlers(host), time.time() + later)


def test_a_healthy_one(tree):
    found = remedy.read_handlers(tree(installed()))
    assert [handler["directory"].rpartition("-")[2] for handler in found] == ["1.0.9.0", "1.0.10.0"]
    assert reasons(tree({})) == []


@pytest.mark.parametrize("code", [0, 1, 3, 4])
def test_codes_that_are_good(tree, code):
    assert reasons(tree(installed(code=code))) == []


@pytest.mark.parametrize(
    ("changes", "later", "reason"),
    [
        ({"code": 2}, 0, "its last command ended with code 2"),
        ({"files": {f"{NEWEST}/config/HandlerState": ""}}, 0, "its handler state is missing"),
        (
            {"files": {f"{NEWEST}/config/HandlerStatus": '{"status": "NotReady"}'}},
            0,
            "the agent reports it as NotReady",
        ),
        (
            {"files": {f"{NEWEST}/status/11.status": '[{"status": {"status": "transitioning", "code": 4}}]'}},
            COMMAND_LIMIT_S + 1,
            "its last command never ended",
        ),
    ],
)
def test_what_is_wrong(tree, changes, later, reason):
    assert reasons(tree(installed(**changes)), later) == [reason]


def test_a_command_under_way_is_not_stuck(tree):
    running = {f"{NEWEST}/status/11.status": '[{"status": {"status": "transitioning", "code": 4}}]'}
    assert reasons(tree(installed(files=running)), COMMAND_LIMIT_S - 60) == []


def test_all_versions_and_packages_move_and_nothing_else(tree):
    class Agent:
        name, systemd = "waagent.service", None

        def is_active(self):
            return True

    plan = remedy.plan(tree(installed(code=2)), Agent())
    assert sorted(path.rpartition("/")[2] for path in plan.facts["moved"]) == [
        f"{NAME}-1.0.10.0",
        f"{NAME}-1.0.9.0",
        f"{NAME}.7.manifest.xml",
        f"{NAME}__1.0.10.0.zip",
    ]
    assert not remedy.plan(tree({f"{NEWEST}/status/11.status": json.dumps([{"status": {"code": 0}}])}), Agent()).changed
