# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: guest_state_info
short_description: Collect the facts of a guest that its next Azure VM backup depends on
version_added: 1.0.0
description:
  - Chooses the probe of the guest's platform, M(vmbackup.azure.linux_guest_state_info) or
    M(vmbackup.azure.win_guest_state_info), runs it in one round trip and checks the form of its answer. Parts of an
    unexpected form become missing facts.
  - M(vmbackup.azure.findings_info) can judge the returned state later.
extends_documentation_fragment:
  - vmbackup.azure._probe
  - vmbackup.azure._probe.guest
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The systems of the guests.
    support: full
    platforms: linux, windows
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.findings_info
"""

EXAMPLES = r"""
- name: Read the state of the guest
  vmbackup.azure.guest_state_info:
  become: true
  register: guest

- name: Keep it for later
  ansible.builtin.copy:
    content: "{{ guest.state | to_nice_json }}"
    dest: "states/{{ inventory_hostname }}.json"
    mode: "0600"
  delegate_to: localhost
"""

RETURN = r"""
state:
  description: The guest state, as M(vmbackup.azure.linux_guest_state_info) and M(vmbackup.azure.win_guest_state_info)
    return it.
  returned: always
  type: dict
  sample:
    schema: 1
    platform: linux
    mode: live
    missing: {}
"""
