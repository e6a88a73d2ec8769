# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Windows modules that write a journal share. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  run_id:
    description:
      - Files the change under this run of the journal, so that several tasks can be undone together by
        M(vmbackup.azure.journal_restore). Letters, digits, V(.), V(_) and V(-), at most 64.
      - Without it every call that changes something makes a run of its own.
    type: str
  journal_dir:
    description:
      - The directory of the journal on the host, which only SYSTEM and administrators can read and write.
      - V(C:\\ProgramData\\vmbackup\\journal) by default.
    type: path
"""

    ATTRIBUTES = r"""
options: {}
requirements:
  - Windows PowerShell 5.1 and the rights of an administrator on the host
attributes:
  check_mode:
    description: Can run in check mode and return what would change, without changing anything.
    support: full
  diff_mode:
    description: Returns what changed, or in check mode would change.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  platform:
    description: The systems that the module runs on.
    support: full
    platforms: windows
"""
