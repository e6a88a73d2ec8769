# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import ITEM, azure_state
from support import advice_of, verdict

ID = "item_health"
SAID = {
    "code": "UserErrorGuestAgentStatusUnavailable",
    "title": "VM agent unable to communicate",
    "message": "Long text",
    "recommendations": "Ensure that the agent runs.",
}


def state(status, *health):
    return azure_state(protection={"items": [{**ITEM, "health_status": status, "health": list(health)}]})


def test_healthy():
    for word in ("Passed", "Healthy", None):
        assert verdict(ID, state(word)).status == "ok"


def test_in_the_services_words():
    for word in ("ActionRequired", "ActionSuggested"):
        found = verdict(ID, state(word, SAID))
        assert found.status == "warn" and SAID["title"] in found.why
        assert advice_of(found) == SAID["recommendations"]
        assert found.error_code == SAID["code"]


def test_an_unknown_code_or_none():
    assert verdict(ID, state("ActionRequired", {**SAID, "code": "New"})).error_code is None
    assert "ActionRequired" in verdict(ID, state("ActionRequired")).why


def test_without_item():
    assert verdict(ID, azure_state(protection={"items": []})).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"protection": "not asked"})).status == "unknown"


@pytest.mark.parametrize(
    "word", ["PersistentUnhealthy", "PersistentDegraded", "TransientUnhealthy", "TransientDegraded"]
)
def test_an_indicator_that_is_ill(word):
    found = verdict(ID, state(word, SAID))
    assert found.status == "warn" and SAID["title"] in found.why
