# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of the APIs."""

GRAPH, METADATA = "2022-10-01", "2022-09-01"
COMPUTE, NETWORK = "2022-11-01", "2023-09-01"
BACKUP, VAULTS, KEYS = "2023-02-01", "2023-04-01", "2023-07-01"
LOCKS, PERMISSIONS = "2016-09-01", "2022-04-01"
