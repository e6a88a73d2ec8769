#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: linux_guest_state_info
short_description: Collect the facts of a Linux guest that its next Azure VM backup depends on
version_added: 1.0.0
description:
  - Reads the agent, its configuration, proxies, addresses, the connection to the Azure host, the snapshot extension,
    file systems, load, clock and security of a Linux guest, in one round trip. It does not judge facts and changes
    nothing.
  - Sections run in parallel and independently. Facts that cannot be determined are in RV(state.missing) with the
    reason, and never guessed. Some facts need root.
  - Usually called through M(vmbackup.azure.guest_state_info) or M(vmbackup.azure.findings_info).
extends_documentation_fragment:
  - vmbackup.azure._probe
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The systems that the module runs on.
    support: full
    platforms: linux
options:
  signatures:
    description:
      - Texts to look for in the guest's logs.
      - M(vmbackup.azure.guest_state_info) and M(vmbackup.azure.findings_info) give those that the collection knows.
        Without them the facts of logs are missing.
    type: list
    elements: dict
requirements:
  - Python 3.6 or newer on the guest, its standard library only.
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.guest_state_info
  - module: vmbackup.azure.findings_info
"""

EXAMPLES = r"""
- name: Read the state of a Linux guest
  vmbackup.azure.linux_guest_state_info:
  become: true
  register: guest

- name: Read the state of a disk that is mounted on a rescue host
  vmbackup.azure.linux_guest_state_info:
    root: /mnt/rescue
  become: true
"""

RETURN = r"""
state:
  description: The guest state, as C(docs/guest-state.md) describes it.
  returned: always
  type: dict
  sample:
    schema: 1
    platform: linux
    mode: live
    captured: '2026-11-25T02:00:00Z'
    privileged: true
    missing:
      fabric.storage: no storage endpoint is known
    agent:
      unit:
        name: walinuxagent.service
        restart: 'no'
  contains:
    schema:
      description: Version of the format.
      type: int
      returned: always
    platform:
      description: Always V(linux).
      type: str
      returned: always
    mode:
      description: V(live), or V(tree) if O(root) was read.
      type: str
      returned: always
    captured:
      description: When the state was read, in UTC.
      type: str
      returned: always
    privileged:
      description: Whether the probe ran as root.
      type: bool
      returned: always
    missing:
      description: Facts that could not be determined, by their dotted names, each with the reason.
      type: dict
      returned: always
"""

import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.options import OPTIONS, SIGNATURES


def main():
    module = AnsibleModule(argument_spec=dict(OPTIONS, **SIGNATURES), supports_check_mode=True)
    try:
        state = json.loads(_probe.answer(module.params))
    except RuntimeError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, state=state)


if __name__ == "__main__":
    main()
