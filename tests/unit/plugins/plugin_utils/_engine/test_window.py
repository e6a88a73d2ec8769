# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import datetime

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._window import obstacle

NIGHT = {"days": ["fri"], "start": "22:00", "end": "04:00", "timezone": "Europe/Berlin"}


def at(text):
    """Seconds since the epoch of a time in UTC."""
    return datetime.datetime.fromisoformat(f"{text}+00:00").timestamp()


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-11-27T20:59:59", False),  # Friday, 21:59:59 in Berlin
        ("2026-11-27T21:00:00", True),
        ("2026-11-28T02:59:59", True),  # Saturday's first hours belong to Friday's window
        ("2026-11-28T03:00:00", False),
        ("2026-11-28T21:30:00", False),  # Saturday night
        ("2026-11-27T02:00:00", False),  # Friday's first hours belong to Thursday
        ("2026-07-03T20:00:00", True),  # 22:00 in summer time
        ("2026-07-03T19:59:59", False),
    ],
)
def test_across_midnight_and_in_its_time_zone(now, is_open):
    assert (obstacle(NIGHT, at(now)) is None) == is_open


def test_nothing_may_cross_the_end():
    now = at("2026-11-28T02:50:00")
    assert obstacle(NIGHT, now, 600) is None
    assert "ends in 600 s" in obstacle(NIGHT, now, 601)


def test_an_hour_that_summer_time_skips_is_not_there():
    window = {"start": "01:00", "end": "04:00", "timezone": "Europe/Berlin"}
    now = at("2026-03-29T00:00:00")  # 01:00; the window has two hours tonight
    assert obstacle(window, now, 7200) is None
    assert obstacle(window, now, 7201)


def test_within_one_day_and_every_day_in_utc():
    window = {"start": "08:00", "end": "17:30"}
    assert obstacle(window, at("2026-11-25T17:29:00")) is None
    assert obstacle(window, at("2026-11-25T17:30:00"))


@pytest.mark.parametrize("window", [{}, None, ""])
def test_no_window_is_always_open(window):
    assert obstacle(window, at("2026-11-25T12:00:00"), 1e9) is None


@pytest.mark.parametrize("days", ["sat,sun", "sat, sun", ["sat", "sun"], ["Saturday", "SUNDAY"], ("sun", "sat")])
def test_days_as_they_are_written(days):
    window = {"start": "08:00", "end": "9:30", "days": days}
    assert obstacle(window, at("2026-11-28T09:00:00")) is None
    assert obstacle(window, at("2026-11-29T09:00:00")) is None
    assert obstacle(window, at("2026-11-30T09:00:00"))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({"start": "22:00"}, "start and end"),
        ({"start": "22:00", "end": "22:00"}, "same time"),
        ({"start": "25:00", "end": "04:00"}, "start '25:00'"),
        ({"start": "ten", "end": "04:00"}, "start 'ten'"),
        ({"start": "22:00", "end": "24:00"}, "end '24:00'"),
        ({"start": "22", "end": "4"}, "start '22'"),
        ({"start": "22:00:00", "end": "04:00"}, "start '22:00:00'"),
        ({"start": "22:00 ", "end": "04:00"}, "start '22:00 '"),
        # Unquoted, YAML makes numbers of them: 22:00 is 1320. None is guessed at.
        ({"start": 22, "end": 4}, "start '22' is not a time in quotes"),
        ({"start": 22 * 60, "end": "04:00"}, "start '1320' is not a time in quotes"),
        ({"start": 22.5, "end": "04:00"}, "start '22.5'"),
        ({"start": True, "end": False}, "start 'True'"),
        ({"start": None, "end": "04:00"}, "start 'None'"),
        ({"start": ["22:00"], "end": "04:00"}, "start"),
        ({"start": "22:00", "end": "04:00", "days": ["someday"]}, "days has 'someday'"),
        ({"start": "22:00", "end": "04:00", "days": ["saturnday"]}, "days has 'saturnday'"),
        ({"start": "22:00", "end": "04:00", "days": "mon-fri"}, "days has 'mon-fri'"),
        ({"start": "22:00", "end": "04:00", "days": ["sat,sun"]}, "days has 'sat,sun'"),
        ({"start": "22:00", "end": "04:00", "days": [6]}, "days has '6'"),
        ({"start": "22:00", "end": "04:00", "days": 6}, "days '6'"),
        ({"start": "22:00", "end": "04:00", "days": []}, "days '[]'"),
        ({"start": "22:00", "end": "04:00", "days": {}}, "days '{}'"),
        ({"start": "22:00", "end": "04:00", "days": None}, "days 'None'"),
        ({"start": "22:00", "end": "04:00", "days": ""}, "days has ''"),
        ({"start": "22:00", "end": "04:00", "days": "sat,"}, "days has ''"),
        ({"start": "22:00", "end": "04:00", "days": True}, "days 'True'"),
        ({"start": "22:00", "end": "04:00", "timezone": "Mars/Base"}, "Mars/Base"),
        ({"start": "22:00", "end": "04:00", "timezone": 2}, "timezone '2'"),
        ({"start": "22:00", "end": "04:00", "timezone": None}, "timezone 'None'"),
        ({"start": "22:00", "end": "04:00", "timezone": "../../etc/passwd"}, "timezone"),
        ({"start": "22:00", "end": "04:00", "zone": "UTC"}, "'zone'"),
        ({"start": "22:00", "end": "04:00", 7: "x"}, "'7'"),
        ("22:00-04:00", "is not a mapping"),
        ([], "is not a mapping"),
        (False, "is not a mapping"),
        (0, "is not a mapping"),
        ([{"start": "22:00", "end": "04:00"}], "is not a mapping"),
    ],
)
def test_what_is_not_exactly_a_window_is_refused(window, words):
    with pytest.raises(ValueError, match="^Cannot use 'remediate_window': ") as error:
        obstacle(window, 0)
    assert words in str(error.value)
