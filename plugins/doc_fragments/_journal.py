# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that write a journal. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  run_id:
    description:
      - Files the change under this run of the journal, so that several tasks can be undone together by
        M(vmbackup.azure.journal_restore). Letters, digits, V(.), V(_) and V(-), at most 64.
      - Without it every call that changes something makes a run of its own.
    type: str
"""

    LINUX = r"""
options:
  journal_dir:
    description:
      - The directory of the journal on the host. Change it only where C(/var/lib) does not survive a restart.
      - It must not exist yet, be empty or be a journal, and no one but root may write into it. Anything else
        is refused.
    type: path
    default: /var/lib/vmbackup/journal
"""

    WINDOWS = r"""
options:
  journal_dir:
    description:
      - The directory of the journal on the host, which only SYSTEM and administrators can read and write.
      - V(C:\\ProgramData\\vmbackup\\journal) by default.
      - It must not exist yet, be empty or be a journal, and no one but SYSTEM and administrators may write into
        it. Anything else is refused.
    type: path
"""
