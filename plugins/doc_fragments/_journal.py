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

    ROOT = r"""
options:
  root:
    description:
      - Where a disk with the system is mounted, writable, on this host, instead of the running system. The system may
        lie up to three directories below. Its file systems for C(/etc), C(/usr) and C(/var) must be mounted in it.
      - Paths in options, results and the journal are those of the system itself. The journal is on its disk, so that a
        run can be undone from here or after it has started.
      - No command is run, and no service is started, stopped or restarted.
    type: path
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
