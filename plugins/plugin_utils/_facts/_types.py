# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States of one system or of Azure, as checks name them. For a type checker ``_types.pyi`` lists every fact."""

from __future__ import annotations

from .._engine._state import GuestState

LinuxState = WindowsState = AzureState = GuestState
