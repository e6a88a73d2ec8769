# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks._versions import version


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2.9.1.1", "2.10.0.8"),
        ("1.0.9191.0", "1.0.9225.0"),
        ("2.7.41491.949", "2.7.41491.1010"),
        ("3.0.101", "3.2"),
        ("2.2.53", "2.2.53.1"),
        ("0", "0.1"),
        (None, "0.1"),
        ("latest", "0.1"),
        ("3.12.0rc1", "3.13"),
        ("3.1.0-8-generic", "3.2.0-4-amd64"),
    ],
)
def test_older_and_newer(older, newer):
    assert version(older) < version(newer)


@pytest.mark.parametrize(("one", "other"), [("2.2.53", "2.2.53.0"), ("0", ""), (None, "none"), (2, "2.0")])
def test_equal(one, other):
    assert version(one) == version(other)


def test_a_number_of_any_length_is_read():
    assert version("9" * 10000) > version("1.0")
