# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All extensions: by the agent's report, else by their own files."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _handlers

LIB = "/var/lib/waagent"
NAME = "Microsoft.Azure.Extensions.CustomScript"


def report(time="2026-03-01T06:30:06Z", **changes):
    entry = {
        "handlerName": NAME,
        "handlerVersion": "2.1.10",
        "status": "Ready",
        "code": 0,
        "formattedMessage": {"message": "Plugin enabled"},
        "runtimeSettingsStatus": {
            "settingsStatus": {"timestampUTC": "2026-03-01T02:30:06Z", "status": {"status": "transitioning", "code": 0}}
        },
        **changes,
    }
    return json.dumps({"timestampUTC": time, "aggregateStatus": {"handlerAggregateStatus": [entry]}})


def test_the_agents_report(tree):
    (one,) = _handlers.read(tree({f"{LIB}/waagent_status.json": report()}), None)
    assert (one["name"], one["status"], one["result"], one["result_age_s"]) == (
        NAME,
        "Ready",
        "transitioning",
        4 * 3600,
    )


def test_the_newest_of_several_reports(tree):
    older = report("2026-02-01T00:00:00Z", status="NotReady", code=1007)
    files = {f"{LIB}/waagent_status.1.json": older, f"{LIB}/history/2026-03-01/waagent_status.json": report()}
    assert _handlers.read(tree(files), None)[0]["status"] == "Ready"


def test_files_where_the_agent_keeps_no_report(tree):
    files = {
        f"{LIB}/{NAME}-2.1.9/config/HandlerStatus": '{"status": "NotReady", "code": 1007}',
        f"{LIB}/{NAME}-2.1.10/config/HandlerStatus": '{"status": "Ready", "code": 0}',
        f"{LIB}/{NAME}-2.1.10/config/HandlerState": "Enabled",
        f"{LIB}/WALinuxAgent-2.9.1.1/HandlerManifest.json": "[]",
    }
    (one,) = _handlers.read(tree(files), None)
    assert (one["version"], one["status"], one["state"], one["result_age_s"]) == ("2.1.10", "Ready", "Enabled", None)


@pytest.mark.parametrize(
    ("content", "clock", "age"),
    [
        ('[{"timestampUTC": "2026-03-01T02:00:00Z", "status": {"status": "transitioning"}}]', 1772334000, 3600),
        ('[{"timestampUTC": "2026-03-01T02:00:00Z", "status": {"status": "transitioning"}}]', 1772330399, None),
        ('[{"timestampUTC": "2026-03-01T02:00:00Z", "status": {"status": "transitioning"}}]', None, None),
        ('[{"timestampUTC": 7, "status": {"status": "transitioning"}}]', 1772334000, None),
        ('{"status": "transitioning"}', 1772334000, None),
    ],
)
def test_the_age_of_a_result_where_the_agent_keeps_no_report(tree, content, clock, age):
    files = {
        f"{LIB}/{NAME}-2.1.10/config/HandlerState": "Enabled",
        f"{LIB}/{NAME}-2.1.10/status/3.status": content,
    }
    (one,) = _handlers.read(tree(files), clock)
    assert one["result_age_s"] == age


def test_reports_of_another_form(tree):
    for text in ("[]", "{", '{"aggregateStatus": []}', '{"aggregateStatus": {"handlerAggregateStatus": ["x", null]}}'):
        assert _handlers.read(tree({f"{LIB}/waagent_status.json": text}), None) == []
    for strange in (None, "x", [1], {"settingsStatus": "x"}, {"settingsStatus": {"status": [], "timestampUTC": 7}}):
        text = report(runtimeSettingsStatus=strange, code="x", status=7, formattedMessage=["x"])
        assert _handlers.read(tree({f"{LIB}/waagent_status.json": text}), None)[0]["status"] is None
