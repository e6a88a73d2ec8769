# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import ended, snapshot, without
from support import verdict


def file(path, mode, owner=0, exists=True):
    return {"path": path, "exists": exists, "owner": owner, "mode": mode}


def scripts(**facts):
    good = {
        "host_conf": file("/etc/azure/VMSnapshotPluginHost.conf", "644"),
        "script_conf": file("/etc/azure/VMSnapshotScriptPluginConfig.json", "600"),
        "pre": file("/etc/azure/pre.sh", "700"),
        "post": file("/etc/azure/post.sh", "700"),
        "continue_on_failure": True,
        "timeout": 60,
        "error": None,
        "read_from": "/etc/azure/VMSnapshotScriptPluginConfig.json",
    }
    return {"scripts": dict(good, **facts)}


BAD_CONFIGURATION = [
    {"host_conf": file("/h", "666")},
    {"script_conf": file("/s", "644")},
    {"script_conf": file("/s", "700")},
    {"script_conf": file("/s", "600", owner=1000)},
    {"post": None},
    {"error": "no JSON"},
]
BAD_SCRIPTS = [
    {"pre": file("/p", "755")},
    {"pre": file("/p", None, None, exists=False)},
    {"post": file("/p", "700", owner=1000)},
]


def test_all_is_well():
    assert verdict("prepost_config", snapshot(extension=scripts())).status == "ok"


@pytest.mark.parametrize("facts", BAD_CONFIGURATION)
def test_a_configuration_that_is_refused_leaves_a_backup_without_the_scripts(facts):
    for wanted in (True, False):
        for more in ({}, BAD_SCRIPTS[0]):
            raw = snapshot(extension=scripts(continue_on_failure=wanted, **dict(more, **facts)))
            assert verdict("prepost_config", raw).status == "warn"


@pytest.mark.parametrize("facts", BAD_SCRIPTS)
def test_scripts_that_cannot_be_used(facts):
    assert verdict("prepost_config", snapshot(extension=scripts(**facts))).status == "warn"
    wanted = scripts(continue_on_failure=False, **facts)
    assert verdict("prepost_config", snapshot(extension=wanted)).status == "fail"


def test_the_last_backup_failed_because_of_them():
    assert verdict("prepost_config", snapshot(extension=dict(ended(306), **scripts()))).status == "fail"


def test_the_shipped_host_configuration_alone_is_no_configuration():
    raw = snapshot(extension=scripts(script_conf=None))
    assert verdict("prepost_config", raw).status == "not_applicable"


def test_missing_facts():
    assert verdict("prepost_config", without(snapshot(), "extension", "scripts")).status == "unknown"
