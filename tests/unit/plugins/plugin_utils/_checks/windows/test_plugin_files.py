# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plugin_files: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, PLUGIN, agent_says, edited, failed_run

ID = "plugin_files"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"extension.versions": [], "extension.handler_state": []}, "not_applicable", "first backup"),
        ({f"{PLUGIN}.manifest": None}, "warn", "manifest"),
        ({f"{PLUGIN}.manifest": None, f"{PLUGIN}.sequence": 1}, "fail", "could not start it"),
        ({f"{PLUGIN}.manifest": None, **agent_says("NotReady")}, "fail", "could not start it"),
        ({f"{PLUGIN}.manifest.absent": ["bin/enable.exe"], **agent_says("NotReady")}, "fail", "could not start it"),
        ({f"{PLUGIN}.manifest.error": "ArgumentException", f"{PLUGIN}.sequence": 1}, "fail", "could not start it"),
        # A command that the plugin answered needed nothing more.
        ({f"{PLUGIN}.manifest.error": "ArgumentException"}, "warn", "cannot be read"),
        ({f"{PLUGIN}.manifest.absent": ["uninstall.cmd"]}, "ok", ""),
        ({f"{PLUGIN}.manifest.absent": ["x.cmd"], **agent_says("NotReady"), **failed_run("x")}, "ok", ""),
        # The agent says what else keeps it from being ready.
        (
            {f"{PLUGIN}.manifest": None, **agent_says("NotReady", 8, "VSS writers: 0x800423f4")},
            "warn",
            "manifest",
        ),
        # A folder of which nothing is known to be the plugin's.
        ({f"{PLUGIN}.manifest": None, f"{PLUGIN}.executable": False}, "ok", ""),
        (agent_says("NotReady"), "ok", ""),
        ({f"{PLUGIN}.environment.absent": [r"D:\old\Status"]}, "warn", "HandlerEnvironment.json"),
        ({f"{PLUGIN}.environment.error": "ArgumentException"}, "warn", "HandlerEnvironment.json"),
        ({f"{PLUGIN}.environment": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["extension.versions", "extension.versions.0.manifest"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact.replace(".0", "") in found.why
