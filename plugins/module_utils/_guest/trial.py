# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""A change of the network that is on trial: unless it is confirmed, its watcher brings the old configuration back."""

import os

JOURNAL = "/var/lib/vmbackup/journal"
ARMED, REVERTING, UNDONE = "guard-armed", "guard-reverting", "undone.json"


def find(host, journal=JOURNAL):
    """The file that says so, None when no run is on trial. Raises Missing when the journal cannot be read."""
    for run_id in host.names(journal):
        if host.exists(os.path.join(journal, run_id, UNDONE)):
            continue
        for word in (ARMED, REVERTING):
            path = os.path.join(journal, run_id, word)
            if host.exists(path):
                return path
    return None
