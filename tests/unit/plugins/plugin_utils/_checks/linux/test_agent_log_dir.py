# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, saying, without
from support import advice_of, verdict

ID = "agent_log_dir"


def test_there():
    assert verdict(ID, healthy()).status == "ok"


def test_absent_before_the_first_extension_is_normal():
    assert verdict(ID, healthy(log_dir={"exists": False, "leads_to": None})).status == "ok"
    assert verdict(ID, healthy(STOPPED, log_dir={"exists": False, "leads_to": None})).status == "ok"


def test_a_file_in_its_place():
    found = verdict(ID, healthy(log_dir={"is_directory": False}))
    assert found.status == "warn" and "Move the file /var/log/azure away" in advice_of(found)


def test_read_only():
    found = verdict(ID, healthy(log_dir={"read_only": True}))
    assert found.status == "warn" and "remount,rw" in advice_of(found)
    assert verdict(ID, healthy(log_dir={"read_only": None})).status == "ok"


@pytest.mark.parametrize("broken", [{"read_only": True}, {"is_directory": False}])
def test_an_extension_that_is_not_ready_cannot_log(broken):
    state = healthy(log_dir=broken)
    state["extension"] = {"installed": {"status": {"status": "NotReady", "code": 1009, "message": "x"}}}
    assert verdict(ID, state).status == "fail"
    state["extension"]["installed"]["status"]["status"] = "Ready"
    assert verdict(ID, state).status == "warn"


def test_another_owner():
    found = verdict(ID, healthy(log_dir={"owner": 1000}))
    assert found.status == "warn" and "1000" in found.why and "chown root:root /var/log/azure" in advice_of(found)


def test_missing():
    assert verdict(ID, without("log_dir")).status == "unknown"


def test_a_handler_that_ends_because_it_is_gone():
    line = saying("handler_ended", "Agent x failed with exception: [Errno 20] Not a directory: '/var/log/azure/y'")
    assert verdict(ID, healthy(line, log_dir={"exists": False, "read_from": "/var/log/azure"})).status == "fail"


def test_a_link_that_leads_nowhere():
    found = verdict(ID, healthy(log_dir={"exists": False, "leads_to": "/logs/azure"}))
    assert found.status == "warn" and "/logs/azure, which does not exist" in found.why
