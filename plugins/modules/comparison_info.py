# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: comparison_info
short_description: Compare two runs of the diagnosis, or two guests
version_added: 1.0.0
description:
  - Shows which findings appeared, went or changed, and which facts that checks read differ. No host is contacted.
  - Facts that a changed finding rests on come first.
  - Runs on the controller.
extends_documentation_fragment:
  - vmbackup.azure._probe.want
  - vmbackup.azure._probe.variables
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
options:
  before:
    description:
      - A report directory, a guest state, an archive of M(vmbackup.azure.evidence_archive), a mounted disk, or a
        directory with several of them, on the controller.
      - Guests of the same name are compared. If both sides have one guest, they are compared whatever their names are,
        such as a good host with a bad one.
    type: path
    required: true
  after:
    description: The same for the other side.
    type: path
    required: true
  dest:
    description: A file on the controller for the whole comparison, in JSON.
    type: path
  timeout:
    description: Seconds for reading one mounted disk.
    type: float
    default: 15.0
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.fleet_report
"""

EXAMPLES = r"""
- name: Show what a change did to the fleet
  vmbackup.azure.comparison_info:
    before: ./vmbackup-report-monday
    after: ./vmbackup-report
    dest: ./comparison.json

- name: Compare a good host with a bad one
  vmbackup.azure.comparison_info:
    before: ./vmbackup-report/states/web1.json.gz
    after: ./vmbackup-report/states/web2.json.gz
"""

RETURN = r"""
compared:
  description: Number of guests that both sides have.
  returned: success
  type: int
  sample: 250
only_before:
  description: Number of guests that only O(before) has.
  returned: success
  type: int
  sample: 0
only_after:
  description: Number of guests that only O(after) has.
  returned: success
  type: int
  sample: 2
differing:
  description: The guests with different findings, and those that could not be compared.
  returned: success
  type: list
  elements: dict
  sample:
    - before: web1
      after: web1
      error:
      verdicts: [ready, blocked]
      findings:
        - id: extensions_enabled
          title: The agent processes extensions
          change: appeared
          statuses: [ok, fail]
          whys: ["", "The agent processes no extensions"]
      facts:
        - fact: conf.settings.Extensions.Enabled.value
          checks: [extensions_enabled]
          decides: true
          before: {value: true}
          after: {value: false}
"""
