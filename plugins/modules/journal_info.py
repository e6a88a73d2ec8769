#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: journal_info
short_description: List the runs in the journal of a host
version_added: 1.0.0
description:
  - Returns what runs of this collection changed on a host, and whether they were undone. It does not return contents of
    files.
  - For Linux and Windows hosts. On Windows it calls M(vmbackup.azure.win_journal_info).
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.both
  - vmbackup.azure._journal.root
attributes:
  diff_mode:
    description: The module changes nothing.
    support: none
  platform:
    platforms: posix, windows
options:
  run_id:
    description: Only this run.
    type: str
  journal_dir:
    description: The directory of the journal on the host. On Windows V(C:\\ProgramData\\vmbackup\\journal) by default.
    type: path
    default: /var/lib/vmbackup/journal
seealso:
  - module: vmbackup.azure.journal_restore
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: List what was changed on this host
  vmbackup.azure.journal_info:
  register: journal

- name: Show the runs that can be undone
  ansible.builtin.debug:
    msg: "{{ journal.runs | rejectattr('undone') | map(attribute='run_id') }}"

- name: Show what is damaged
  ansible.builtin.debug:
    msg: "{{ journal.runs | map(attribute='damaged') | select }}"
"""

RETURN = r"""
runs:
  description: The runs, newest first.
  returned: success
  type: list
  elements: dict
  contains:
    run_id:
      description: The run.
      returned: success
      type: str
      sample: 20261123T020000Z-1f2e3d4c
    created:
      description: When it began, in UTC. For a damaged run, the nearest time that is known.
      returned: success
      type: str
      sample: "2026-11-23T02:00:00Z"
    undone:
      description: Whether it was undone.
      returned: success
      type: bool
      sample: false
    damaged:
      description:
        - Why the run cannot be read in full, with the name of the file; V(null) if it can.
        - Such a run is never removed automatically. M(vmbackup.azure.journal_restore) undoes it if its entries can be
          read, and rejects it otherwise. RV(runs[].modules) and RV(runs[].touched) say what can be read.
      returned: success
      type: str
      sample: "Cannot read '/var/lib/vmbackup/journal/20261123T020000Z-1f2e3d4c/run.json': it is damaged: it is empty"
    modules:
      description: The modules that changed something in it.
      returned: success
      type: list
      elements: str
      sample: [waagent_conf]
    touched:
      description: What they changed, in order.
      returned: success
      type: list
      elements: dict
      sample: [{"kind": "file", "names": ["/etc/waagent.conf"]}]
"""

from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import run
from ansible_collections.vmbackup.azure.plugins.module_utils._change.restore import LIST_OPTIONS, list_runs


def main():
    run("journal_info", LIST_OPTIONS, list_runs)


if __name__ == "__main__":
    main()
