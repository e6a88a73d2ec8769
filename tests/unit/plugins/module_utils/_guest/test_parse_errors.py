# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import configparser

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import parse_errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hush1\n", "line 1: no section is open here"),
        ("[a]\nb = 1\nHush1\n", "line 3: neither an option nor a section"),
        ("[a]\nb = 1\nb = Hush1\n", "line 3: an option for the second time"),
        ("[a]\n[b]\n[a]\nx = Hush1\n", "line 3: a section for the second time"),
        ("[a]\nb = %(Hush1)s\n", "option b of [a]: a per cent sign begins a reference that does not exist"),
        ("[a]\nb = 1 %Hush1\n", "option b of [a]: a per cent sign begins a reference that does not exist"),
        ("[a]\nb = Hush1\n", "a value is not a number"),
    ],
)
def test_what_is_wrong_is_said_without_the_text(text, said):
    parser = configparser.ConfigParser()
    with pytest.raises((configparser.Error, ValueError)) as caught:
        parser.read_string(text)
        parser.getint("a", "b")
    assert parse_errors.plain(caught.value) == said


def test_a_surprise_is_named_with_its_place():
    with pytest.raises(ValueError) as caught:
        int("Hush1")
    assert parse_errors.surprise(caught.value).startswith("ValueError at test_parse_errors.py:")
    with pytest.raises(OSError) as caught:
        open("/nowhere/Hush1")
    assert parse_errors.surprise(caught.value).startswith("FileNotFoundError (No such file or directory) at ")
