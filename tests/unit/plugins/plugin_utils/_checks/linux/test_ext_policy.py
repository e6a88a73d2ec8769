# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot, without
from support import advice_of, verdict

ON = {"policy.enabled": True, "policy.exists": True}


@pytest.mark.parametrize(
    ("facts", "status", "advice"),
    [
        ({"policy.listed_only": True}, "fail", None),
        ({"policy.error": "no JSON"}, "fail", "python3 -m json.tool /etc/waagent_policy.json"),
        ({"policy.listed_only": True, "policy.listed": True}, "ok", None),
        ({"policy.signature_required": True}, "warn", "signatureRequired to false"),
        ({"policy.exists": False, "policy.listed_only": True}, "not_applicable", None),
        ({"policy.enabled": False, "policy.listed_only": True}, "not_applicable", None),
    ],
)
def test_policies(facts, status, advice):
    found = verdict("ext_policy", snapshot(extension=dict(ON, **facts)))
    assert found.status == status
    assert advice_of(found) is None if advice is None else advice in advice_of(found)


def test_missing_facts():
    assert verdict("ext_policy", without(snapshot(), "extension", "policy")).status == "unknown"
