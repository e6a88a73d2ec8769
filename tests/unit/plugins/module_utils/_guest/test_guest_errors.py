# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import surprise


def test_a_surprise_is_named_with_its_place():
    with pytest.raises(ValueError) as caught:
        int("Hush1")
    assert surprise(caught.value).startswith("ValueError at test_guest_errors.py:")
    with pytest.raises(OSError) as caught:
        open("/nowhere/Hush1")
    assert surprise(caught.value).startswith("FileNotFoundError (No such file or directory) at ")
