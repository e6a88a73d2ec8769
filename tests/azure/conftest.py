# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in of Azure for each test, and the collection's own reader in front of it."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith(("AZURE_", "ARM_", "ANSIBLE_AZURE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def standin(monkeypatch):
    """Starts a scenario; the variables of the first principal, or of another, lead there."""
    from azure_standin import Standin, load

    running = []

    def start(scenario, principal=0):
        azure = Standin(load(ROOT / "scenarios" / f"{scenario}.yml"))
        running.append(azure.__enter__())
        for name, value in azure.environment(principal).items():
            monkeypatch.setenv(name, value)
        # Everything that the principal may see, not only the first subscription.
        monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
        return azure

    yield start
    for azure in running:
        azure.__exit__()


@pytest.fixture
def no_waiting(monkeypatch):
    """Between two tries of a request nothing is waited for, unless the answer asks for it."""
    from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _pauses

    monkeypatch.setattr(_pauses, "longer", lambda attempt: 0.01)
