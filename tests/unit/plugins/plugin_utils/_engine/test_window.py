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


def test_no_window_is_always_open():
    assert obstacle({}, at("2026-11-25T12:00:00"), 1e9) is None


def test_unquoted_times_of_yaml():
    window = {"start": 22 * 60, "end": "04:00"}
    assert obstacle(window, at("2026-11-25T22:00:00")) is None
    assert obstacle(window, at("2026-11-25T21:59:00"))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({"start": "22:00"}, "start and end"),
        ({"start": "22:00", "end": "22:00"}, "same time"),
        ({"start": "25:00", "end": "04:00"}, "'25:00'"),
        ({"start": "ten", "end": "04:00"}, "'ten'"),
        ({"start": "22:00", "end": "04:00", "days": ["someday"]}, "days"),
        ({"start": "22:00", "end": "04:00", "days": []}, "days"),
        ({"start": "22:00", "end": "04:00", "timezone": "Mars/Base"}, "Mars/Base"),
        ({"start": "22:00", "end": "04:00", "zone": "UTC"}, "'zone'"),
    ],
)
def test_a_window_that_says_nothing(window, words):
    with pytest.raises(ValueError, match="Cannot use the window") as error:
        obstacle(window, 0)
    assert words in str(error.value)
