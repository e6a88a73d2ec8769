# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that write a journal. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  run_id:
    description:
      - The run of the journal under which the change is recorded, so that M(vmbackup.azure.journal_restore) can undo
        several tasks together. At most 64 letters, digits, V(.), V(_) and V(-).
      - If omitted, each call that changes something creates its own run.
    type: str
"""

    LINUX = r"""
options:
  journal_dir:
    description:
      - The directory of the journal on the host. Change it only if C(/var/lib) does not survive a reboot.
      - It must not exist yet, be empty or be a journal, and only root may write to it. Anything else is rejected.
    type: path
    default: /var/lib/vmbackup/journal
"""

    WINDOWS = r"""
options:
  journal_dir:
    description:
      - The directory of the journal on the host, which only SYSTEM and administrators can read and write.
      - V(C:\\ProgramData\\vmbackup\\journal) by default.
      - It must not exist yet, be empty or be a journal, and only SYSTEM and administrators may write to it. Anything
        else is rejected.
    type: path
"""
