# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest status of the agent. Its age is rounded down as the daemon's is, so that the two can be compared."""

import os

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _agent_files

LIB_DIR = "/var/lib/waagent"


@pytest.mark.parametrize(("written", "age_s"), [(100.9, 4), (100.1, 5), (107.0, 0)])
def test_the_age_in_whole_seconds_is_rounded_down(tree, written, age_s):
    path = LIB_DIR + "/waagent_status.json"
    host = tree({path: "{}"})
    os.utime(host.path(path), (0, written))
    assert _agent_files.status(host, LIB_DIR, 105.2) == {"age_s": age_s, "read_from": path}
