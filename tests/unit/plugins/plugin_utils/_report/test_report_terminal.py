# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import re

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._terminal import SMALL_FLEET, render
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._text import width
from report_fleet import GENERATED, fleet, host


@pytest.mark.parametrize("columns", [20, 33, 59, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(some_hosts, hostile, one_host, empty, columns):
    for one in (some_hosts, hostile, one_host, empty, fleet(SMALL_FLEET)):
        assert max(map(width, render(one, columns).splitlines())) <= columns


def test_causes_lead_with_their_number_of_hosts(some_hosts):
    text = render(some_hosts)
    proxy = next(cause for cause in some_hosts["causes"] if cause["id"] == "proxy_reachable")
    assert f"{len(proxy['hosts'])} hosts: Proxy 10.0.0.5:3128 answers 407 [proxy_reachable" in text
    assert text.index("Proxy 10.0.0.5") < text.index("VERDICT") < text.index(proxy["hosts"][0])
    assert text.index("These stop the next backup") < text.index("These may stop a later backup")


def test_a_cause_says_what_to_do_and_where_to_read_more(some_hosts):
    lines = [line.strip() for line in render(some_hosts, 120).splitlines()]
    found = next(number for number, line in enumerate(lines) if "[proxy_reachable" in line)
    assert lines[found + 1 : found + 3] == [
        "What to do: Correct proxy_reachable.",
        "See https://example.org/proxy_reachable",
    ]


def test_small_fleets_list_every_host():
    small = fleet(SMALL_FLEET)
    text = render(small, 120)
    assert all(entry["host"] in text for entry in small["hosts"])
    assert "Not listed" not in text


def test_big_fleets_list_no_ready_hosts_and_say_how_many_are_missing():
    big = fleet(3000)
    text = render(big, 120)
    rows = text[text.index("VERDICT") :].splitlines()[1:]
    assert len(rows) < 2 * SMALL_FLEET and not [row for row in rows if row.startswith("ready")]
    others, ready = _left_out(text)
    assert ready == big["summary"]["ready"]
    assert others + ready + len(rows) - 1 == 3000


@pytest.mark.parametrize("height", [24, 40, 47])
def test_the_causes_of_a_big_fleet_fit_the_screen(height):
    big = fleet(3000)
    assert len(render(big, 110).splitlines()) > 47
    lines = render(big, 110, height=height).splitlines()
    assert len(lines) <= height
    assert lines[0] == render(big, 110).splitlines()[0]
    assert any("What to do:" in line for line in lines) and not any("VERDICT" in line for line in lines)
    largest = next(cause for cause in big["causes"] if cause["id"] == "proxy_reachable")
    names, more = ", ".join(largest["hosts"][:3]), len(largest["hosts"]) - 3
    assert f"Hosts: {names} and {more:,} more" in " ".join(" ".join(lines).split())


def test_a_big_fleet_that_fits_the_screen_has_its_examples():
    big = fleet(3000)
    assert render(big, 110, height=500) == render(big, 110)


def test_a_small_fleet_lists_every_host_and_says_at_the_end_what_has_left_the_screen():
    small = fleet(SMALL_FLEET)
    shown, whole = render(small, 110, height=24), render(small, 110)
    assert shown == f"{whole}\n{whole.splitlines()[0]}\n"
    assert render(small, 110, height=500) == whole


def _left_out(text):
    found = re.search(r"Not listed: ([\d,]+) more that are not ready, ([\d,]+) ready", text)
    return [int(number.replace(",", "")) for number in found.groups()]


def test_a_long_tail_of_causes_is_counted():
    hosts = [
        host(f"h{number}", "blocked", [("disk_space", "fail", f"cause {number}", None, None, "")])
        for number in range(40)
    ]
    assert "and 30 further causes with 30 hosts" in render(report(hosts, GENERATED, "1.0.0"))


def test_colour_only_when_asked_for(some_hosts):
    plain, coloured = render(some_hosts), render(some_hosts, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[31mblocked" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_hostile_text_cannot_steer_the_terminal(hostile):
    for columns in (40, 80):
        text = render(hostile, columns)
        assert all(char.isprintable() or char == "\n" for char in text)


def test_empty_report(empty):
    assert render(empty) == "No hosts were diagnosed\n"


def test_unreachable_host_with_its_reason():
    lost = {"host": "db1", "verdict": "unreachable", "reason": "Connection\n  timed out"}
    assert re.search(r"^unreachable +db1 +Connection timed out$", render(report([lost], GENERATED, "1")), re.M)


@pytest.mark.parametrize("columns", [40, 100])
def test_what_else_stops_a_backup_is_shown(columns):
    stopped = ("agent_service_running", "fail", "The agent is stopped", None, None, "")
    full = ("disk_space", "fail", "No space is left", None, None, "")
    text = render(report([host("web1", "blocked", [stopped, full])], GENERATED, "1"), columns)
    assert "1 of them has a further cause." not in text and "It has a further cause." in text
    assert re.search(r"The agent is stopped\n +also: No space is left\n", text)
