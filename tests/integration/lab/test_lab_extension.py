# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup extension's stand-in, from the goal state to the status that comes back."""

import json

import pytest
from lab import Extension
from lab.command import wait_until
from lab.fabric.extension import LIB_DIR, LOG_DIR, NAME

pytestmark = pytest.mark.lab


@pytest.fixture(params=["bookworm", "trixie"])
def host(lab_host, request):
    host = lab_host(request.param)
    host.wait_agent()
    return host


def test_processed_disabled_and_uninstalled(lab, host):
    lab.fabric.set_extension(Extension(sequence=3), host.address)
    reported = host.wait_handler("Ready")

    settings = reported["runtimeSettingsStatus"]
    assert settings["sequenceNumber"] == 3
    assert settings["settingsStatus"]["status"]["code"] == 1
    calls = host.extension_calls()
    assert [call["command"] for call in calls] == ["install", "enable"]
    assert calls[-1]["sequence"] == 3 and calls[-1]["cwd"] == LIB_DIR
    assert json.loads(host.read(f"{LIB_DIR}/status/3.status"))[0]["status"]["status"] == "success"
    assert json.loads(host.read(f"{LIB_DIR}/HandlerEnvironment.json"))[0]["handlerEnvironment"]["logFolder"] == LOG_DIR
    assert "enable ended with 0" in host.read(f"{LOG_DIR}/extension.log")
    assert "handle.sh enable returned 0" in host.read(f"{LOG_DIR}/shell.log")

    lab.fabric.set_extension(Extension("disabled", sequence=3), host.address)
    host.wait_handler("NotReady")
    assert host.extension_calls()[-1]["command"] == "disable"

    lab.fabric.set_extension(Extension("uninstall", sequence=3), host.address)
    wait_until("uninstall", lambda: host.extension_calls()[-1]["command"] == "uninstall")


def test_failure_is_reported_with_its_code(lab, host):
    lab.fabric.set_extension(Extension(behaviour="failure"), host.address)
    reported = host.wait_handler("NotReady")
    assert reported["code"] != 0
    assert json.loads(host.read(f"{LIB_DIR}/status/0.status"))[0]["status"]["code"] == 2


def test_stuck_handler_stays_in_transition(lab, lab_host):
    host = lab_host()
    host.wait_agent()
    lab.fabric.set_extension(Extension(behaviour="stuck"), host.address)

    written = ["test", "-e", f"{LIB_DIR}/status/0.status"]
    wait_until("its status", lambda: host.exec(written, check=False).returncode == 0)

    assert host.extension_calls()[-1]["command"] == "enable"
    assert host.exec(["pgrep", "-f", "handle.py -enable"]).stdout.split()
    status = json.loads(host.read(f"{LIB_DIR}/status/0.status"))[0]["status"]
    assert (status["status"], status["code"]) == ("transitioning", 4)
    found = lab.fabric.handler_status(host.address, NAME)
    assert found is None or found["status"] != "Ready"


def test_extensions_switched_off_in_the_agents_configuration(lab, lab_host):
    host = lab_host()
    host.exec("sed -i 's/^Extensions.Enabled=.*/Extensions.Enabled=n/' /etc/waagent.conf")
    lab.fabric.set_extension(Extension(), host.address)

    host.wait_agent(since=host.restart_agent())

    assert lab.fabric.requests(host.address, "wire", "type=extensionsConfig")
    assert host.extension_calls() == []
