# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import GuestState, MissingFact
from support import guest


def state():
    return GuestState(
        guest(
            missing={"proxy": "no answer within 15 s", "proxy.environ": "needs root"},
            agent={
                "read_from": ["/lib/a.service", "/etc/b.conf"],
                "unit": {"name": "walinuxagent.service", "restart": None, "drop_ins": [{"path": "x"}]},
            },
            conf={"keys": {"Extensions.Enabled": "n"}, "read_from": "/etc/waagent.conf"},
        )
    )


def test_a_fact_carries_where_it_was_read():
    unit = state().agent.unit
    evidence = unit.fact("name")
    assert (evidence.source, evidence.value) == ("/lib/a.service, /etc/b.conf: name", "walinuxagent.service")
    assert state().conf["keys"]["Extensions.Enabled"] == "n"


def test_none_is_a_fact_and_absence_is_not():
    assert state().agent.unit.restart is None
    with pytest.raises(MissingFact, match="agent.unit.active: not in the guest state"):
        assert state().agent.unit.active


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("proxy.environ", "needs root"),
        ("proxy.environ.http_proxy", "needs root"),
        ("proxy.paths.agent", "no answer within 15 s"),
    ],
)
def test_the_reason_of_a_missing_fact_is_that_of_the_closest_part(path, reason):
    with pytest.raises(MissingFact) as caught:
        state().find(path)
    assert caught.value.reason == reason


def test_a_reason_that_is_not_a_text_is_shown_as_it_is():
    with pytest.raises(MissingFact) as caught:
        GuestState(guest(missing={"proxy": ["live"]})).find("proxy.paths")
    assert (caught.value.gap, caught.value.reason) == (None, "['live']")


def test_get_is_for_facts_that_only_refine():
    assert state().agent.unit.get("active", "?") == "?"
    assert state().agent.unit.drop_ins[0].path == "x"


def test_find_through_a_fact_that_has_no_parts():
    with pytest.raises(MissingFact):
        state().find("agent.unit.name.more")
