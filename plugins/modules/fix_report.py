# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fix_report
short_description: Write what a fix did, and show its totals
version_added: 1.0.0
description:
  - Writes C(fix.json) in the report directory, and C(fix.html) if the diagnosis in its folder C(before) wrote
    C(report.json). The page shows every host before and after the fix, with what was done and what is left.
  - The playbook C(vmbackup.azure.fix) does so after the plan and after each batch, so that the files are complete
    however the run ends.
  - First it takes the report directory (O(state=started)), so that two fixes never have the same.
  - The callback P(vmbackup.azure.answer#callback) shows the totals at the end of the run, with what is left, and
    the command that undoes it or applies the plan.
  - Runs on the controller, once per batch, with C(run_once). Also writes them in check mode.
extends_documentation_fragment:
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
options:
  state:
    description:
      - V(started) takes the report directory for the fix of this process of Ansible until that ends. It fails where
        another process runs a fix there.
      - V(written) writes the files.
    type: str
    choices: [started, written]
    default: written
  results:
    description:
      - Required with O(state=written).
      - What is known of each host. C(host), C(before) and C(after) (verdicts; C(after) may be empty), C(planned) and
        C(done) (remedies), C(new) (findings that were ok before), C(left) (findings that the plan left, each with its
        reason), and C(failed) (why the host could not be fixed, or empty).
    type: list
    elements: dict
  run_id:
    description: The run as the journal knows it.
    type: str
    default: ''
  plan:
    description: The plan that this run wrote instead of fixing anything.
    type: path
  report_dir:
    description: The report directory on the controller. It is created if it does not exist.
    type: path
    default: ./vmbackup-report
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.fleet_report
"""

EXAMPLES = r"""
- name: Write fix.json
  vmbackup.azure.fix_report:
    run_id: 20260101T220000Z-1a2b3c4d
    results:
      - host: web1
        before: blocked
        after: ready
        planned: [waagent_conf]
        done: [waagent_conf]
        new: []
        left: []
        failed: ''
  run_once: true
"""

RETURN = r"""
answer:
  description: The totals as the callback P(vmbackup.azure.answer#callback) shows them.
  returned: if a callback shows them
  type: str
page:
  description: The page C(fix.html), or null.
  returned: O(state=written)
  type: str
  sample: /home/ops/vmbackup-report/fix.html
path:
  description: The file C(fix.json).
  returned: O(state=written)
  type: str
  sample: /home/ops/vmbackup-report/fix.json
"""
