# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, saying, tree, without
from support import verdict

ID = "provisioning_finished"
WAITS = saying("waiting_for_provisioning", "Waiting for cloud-init to copy ovf-env.xml to /var/lib/waagent/ovf-env.xml")
FRESH = {"provisioning": {"provisioned": False, "ovf_env": False}}
UDF = {"provisioning": {"udf": {"line": "install udf /bin/true", "read_from": "/etc/modprobe.d/cis.conf:3"}}}


def test_finished():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, tree()).status == "ok"


def test_a_running_handler_is_the_proof():
    assert verdict(ID, healthy(FRESH)).status == "ok"


def test_the_disc_cannot_be_read():
    found = verdict(ID, healthy(FRESH, WAITS, UDF, handler=None))
    assert found.status == "fail" and "udf" in found.why
    assert any(evidence.source == "/etc/modprobe.d/cis.conf:3: line" for evidence in found.evidence)
    assert verdict(ID, tree(FRESH, WAITS, UDF)).status == "fail"


def test_hardening_after_provisioning_is_no_finding():
    assert verdict(ID, healthy(UDF)).status == "ok"


def test_cloud_init_is_off():
    off = {"provisioning": {"cloud_init": {"installed": True, "off_by": "/etc/cloud/cloud-init.disabled"}}}
    assert "switched off" in verdict(ID, healthy(FRESH, WAITS, off, handler=None)).why


def test_cloud_init_is_not_there():
    assert "not installed" in verdict(ID, healthy(FRESH, WAITS, handler=None)).why


def test_both_keys_of_old_agents_are_off():
    legacy = {"provisioning": {"legacy": {"Provisioning.Enabled": "n", "Provisioning.UseCloudInit": "n"}}}
    old = {"version": {"value": "2.2.12"}, "handler": None}
    assert verdict(ID, healthy(FRESH, legacy, old)).status == "fail"
    assert verdict(ID, healthy(FRESH, legacy, {"handler": None})).status == "warn", "later agents have other keys"
    marked = {"provisioning": {"provisioned": True}}
    assert verdict(ID, healthy(FRESH, legacy, marked, old)).status == "ok"


def test_not_said_while_it_may_still_go_on():
    assert verdict(ID, healthy(FRESH, handler=None, daemon={"age_s": 10})).status == "unknown"


def test_a_stopped_agent_is_another_condition():
    assert verdict(ID, healthy(STOPPED, FRESH)).status == "ok"


def test_extensions_wait_for_cloud_init():
    line = saying("waiting_for_cloud_init", "Waiting for cloud-init to complete...")
    assert verdict(ID, healthy(line)).status == "warn"


def test_missing():
    assert verdict(ID, without("provisioning")).status == "unknown"
