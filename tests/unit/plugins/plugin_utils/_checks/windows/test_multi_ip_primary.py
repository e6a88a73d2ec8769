# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""multi_ip_primary: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, UNREACHED, edited

ID = "multi_ip_primary"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "not_applicable", "one address"),
        (
            {
                "dhcp.primary.addresses": ["10.0.0.7", "10.0.0.10"],
                "dhcp.skip_as_source": {"10.0.0.7": False, "10.0.0.10": False},
                "fabric.route.source": "10.0.0.7",
                "fabric.imds.instance.primary_address": "10.0.0.10",
            },
            "warn",
            "Windows sends from 10.0.0.7, but 10.0.0.10",
        ),
        (
            {
                "dhcp.primary.addresses": ["10.0.0.7", "10.0.0.10"],
                "dhcp.skip_as_source": {"10.0.0.7": False, "10.0.0.10": False},
                **UNREACHED,
                "fabric.route.source": "10.0.0.7",
                "dhcp.primary.lease_address": "10.0.0.10",
            },
            "fail",
            "Windows sends from 10.0.0.7, but 10.0.0.10",
        ),
        (
            {
                "dhcp.primary.addresses": ["10.0.0.7", "10.0.0.10"],
                "dhcp.skip_as_source": {"10.0.0.7": False, "10.0.0.10": False},
                **UNREACHED,
                "fabric.route.source": "10.0.0.10",
                "dhcp.primary.lease_address": "10.0.0.10",
            },
            "ok",
            "something else",
        ),
        (
            {
                "dhcp.primary.addresses": ["10.0.0.7", "10.0.0.10"],
                "dhcp.skip_as_source": {"10.0.0.7": False, "10.0.0.10": False},
                **UNREACHED,
                "fabric.route.source": "10.0.0.7",
                "dhcp.primary.lease_address": None,
            },
            "fail",
            "any of 2",
        ),
        (
            {
                "dhcp.primary.addresses": ["10.0.0.7", "10.0.0.10"],
                "dhcp.skip_as_source": {"10.0.0.7": False, "10.0.0.10": False},
                "fabric.route.source": "10.0.0.10",
                "fabric.imds.instance.primary_address": "10.0.0.10",
            },
            "ok",
            "",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["dhcp.primary"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
