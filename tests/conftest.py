# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the checkout importable as ``ansible_collections.vmbackup.azure``, and spreads tests over processes."""

import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / ".collections"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Booted guests stay with one process, stand-ins with another; of the rest, files stay together."""
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        group = next((name for name in ("lab", "stage") if name in marks), str(item.path))
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(monkeypatch):
    """A live probe in a test calls this machine, never the addresses of Azure."""
    from ansible_collections.vmbackup.azure.plugins.module_utils import _probe

    for name in ("wire_server", "imds_server"):
        monkeypatch.setitem(_probe.DEFAULTS, name, "127.0.0.1")
    for name in ("wire_port", "host_plugin_port", "imds_port"):
        monkeypatch.setitem(_probe.DEFAULTS, name, 1)
