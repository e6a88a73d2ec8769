# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._fix_report import undo_command


class FilterModule:
    def filters(self):
        return {"undo_command": undo_command}
