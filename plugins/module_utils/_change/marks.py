# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""A mark in a run is there while something is another way for a moment only: it tells what a killed run owes."""

import os

from . import atomic


def put(path, data=b""):
    """Make a mark that lasts."""
    atomic.replace(path, atomic.FileState(data, 0o600, os.geteuid(), os.getegid()))


def drop(path):
    """Remove a mark where it is there."""
    if os.path.exists(path):
        atomic.replace(path, None)
