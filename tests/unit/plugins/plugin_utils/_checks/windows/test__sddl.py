# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights SYSTEM has by an access list."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import _sddl


@pytest.mark.parametrize(
    ("access", "full"),
    [
        ("D:(A;;FA;;;SY)", True),
        ("D:(D;;FW;;;SY)(A;;FA;;;SY)", False),
        ("D:(A;;FA;;;SY)(D;;FW;;;SY)", False),
        ("D:(D;;GW;;;WD)(A;;FA;;;SY)", False),
        ("D:(D;;GW;;;S-1-5-11)(A;;FA;;;SY)", False),
        ("D:(D;;GW;;;BA)(A;;FA;;;SY)", False),
        ("D:(D;;FA;;;AN)(D;;FA;;;NU)(A;;FA;;;SY)", True),
        ("D:(D;OICIIO;FA;;;WD)(A;;FA;;;SY)", True),
        ("D:(A;;FA;;;SY)(D;OICIID;GW;;;WD)", True),
        ("D:(D;OICIID;GW;;;WD)(A;OICIID;FA;;;SY)", False),
        ("D:(A;;FA;;;WD)", True),
        ("D:(A;;FA;;;S-1-5-11)", True),
        ("D:(D;;GW;;;SY)(A;;FA;;;WD)", False),
        ("D:(A;;FA;;;BA)", False),
        ("D:(A;;FA;;;BU)", False),
        ("D:PAI(A;;FR;;;SY)S:AI(AU;OICISAFA;FA;;;SY)(AU;SAFA;FA;;;WD)", False),
    ],
)
def test_what_is_denied_to_a_group_is_denied_to_who_is_in_it(access, full):
    assert _sddl.grants(access, _sddl.FULL, _sddl.SYSTEM) is full
