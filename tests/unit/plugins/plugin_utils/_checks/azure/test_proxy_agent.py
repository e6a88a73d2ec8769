# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import azure_state
from support import verdict

ID = "proxy_agent"


def state(wire, imds):
    return azure_state(vm={"proxy_agent": {"wire_server": wire, "imds": imds}})


def test_it_is_said_where_it_is_enforced():
    for found in (verdict(ID, state("Enforce", "Audit")), verdict(ID, state(None, "Enforce"))):
        assert found.status == "ok" and "refused" in found.why


def test_elsewhere_there_is_nothing_to_say():
    for raw in (azure_state(), state("Audit", "Disabled")):
        found = verdict(ID, raw)
        assert (found.status, found.why) == ("ok", "")


def test_missing():
    assert verdict(ID, azure_state(missing={"vm.proxy_agent": "not asked"})).status == "unknown"
