# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot, without
from support import verdict

ON = {"policy.enabled": True, "policy.exists": True}


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"policy.listed_only": True}, "fail"),
        ({"policy.error": "no JSON"}, "fail"),
        ({"policy.listed_only": True, "policy.listed": True}, "ok"),
        ({"policy.signature_required": True}, "warn"),
        ({"policy.exists": False, "policy.listed_only": True}, "not_applicable"),
        ({"policy.enabled": False, "policy.listed_only": True}, "not_applicable"),
    ],
)
def test_policies(facts, status):
    assert verdict("ext_policy", snapshot(extension=dict(ON, **facts))).status == status


def test_missing_facts():
    assert verdict("ext_policy", without(snapshot(), "extension", "policy")).status == "unknown"
