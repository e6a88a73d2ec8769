# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: check_info
short_description: Explain a check
version_added: 1.0.0
description:
  - Shows what a check reads, why backup depends on it, what to do, which remedy fixes it, and the pages that the rule
    rests on.
  - Runs on the controller and contacts no host.
extends_documentation_fragment:
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
options:
  check:
    description:
      - The id of a check, or a former one. An id that means a check on each system gives both.
    type: str
    required: true
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.findings_info
"""

EXAMPLES = r"""
- name: Explain a check
  vmbackup.azure.check_info:
    check: extensions_enabled
"""

RETURN = r"""
answer:
  description: The page as the callback P(vmbackup.azure.answer#callback) shows it.
  returned: if a callback shows it
  type: str
checks:
  description: The checks of that id.
  returned: success
  type: list
  elements: dict
  sample:
    - id: extensions_enabled
      subjects: [Linux]
      title: The agent processes extensions
      severity: critical
      stage: goal state
      about: The agent processes extensions.
      reads:
        - fact: conf.settings
          meaning: Settings of waagent.conf by key.
      advice: Set Extensions.Enabled=y in waagent.conf and restart the agent.
      remedies: [waagent_conf]
      causes: [conf_path]
      error_codes: [GuestAgentSnapshotTaskStatusError]
      aliases: []
      sources:
        - title: Agent README
          url: https://github.com/Azure/WALinuxAgent#readme
"""
