# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netplan's YAML: read as a YAML library reads it, or refused."""

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.netplan_yaml import line_of, parse

UNDERSTOOD = [
    "a:\n  'b': {c: 1, d: \"2\"}\n  list:\n  - x  # note\n  - y\n  url: http://h:1/#x\n",
    "---\nnetwork: {}\n",
    "a:\n-\n  b: c\n- d\ne:\nf: []\n",
    "a: [1,\n  2, # c\n 3]\nb: {x: , y}\n",
    "a: b#c\nd: it''s\ne: 'it''s'\nf: fd00::4/64\n",
    "# first\n\na: b\n   # last",
    "a b : c\nd: {e f : g}\n",
    "a:\n  - 10.0.0.4/24:\n      label: x\n  - {to: default, via: 'fe80::1'}\n",
]
REFUSED = [
    "a: &x b\n",
    "a: *x\n",
    "a: |\n  b\n",
    "a: !!str b\n",
    "a: b\n  c\n",
    "a: b\n---\nc: d\n",
    "a: 1\na: 2\n",
    "<<: {a: b}\n",
    "? a\n: b\n",
    "a:\n  b: c\n d: e\n",
    "- - a\n",
    'a: "b\\n"\n',
    'a: "b"c\n',
    "a: [b\n",
    "a:\tb\n",
    "a: b\r\n",
    "a: b\u2028c: d\n",
    "\ufeffa: b\n",
    "a: " + "[" * 200000,
    "a: b: c\n",
    "{a?: b}\n",
    "{a: :b}\n",
    "{a\n: b}\n",
    "[a,\tb]\n",
    "---\n---\n",
    "a: b\n...\n",
]


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_what_is_understood_is_what_a_library_reads(text):
    assert parse(text).plain() == yaml.load(text, yaml.BaseLoader)


@pytest.mark.parametrize("text", REFUSED)
def test_all_else_is_refused_with_its_line(text):
    with pytest.raises(Refused, match=r"line [0-9]+: "):
        parse(text)


def test_a_file_that_says_nothing():
    assert parse("") is None and parse("# only this\n") is None


def test_every_value_has_its_place():
    text = "a:\n  b: [x, yes]\n  # note\n  c:\n  - d\n"
    root = parse(text)
    assert [text[item.start : item.end] for item in root.get("a", "b").value] == ["x", "yes"]
    item = root.get("a", "c").value[0]
    assert (text[item.first :], line_of(text, item.start)) == ("- d\n", 5)
    assert root.get("a", "nothing") is None and root.get("a", "b", "x") is None
