# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The booted guest that the tests of a file break one after another."""

import pytest


@pytest.fixture(scope="module")
def guest(module_host):
    return module_host("bookworm")


@pytest.fixture
def healthy(guest):
    """The module's guest at its untouched first boot, with an agent that has processed its goal state."""
    guest.reset()
    guest.wait_agent()
    return guest
