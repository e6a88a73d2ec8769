# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._breach import breach, charged
from report_fleet import GENERATED, host

OFF = [("extensions_enabled", "fail", "off", None, None, "")]


def made(*hosts):
    return report(list(hosts), GENERATED, "1.0.0")


def test_hosts_that_break_a_gate_are_named():
    fleet = made(host("a", "ready", []), host("b", "blocked", OFF))
    assert breach(fleet, "critical", "never") == ("Backup is not ready on 1 of 2 hosts", ["b"])
    assert breach(fleet, "never", "never") is None


@pytest.mark.parametrize(
    ("number", "said"), [(1, "Cannot diagnose the host"), (2, "Cannot diagnose any of the 2 hosts")]
)
def test_a_run_that_diagnosed_nobody_is_charged_to_any_of_them(number, said):
    hosts = [host(f"h{one}", "unreachable", []) for one in range(number)]
    assert breach(made(*hosts), "never", "never") == (said, [one["host"] for one in hosts])


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["gone", "web1"], "web1"),
        (["web"], None),
        (["a:b", "x*", "!y", "web2"], "web2"),
        (["a,b"], None),
        (["db-1.example.org"], "db-1.example.org"),
    ],
)
def test_only_a_host_that_a_play_can_be_made_for_is_charged(names, host):
    playing = ["web1", "web2", "web", "a:b", "x*", "!y", "a,b", "db-1.example.org"]
    assert charged(names, playing, {"all": playing, "web": ["web1", "web2"]}) == host
