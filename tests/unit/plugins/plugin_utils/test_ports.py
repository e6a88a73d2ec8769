# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _ports


@pytest.mark.parametrize(
    ("ports", "held"),
    [
        ("*", True),
        ("Any", True),
        ("443", True),
        ("0-65535", True),
        ("400-443", True),
        ("444", False),
        ("80-442", False),
        ("", False),
        ("odd", False),
    ],
)
def test_ranges(ports, held):
    assert _ports.holds(ports, 443) is held
