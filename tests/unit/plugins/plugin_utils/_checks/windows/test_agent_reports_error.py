# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from support import verdict
from windows_states import GONE, agent_log, edited

ID = "agent_reports_error"


def lines(*minutes, level="ERROR", text="Worker {0:x} cannot read the queue: 0x80070490"):
    return [
        f"[{number:08x}] [11/23/2026 08:{minute:02}:12.101] [{level}] {text.format(number * 77)}"
        for number, minute in enumerate(minutes)
    ]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ((), "ok"),
        (lines(1, 2, 3, 4), "warn"),
        (lines(1, 4), "ok"),
        (lines(4, 4, 4), "ok"),
        (lines(0, 0, 1), "ok"),
        (lines(1, 2, 3, 4, level="WARN"), "ok"),
        (lines(1, 2, 3, 4, text="Failed to send telemetry {0}"), "ok"),
        (lines(1, 2, 3, 4, text="Contoso.Extension: Error SetCPUNotification: 87"), "ok"),
        (["[0001] [11/22/2026 08:01:12.1] [ERROR] x", *lines(4)], "ok"),
    ],
)
def test_an_error_of_every_round(told, status):
    assert verdict(ID, edited(agent_log(*told))).status == status


def test_the_line_its_number_and_its_rate_are_shown():
    found = verdict(ID, edited(agent_log(*lines(1, 2, 3, 4))))
    shown = found.evidence[0]
    assert "4 times, every 60 s" in shown.source
    assert shown.value == lines(1, 2, 3, 4)[-1]


@pytest.mark.parametrize(
    "report",
    [
        {"agent.aggregate.modified": "2026-11-23T07:40:00Z"},
        {"agent.aggregate.status": "NotReady"},
        {"agent.aggregate": None},
    ],
)
def test_warnings_count_where_the_agent_does_not_report_that_it_works(report):
    told = agent_log(*lines(1, 2, 3, 4, level="WARN"))
    assert verdict(ID, edited({**told, **report})).status == "warn"


def test_what_set_it_off_is_shown():
    (shown,) = verdict(ID, edited(agent_log(*lines(1, 2, 3, 4)))).evidence[1:]
    assert "a start of the agent" in shown.source
    assert shown.value == "2026-11-23 08:00:12Z"
    earlier = {"agent.guest.GuestAgentStartTime": "2026-11-23 07:50:12Z"}
    assert len(verdict(ID, edited({**agent_log(*lines(1, 2, 3, 4)), **earlier})).evidence) == 1


def test_missing_facts():
    late = agent_log(*lines(1, 2, 3, 4, level="WARN"))
    assert verdict(ID, edited({**late, "agent.aggregate.modified": GONE})).status == "unknown"
    assert verdict(ID, edited({"agent.log": GONE})).status == "unknown"
    assert verdict(ID, edited({"captured": GONE})).status == "unknown"
    assert verdict(ID, edited({"captured": "x"})).status == "unknown"
    assert verdict(ID, edited({"agent.log": None})).status == "not_applicable"
