# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Azure fabric: a server in the lab's namespace, and the handle by which tests steer it."""

from .control import Extension, Fabric, Fault

__all__ = ["Extension", "Fabric", "Fault"]
