# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One answer on a key, for all encryption sets and machines that it concerns."""

import copy

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _details
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._estate import Estate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._gaps import Gaps

URL = "https://v.vault.azure.net/keys/k/1"
SETS = {name: {"id": f"/sets/{name}", "key_url": URL, "key": None} for name in ("a", "b")}
ROW = {"type": "set", "facts": {"key": {"sourceVault": {"id": "/vaults/v"}}}}


class Client:
    further = 0

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def get(self, path, _version, **_parameters):
        self.asked.append(path)
        return self.answer

    def each(self, ask, things):
        return [ask(thing) for thing in things]


def asked(answer):
    """Three machines with two sets of one key: their states, and what was asked for."""
    sets, client = copy.deepcopy(SETS), Client(answer)
    estate = Estate({"id": one["id"], **ROW} for one in sets.values())
    states = [{"missing": {}, "encryption": {"sets": [sets[name]]}} for name in "aba"]
    gaps = Gaps()
    _details.ask(client, states, estate, gaps)
    assert client.asked == ["/vaults/v/keys/k"]
    return states, gaps.list


@pytest.mark.parametrize(
    ("answer", "found", "enabled"),
    [
        ({"properties": {"attributes": {"enabled": False}}}, True, False),
        (AzureError("Cannot read: gone", 404, "KeyNotFound"), False, None),
    ],
)
def test_an_answer_counts_for_all(answer, found, enabled):
    states, gaps = asked(answer)
    assert gaps == []
    for state in states:
        assert state["encryption"]["sets"][0]["key"] == {"found": found, "enabled": enabled, "expires": None}
        assert state["missing"] == {}


@pytest.mark.parametrize("answer", [AzureError("Cannot read: no time is left"), {"properties": {"attributes": 1}}])
def test_no_answer_counts_for_all(answer):
    states, gaps = asked(answer)
    assert len(gaps) == 1
    for state in states:
        assert "key" not in state["encryption"]["sets"][0] and list(state["missing"]) == ["encryption.sets.key"]
