# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._text import pad, visible, width, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\n  lines\tand tab", "two lines and tab"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("\ufffe", "\\ufffe"),
        ("\U000e0041", "\\U000e0041"),
        ("日本語 ü", "日本語 ü"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


def test_width_counts_columns():
    assert [width("abc"), width("日本"), width("e\u0301")] == [3, 4, 1]
    assert pad("日", 4) == "日  "


@pytest.mark.parametrize("columns", [2, 3, 7, 20, 80])
def test_wrap_never_exceeds_the_columns_and_loses_nothing(columns):
    text = "日本語のホスト a_word_that_is_longer_than_any_of_the_lines and some short ones"
    lines = wrap(text, columns)
    assert max(map(width, lines)) <= columns
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrap_breaks_between_words():
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("", 7) == [""]
