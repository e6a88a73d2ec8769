# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree, without
from support import advice_of, verdict

ID = "agent_unit_start"
LINE = {"text": "waagent.service: Control process exited, code=exited", "count": 1, "age_s": 60}
LOG = {"system_log": {"current": {"agent_unit_control_failed": LINE}, "crash": None, "read_from": "journal"}}


@pytest.mark.parametrize(("status", "setting"), [(200, "WorkingDirectory"), (203, "ExecStart"), (217, "User")])
def test_a_setting_that_systemd_cannot_apply(status, setting):
    unit = {"active": "failed", "result": "exit-code", "exit_status": status}
    found = verdict(ID, healthy(STOPPED, unit=unit))
    assert found.status == "fail" and f"{setting} of its unit" in found.why
    assert f"Correct {setting}" in advice_of(found)
    assert verdict(ID, healthy(unit=unit)).status == "ok"
    assert verdict(ID, healthy(STOPPED, unit=dict(unit, exit_status=1))).status == "ok"


def test_a_command_before_the_agent_fails():
    before = [{"name": "ExecStartPre", "value": "/bin/false", "read_from": "/etc/d.conf:2"}]
    found = verdict(ID, healthy(STOPPED, LOG, unit={"active": "failed", "exit_status": 0, "before": before}))
    assert found.status == "fail" and "before it failed" in found.why
    assert (found.evidence[0].source, found.evidence[0].value) == ("/etc/d.conf:2: ExecStartPre", "/bin/false")
    assert verdict(ID, healthy(STOPPED, LOG)).status == "ok"
    assert verdict(ID, healthy(LOG)).status == "ok"


def test_a_start_that_does_not_end():
    found = verdict(ID, healthy(STOPPED, unit={"active": "failed", "result": "timeout", "exit_status": 0}))
    assert found.status == "fail" and "Correct Type" in advice_of(found)


def test_a_service_that_ran_too_long_did_start():
    limit = [{"name": "RuntimeMaxSec", "value": "1h", "read_from": "/etc/d.conf:2"}]
    unit = {"active": "failed", "result": "timeout", "exit_status": 0, "confinement": limit}
    assert verdict(ID, healthy(STOPPED, unit=unit)).status == "ok"


def test_systemd_cannot_prepare_the_start():
    line = {"text": "waagent.service: Failed to load environment files: Permission denied", "count": 1, "age_s": 60}
    log = {"system_log": {"current": {"agent_unit_left_out": line}, "crash": None, "read_from": "journal"}}
    unit = {"active": "failed", "result": "resources", "exit_status": 0}
    found = verdict(ID, healthy(STOPPED, log, unit=unit))
    assert found.status == "fail" and "EnvironmentFile" in advice_of(found)
    assert line["text"] in [one.value for one in found.evidence]
    assert verdict(ID, healthy(STOPPED, unit=unit)).status == "fail"
    assert verdict(ID, healthy(log, unit=unit)).status == "ok"


def test_a_unit_without_a_command():
    unit = {"exec": [], "fragment": "/usr/lib/systemd/system/walinuxagent.service"}
    for state, status in (
        (healthy(unit=unit), "warn"),
        (healthy(STOPPED, unit=unit), "fail"),
        (tree(unit=unit), "fail"),
    ):
        found = verdict(ID, state)
        assert found.status == status and "no command" in found.why
    assert verdict(ID, healthy(STOPPED, unit={"exec": []})).status == "ok"


@pytest.mark.parametrize("word", ["bad-setting", "error"])
def test_a_unit_that_systemd_refuses(word):
    found = verdict(ID, healthy(STOPPED, unit={"load": word}))
    assert found.status == "fail" and "systemd-analyze verify walinuxagent.service" in advice_of(found)
    assert verdict(ID, healthy(unit={"load": word})).status == "warn"


def test_a_unit_that_starts_something_else():
    found = verdict(ID, healthy(STOPPED, unit={"active": "active", "exec": ["/bin/true"]}))
    assert found.status == "fail" and "starts /bin/true" in found.why
    assert "Correct ExecStart" in advice_of(found)
    assert verdict(ID, healthy(unit={"exec": ["/opt/start-agent"]})).status == "ok"
    assert verdict(ID, healthy(STOPPED, unit={"active": "active"})).status == "ok"


def test_a_unit_that_starts_no_daemon():
    for word in ("-version", "-run-exthandlers"):
        unit = {"active": "inactive", "exec": ["/usr/bin/python3", "-u", "/usr/sbin/waagent", word]}
        found = verdict(ID, healthy(STOPPED, unit=unit))
        assert found.status == "fail" and "without -daemon" in found.why
    for words in (["-daemon"], ["--verbose", "--daemon"]):
        unit = {"active": "inactive", "exec": ["/usr/sbin/waagent", *words]}
        assert verdict(ID, healthy(STOPPED, unit=unit)).status == "ok"


def test_a_command_of_the_unit_forbids_the_start():
    before = [{"name": "ExecCondition", "value": "/opt/may-start", "read_from": "/etc/d.conf:2"}]
    unit = {"active": "inactive", "result": "exec-condition", "before": before}
    found = verdict(ID, healthy(STOPPED, unit=unit))
    assert found.status == "fail" and found.evidence[1].value == "/opt/may-start"
    assert verdict(ID, healthy(unit=unit)).status == "ok"


def test_a_command_before_the_agent_does_not_end():
    before = [{"name": "ExecStartPre", "value": "/opt/wait-for-approval", "read_from": "/etc/d.conf:2"}]
    found = verdict(ID, healthy(STOPPED, unit={"active": "activating", "sub": "start-pre", "before": before}))
    assert found.status == "fail" and found.evidence[1].value == "/opt/wait-for-approval"
    assert verdict(ID, healthy(unit={"active": "activating", "sub": "start-pre"})).status == "ok"
    assert verdict(ID, healthy(STOPPED, unit={"active": "activating", "sub": "auto-restart"})).status == "ok"


def test_elsewhere_and_on_a_disk():
    assert verdict(ID, healthy(unit={"kind": "sysvinit"})).status == "not_applicable"
    assert verdict(ID, tree()).status == "unknown"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"
