# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from support import guest

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"]},
        "mode": {"enum": ["a", "b"]},
        "ports": {"type": "array", "items": {"type": "integer"}},
        "keys": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


@pytest.fixture(autouse=True)
def one_section(monkeypatch):
    monkeypatch.setattr(_schema, "sections", lambda platform: {"agent": SCHEMA})


@pytest.mark.parametrize("raw", [None, [], {}, {"schema": 2}, {"schema": 1, "platform": "plan9"}])
def test_what_is_no_guest_state_is_refused(raw):
    with pytest.raises(ValueError, match="Cannot judge the guest state"):
        _schema.accept(raw)


@pytest.mark.parametrize(
    ("part", "value"),
    [("name", 1), ("mode", "c"), ("ports", [1, "2"]), ("ports", {"x": 1}), ("ports", [True])],
)
def test_a_part_of_the_wrong_form_becomes_a_missing_fact(part, value):
    state = _schema.accept(guest(agent={"name": "x", "keys": {}, part: value}))
    assert part not in state["agent"]
    assert "agent." + part in state["missing"]
    assert "keys" in state["agent"]


def test_a_key_with_dots():
    state = _schema.accept(guest(agent={"keys": {"Extensions.Enabled": 1, "A.B": "x"}}))
    assert state["agent"] == {"keys": {"A.B": "x"}}


def test_a_section_that_is_not_there_is_stated():
    assert _schema.accept(guest())["missing"] == {"agent": "absent"}


def test_a_good_state_stays_as_it_is():
    agent = {"name": None, "mode": "a", "ports": [1], "keys": {"a": "b"}, "new": {"fact": 1}}
    assert _schema.accept(guest(agent=agent))["agent"] == agent


def test_a_section_that_is_no_mapping():
    state = _schema.accept(guest(agent=["x"]))
    assert state["agent"] == {}
    assert "agent" in state["missing"]
