# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vss_provider: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited, failed_run

ID = "vss_provider"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.providers": []}, "fail", "not registered"),
        ({"backup.volume_filters.names": ["TrackFlt"]}, "warn", "volsnap"),
        ({"backup.volume_filters.names": ["TrackFlt"], **failed_run("x: y")}, "fail", "volsnap"),
        ({"backup.volume_filters.names": ["TrackFlt", "VolSnap"], **failed_run("x: y")}, "ok", ""),
        ({"backup.volume_filters": None}, "ok", ""),
        (
            {
                "backup.providers": [
                    {
                        "id": "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                        "name": "Microsoft Software Shadow Copy provider 1.0",
                        "type": 1,
                        "read_from": "x",
                    }
                ]
            },
            "warn",
            "no provider of Azure Backup",
        ),
        (
            {
                "backup.providers": [
                    {
                        "id": "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                        "name": "Microsoft Software Shadow Copy provider 1.0",
                        "type": 1,
                        "read_from": "x",
                    }
                ],
                **failed_run("x: y"),
            },
            "fail",
            "no provider of Azure Backup",
        ),
        (
            {
                "backup.providers": [
                    {
                        "id": "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                        "name": "Microsoft Software Shadow Copy provider 1.0",
                        "type": 1,
                        "read_from": "x",
                    }
                ],
                "backup.writers.0.state": 7,
            },
            "fail",
            "no provider of Azure Backup",
        ),
        (
            {
                "backup.providers": [
                    {
                        "id": "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                        "name": "Microsoft Software Shadow Copy provider 1.0",
                        "type": 1,
                        "read_from": "x",
                    }
                ],
                "backup.bcdr_agent": None,
                "backup.bcdr_persistent": None,
            },
            "ok",
            "",
        ),
        (
            {
                "backup.providers": [
                    {
                        "id": "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                        "name": "Microsoft Software Shadow Copy provider 1.0",
                        "type": 1,
                        "read_from": "x",
                    }
                ],
                "backup.bcdr_agent.IsProviderInstalled.value": "False",
                "backup.bcdr_persistent": None,
            },
            "ok",
            "",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"backup.providers": []}, "{b5946137-7b9f-4925-af80-51abd60b20d5} on a VM"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["backup.providers", "backup.bcdr_agent", "backup.bcdr_persistent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


def test_states_of_an_older_probe_do_without_what_it_did_not_ask():
    raw = edited({"backup.volume_filters": GONE})
    assert verdict(ID, raw).status == "ok"
    raw["missing"]["backup.volume_filters"] = "access denied"
    assert verdict(ID, raw).status == "unknown"
