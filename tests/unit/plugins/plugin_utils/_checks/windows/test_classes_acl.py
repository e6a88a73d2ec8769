# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""classes_acl: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "classes_acl"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.classes_acl": "D:(A;CI;KR;;;BA)"}, "warn", "lack the right"),
        ({"backup.classes_acl": "D:(A;CI;KR;;;BA)", "backup.vc_runtimes": []}, "fail", "lack the right"),
        (
            {"backup.classes_acl": "D:(A;CI;KR;;;BA)", **failed_run("ExtensionVCRedistInstallationFailure: x")},
            "fail",
            "lack the right",
        ),
        ({"backup.classes_acl": "D:(A;CI;KR;;;BA)", **failed_run("x: 0x80070005")}, "fail", "lack the right"),
        (
            {"backup.vc_runtimes": [], "events.installer_errors": [event(11401, r"Software\Classes")]},
            "fail",
            "failed to create",
        ),
        ({"backup.classes_acl": None}, "warn", "lack the right"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["backup.classes_acl", "backup.vc_runtimes"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
