# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab of booted Linux guests on a simulated Azure fabric (see docs/lab.md)."""

from .command import LabError
from .core import Lab
from .fabric import Extension
from .hosts import Host, changes

__all__ = ["Extension", "Host", "Lab", "LabError", "changes"]
