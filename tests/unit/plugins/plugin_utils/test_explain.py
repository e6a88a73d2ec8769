# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of a check: all of its declaration, on one page that fits the terminal."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _explain, _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._text import width


def shown(name, columns=100):
    return [line for check in _explain.named(name) for line in _explain.lines(_explain.page(check), columns)]


@pytest.mark.parametrize("check", _registry.every_check(), ids=lambda check: f"{check.subjects}-{check.id}")
@pytest.mark.parametrize("columns", [20, 100])
def test_every_check_has_a_page_that_fits(check, columns):
    page = _explain.page(check)
    lines = list(_explain.lines(page, columns))
    urls = [source.url for source in check.sources]
    text = " ".join(" ".join(lines).split())
    assert [line for line in lines if width(line) > max(columns, 33) and line.strip() not in urls] == []
    if columns == 100:
        for part in (check.title, check.severity, " ".join(check.advice.split()), *check.needs, *urls):
            assert part in text


def test_all_parts_of_a_page():
    text = " ".join(" ".join(shown("agent_unmasked")).split())
    for part in (
        "agent_unmasked (Linux)",
        "Severity critical; part of the chain: agent",
        "Nothing can start a masked unit",
        "Reads agent.unit: The agent's service",
        "Follows from agent_installed",
        "UserErrorGuestAgentStatusUnavailable",
        "By hand Ask who masked it.",
        "By playbook waagent_service, where the facts allow it: ansible-playbook vmbackup.azure.fix -e"
        " remediate_allow=agent_unmasked",
        "Formerly agent_masked",
        "Sources systemctl(1) https://",
    ):
        assert part in text


def test_a_former_id_is_as_good_as_the_one_of_today():
    assert shown("agent_masked") == shown("agent_unmasked")


def test_an_id_of_both_systems_gives_both():
    assert [page["subjects"] for page in map(_explain.page, _explain.named("disk_space"))] == [["Linux"], ["Windows"]]


def test_a_check_that_no_remedy_fixes_names_none():
    assert not [line for line in shown("disk_space") if line.startswith("By playbook")]


def test_facts_under_names_that_are_data_have_a_meaning():
    (check,) = [one for one in _explain.named("rdagent_running") if "services.RdAgent" in one.needs]
    (read,) = [one for one in _explain.page(check)["reads"] if one["fact"] == "services.RdAgent"]
    assert read["meaning"]


def test_an_unknown_id_suggests_known_ones():
    with pytest.raises(ValueError, match=r"^Cannot explain 'agent_maskd': unknown check; did you mean agent_masked"):
        _explain.named("agent_maskd")
