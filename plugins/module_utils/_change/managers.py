# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which systemd is asked: that of the host, or the files of one that is mounted here."""

from . import offline
from .offline_systemd import OfflineSystemd
from .systemd import Systemd


def has_systemd():
    """Tell whether systemd starts the agent."""
    return OfflineSystemd.exists() if offline.is_inside() else Systemd.is_running()


def systemd():
    """Return the systemd to ask and to act through."""
    return OfflineSystemd() if offline.is_inside() else Systemd()
