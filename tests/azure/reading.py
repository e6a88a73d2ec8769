# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection reads from the stand-in."""

from pathlib import Path

import pytest

for _package in ("azure.core", "azure.identity", "duckdb_kql", "trustme"):
    pytest.importorskip(_package)

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._client import Client  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._gather import gather  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._login import settle  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._selection import Selection  # noqa: E402

ROOT = Path(__file__).parent


def read(agent_status=True, timeout=300, **selected):
    """What the collection reads: the fleet, and its machines by name."""
    found = gather(Client(settle({}), timeout), Selection(**selected), agent_status)
    return found, {state["vm"]["name"]: state for state in found["vms"]}


def read_scenario(path):
    """The machines of a scenario by name, and by id; the stand-in knows all that is asked, and nothing is left out."""
    from azure_standin import Standin, load

    with pytest.MonkeyPatch.context() as patch, Standin(load(path)) as azure:
        for name, value in azure.environment().items():
            patch.setenv(name, value)
        patch.delenv("AZURE_SUBSCRIPTION_ID")
        found, by_name = read()
        assert azure.unhandled() == [] and found["gaps"] == []
        return by_name | {state["vm"]["id"].lower(): state for state in found["vms"]}
