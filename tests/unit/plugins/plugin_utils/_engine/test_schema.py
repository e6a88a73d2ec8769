# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts._kinds import (
    NULL,
    listing,
    mapping,
    number,
    one_of,
    record,
    text,
    whole,
)
from support import guest

SECTION = record(
    "",
    name=text("", NULL),
    mode=one_of("", "a", "b"),
    size=number(),
    ports=listing("", whole()),
    keys=mapping("", text()),
)


@pytest.fixture(autouse=True)
def one_section(monkeypatch):
    monkeypatch.setattr(_schema, "sections", lambda platform: {"agent": SECTION})


@pytest.mark.parametrize("raw", [None, [], {}, {"schema": 2}, {"schema": 1, "platform": "plan9"}])
def test_what_is_no_guest_state_is_refused(raw):
    with pytest.raises(_schema.NoState, match="Cannot judge the guest state: "):
        _schema.accept(raw)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("name", 1),
        ("mode", "c"),
        ("mode", None),
        ("mode", ["a"]),
        ("size", True),
        ("ports", [1, "2"]),
        ("ports", {"x": 1}),
        ("ports", [True]),
        ("size", float("inf")),
        ("size", float("nan")),
        ("size", int("9" * 401)),
        ("ports", [1, -(2**64)]),
        ("read_from", 1),
    ],
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
    agent = {"name": None, "mode": "a", "size": 1, "ports": [1], "keys": {"a": "b"}, "read_from": ["/a", "/b"]}
    state = _schema.accept(guest(agent=agent))
    assert (state["agent"], state["missing"]) == (agent, {})


def test_what_another_release_states_beyond_it_does_no_harm():
    raw = guest(agent={"name": "x", "gone": {"fact": 1}}, new_section={"a": 1})
    state = _schema.accept(raw)
    assert state["agent"]["name"] == "x"
    assert state["missing"] == {}


class Tagged(str):
    """A text as Ansible passes it on."""


def test_values_of_ansible_are_values():
    agent = {"name": Tagged("x"), "mode": Tagged("a"), "keys": {Tagged("k"): Tagged("v")}}
    assert _schema.accept(guest(agent=agent))["missing"] == {}


def test_a_section_that_is_no_mapping():
    state = _schema.accept(guest(agent=["x"]))
    assert state["agent"] == {}
    assert "agent" in state["missing"]


def test_the_words_of_earlier_releases_become_codes():
    told = {"conf": "needs a running system", "dhcp": "needs root", "proxy": "needs administrator", "load": "no answer"}
    missing = _schema.accept(guest(missing=told))["missing"]
    assert [missing[name] for name in told] == ["live", "root", "admin", "no answer"]
