# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot, without
from support import verdict

ID = "av_exclusion"
DENIED = {"command": {"module": None, "denied": True, "detail": None, "read_from": "CommandExecution.log"}}


def state(guards, **extension):
    return {**snapshot(extension=extension), "security": {"guards": guards}}


@pytest.mark.parametrize(
    ("guards", "extension", "status"),
    [
        ([], {"installed.launcher": False}, "ok"),
        (["auditd"], {"installed.launcher": False}, "ok"),
        (["falcon-sensor", "auditd"], {}, "ok"),
        (["falcon-sensor", "auditd"], {"installed.manifest": None}, "warn"),
        (["wdavdaemon"], {"installed.program": False}, "warn"),
        (["fapolicyd"], DENIED, "warn"),
        (["clamd"], {"installed.launcher": False, "installed.state": "NotInstalled"}, "ok"),
    ],
)
def test_rule(guards, extension, status):
    found = verdict(ID, state(guards, **extension))
    assert found.status == status and ("auditd" in found.why) is False


@pytest.mark.parametrize(
    ("extension", "status"),
    [(DENIED, "fail"), ({"installed.launcher": False}, "fail"), ({}, "unknown")],
)
def test_application_control_refused_files_of_the_agent(extension, status):
    raw = state([], **extension)
    raw["security"] = {"refused_files": ["/var/lib/waagent/x/main/handle.sh"]}
    found = verdict(ID, raw)
    assert found.status == status
    if status == "fail":
        assert found.evidence[0].value == ["/var/lib/waagent/x/main/handle.sh"]


def test_missing_facts():
    assert verdict(ID, {**state([]), "security": {}}).status == "unknown"
    assert verdict(ID, without(state(["clamd"]), "extension", "installed")).status == "unknown"
