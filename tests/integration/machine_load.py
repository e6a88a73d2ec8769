# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load of the machine that runs the tests, which is no fault of a guest."""

OF_LOAD = ["cpu_load", "memory_use", "disk_iops"]
"""Checks that would find it."""
