# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Management Instrumentation."""

from __future__ import annotations

from ._kinds import NULL, WINDOWS, only, record, whole

SECTION = only(
    WINDOWS,
    "Linux has no such interface.",
    record(__doc__, std_reg_prov=whole("Return value of StdRegProv, 0 when it works.", NULL)),
)
