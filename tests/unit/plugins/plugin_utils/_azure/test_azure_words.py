# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import email.utils

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _options, _pauses, _values
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._client import permission_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError, plain, refused
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._schedule import read
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._selection import Selection
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _gaps

S = "/subscriptions/s"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"x-ms-retry-after-ms": "250", "Retry-After": "1"}, 0.25),
        ({"Retry-After": "soon"}, None),
        ({}, None),
        ({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
    ],
)
def test_how_long_azure_asks_to_wait(headers, seconds):
    assert _pauses.asked(headers) == seconds


def test_a_time_to_wait_for(monkeypatch):
    monkeypatch.setattr(_pauses.time, "time", lambda: 1_800_000_000.25)
    headers = {"Retry-After": email.utils.formatdate(1_800_000_030, usegmt=True)}
    assert _pauses.asked(headers) == 29.75


@pytest.mark.parametrize(
    ("left", "resets", "seconds"),
    [("0", "00:00:03", 3), ("0", "01:00:00.5", 3600.5), ("0", "later", 5), ("0", "", 5), ("1", "00:00:03", None)],
)
def test_the_quota_of_resource_graph(left, resets, seconds):
    headers = {"x-ms-user-quota-remaining": left, "x-ms-user-quota-resets-after": resets}
    assert _pauses.quota(headers) == seconds


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        (f"{S}/providers/Microsoft.Authorization/locks", "Microsoft.Authorization/locks/read"),
        (
            f"{S}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v/instanceView",
            "Microsoft.Compute/virtualMachines/instanceView/read",
        ),
        (
            f"{S}/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/backupJobs/j",
            "Microsoft.RecoveryServices/vaults/backupJobs/read",
        ),
    ],
)
def test_the_permission_of_a_request(path, permission):
    assert permission_of("GET", path) == permission


def test_errors_of_azure():
    body = b'{"error": {"code": "BadRequest", "message": "m", "details": [{"code": "Inner", "message": "a\\n b."}]}}'
    error = refused("Cannot read 'x'", 400, body, "p")
    assert (str(error), error.code, error.permission) == ("Cannot read 'x': a b (Inner)", "Inner", None)
    assert str(refused("Cannot read 'x'", 502, b"<html>", "p")) == "Cannot read 'x': HTTP 502"
    forbidden = refused("Cannot read 'x'", 403, b"{}", "A/b/read")
    assert forbidden.reason == "forbidden:A/b/read" and _gaps.text(forbidden.reason) == "no permission: A/b/read"
    assert (_gaps.code(forbidden.reason), _gaps.permission(forbidden.reason)) == (_gaps.FORBIDDEN, "A/b/read")
    assert plain(ValueError("Authentication failed: No. Trace: 1")) == "No"
    assert "hunter2" not in str(AzureError("Cannot read: password=hunter2"))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-01T22:31:00.1234567Z", "2026-03-01T22:31:00Z"),
        ("2026-03-01T22:31:00+02:00", "2026-03-01T20:31:00Z"),
        ("2026-03-01T22:31:00", "2026-03-01T22:31:00Z"),
        ("2001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_times(text, time):
    assert _values.time(text) == time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT1200.5S", 1200.5), ("P1DT1H", 90000), ("00:20:00.5", 1200.5), ("1.00:00:01", 86401), ("", None), ("PT", None)],
)
def test_durations(text, seconds):
    assert _values.seconds(text) == seconds


HOURLY = {"interval": 4, "scheduleWindowStartTime": "2026-01-01T08:00:00Z", "scheduleWindowDuration": 16}
EVERY_FOUR = ["00:00", "08:00", "12:00", "16:00", "20:00"]
ALL_DAY = ["00:00", "04:00", *EVERY_FOUR[1:]]
TIMES = ["2026-01-01T22:00:00Z"]


@pytest.mark.parametrize(
    ("schedule", "times", "hours"),
    [
        ({"scheduleRunFrequency": "Daily", "scheduleRunTimes": TIMES}, ["22:00"], 24),
        ({"scheduleRunFrequency": "Daily", "dailySchedule": {"scheduleRunTimes": TIMES}}, ["22:00"], 24),
        ({"scheduleRunFrequency": "Hourly", "hourlySchedule": HOURLY}, EVERY_FOUR, 8),
        ({"scheduleRunFrequency": "Hourly", "hourlySchedule": {**HOURLY, "scheduleWindowDuration": 24}}, ALL_DAY, 4),
        ({"scheduleRunFrequency": "Hourly", "hourlySchedule": {**HOURLY, "interval": None}}, [], None),
        (
            {
                "scheduleRunFrequency": "Weekly",
                "scheduleRunTimes": TIMES,
                "scheduleRunDays": ["Monday", "Thursday"],
            },
            ["22:00"],
            96,
        ),
        (
            {
                "scheduleRunFrequency": "Weekly",
                "weeklySchedule": {"scheduleRunTimes": TIMES, "scheduleRunDays": ["Sunday"]},
            },
            ["22:00"],
            168,
        ),
        ({}, [], None),
    ],
)
def test_schedules(schedule, times, hours):
    found = read(schedule)
    assert (found["times"], found["interval_hours"]) == (times, hours)


def test_a_selection_is_part_of_the_query():
    assert Selection().clause == ""
    clause = Selection(resource_groups=("a", "b"), names=("x",), ids=(f"{S}/v",)).clause
    assert clause.endswith(f"(resourceGroup in~ ('a', 'b') and (name in~ ('x') or id in~ ('{S}/v')))")
    many = Selection(names=tuple(f"n{number}" for number in range(300)))
    assert many.clause == "" and many.covers({"name": "N7", "id": "i"}) and not many.covers({"name": "x", "id": "i"})
    assert Selection(ids=(f"{S}/a", "/SUBSCRIPTIONS/S/b")).places == ["s"]
    assert Selection(ids=(f"{S}/a",), names=("n",)).places == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subscription": "x"}, "'subscription' is not an option; did you mean subscriptions, subscription_id?"),
        ({"zzz": "x"}, "'zzz' is not an option"),
        ({"timeout": "fast"}, "'timeout' is of type"),
    ],
)
def test_options_that_are_none(given, said):
    with pytest.raises(AzureError, match="^Cannot read Azure: ") as why:
        _options.read(given)
    assert said in str(why.value)


def test_an_id_is_selected_however_it_is_spelled():
    selection = Selection(ids=("/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/Web1/",))
    assert (
        "id in~ ('/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines/web1')"
        in selection.clause
    )
    assert selection.places == ["s"]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("protected", "Protected"),
        ("IRPENDING", "IRPending"),
        ("Protected", "Protected"),
        ("ULTRASSD_LRS", "UltraSSD_LRS"),
        ("OfTomorrow", "OfTomorrow"),
        ("", None),
        (None, None),
        (2, 2),
    ],
)
def test_words_of_enumerations_have_the_case_of_their_documentation(given, word):
    assert _values.choice(given) == word
