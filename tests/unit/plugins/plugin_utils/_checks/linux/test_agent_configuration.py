# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree, without
from support import fix_of, verdict

ID = "agent_configuration"
DROPIN = "/etc/systemd/system/walinuxagent.service.d/vmbackup-proxy.conf"


def files(*ages):
    return healthy(start_files=[{"path": path, "age_s": age} for path, age in ages])


def test_started_after_the_last_change():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, files(("/etc/waagent.conf", 8999))).status == "ok"  # read within the first second


@pytest.mark.parametrize("path", ["/etc/waagent.conf", DROPIN, "/etc/default/walinuxagent"])
def test_changed_since(path):
    found = verdict(ID, files((path, 60), ("/lib/systemd/system/walinuxagent.service", 100000)))
    assert found.status == "warn" and path in found.why
    assert (found.evidence[0].source, found.evidence[0].value) == (f"{path}: age_s", 60)
    assert fix_of(found) == ("waagent_service", {"state": "restarted"})


def test_a_file_of_the_future_decides_nothing():
    assert verdict(ID, files(("/etc/waagent.conf", -60))).status == "unknown"
    assert verdict(ID, files(("/etc/waagent.conf", -60), (DROPIN, 60))).status == "warn"


def test_without_a_daemon():
    assert verdict(ID, healthy(STOPPED)).status == "not_applicable"


@pytest.mark.parametrize("state", [tree(), without("start_files"), without("daemon")])
def test_missing(state):
    assert verdict(ID, state).status == "unknown"
