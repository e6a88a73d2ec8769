#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: guest_dhcp
short_description: Return the primary interface to DHCP, with a dead-man switch
version_added: 1.0.0
description:
  - Azure gives a VM its addresses by DHCP, and with them the address of the Azure host. A static configuration in the
    guest prevents that.
  - The module edits the files that configure the interface (NetworkManager, systemd-networkd, netplan, wicked, ifcfg,
    ifupdown or dhcpcd) and returns. A watcher on the host then applies them. Unless a second call confirms over a new
    connection in time, the watcher restores the old files and applies those.
  - The old files are also restored, without waiting, if the host reboots or the watcher is killed before the
    confirmation. With systemd the watcher is an enabled unit, C(vmbackup-guard-RUN.service), that starts before the
    network and is removed once the change is confirmed or reverted.
  - The watcher retries until the old configuration is restored. It needs no free space for the files, does not depend
    on the clock, and waits at most two minutes for the lock of another run.
  - If the interface comes up with another address, the connection ends. The playbook must reconnect, see the example.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
  - vmbackup.azure._journal.root
options:
  state:
    description:
      - V(dhcp) edits the files and starts the watcher.
      - V(confirmed) keeps the change of the run O(run_id). It waits until the new configuration is applied, and fails
        if that went wrong or the old configuration is already restored.
    type: str
    choices: [dhcp, confirmed]
    default: dhcp
  interface:
    description: The interface. By default, the one with the route to the Azure host.
    type: str
  confirm_within:
    description: Seconds until the old configuration is restored, from V(30) to V(3600).
    type: int
    default: 120
notes:
  - Only the IPv4 address and the IPv4 default route are removed. IPv6 addresses, other routes and name servers stay as
    they are. Several static IPv4 addresses are rejected, because DHCP gives the primary address alone, and the files do
    not say which one that is.
  - A file that is not fully understood is rejected, and the message says what to do by hand. If the distribution has a
    tool that can check a copy (C(netplan generate), C(ifquery), C(nmcli --offline)), the module runs it before anything
    is written, also in check mode.
  - On a host without systemd, a reboot before the confirmation keeps the new configuration; the module warns about
    that.
  - A file that someone else changed before the confirmation is not reverted. Its content is applied.
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Return the primary interface to DHCP
  vmbackup.azure.guest_dhcp:
    run_id: "{{ change }}"
  register: dhcp

- name: Drop the old connection
  ansible.builtin.meta: reset_connection

- name: Connect over a new one
  ansible.builtin.wait_for_connection:
    delay: 5
    timeout: 90
  when: dhcp.confirm_required

- name: Keep the new configuration
  vmbackup.azure.guest_dhcp:
    state: confirmed
    run_id: "{{ dhcp.run_id }}"
  when: dhcp.confirm_required
"""

RETURN = r"""
compliant:
  description:
    - Whether the interface already used DHCP, or the run was already confirmed. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: Method and addresses before.
  returned: O(state=dhcp)
  type: dict
  sample: {"method": "static", "addresses": ["10.0.0.4/24"]}
after:
  description:
    - Method afterwards; the addresses are not known before it is applied. In check mode, what they would be.
  returned: O(state=dhcp)
  type: dict
  sample: {"method": "dhcp", "addresses": []}
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
  returned: O(state=dhcp)
  type: list
  elements: dict
  sample:
    - before_header: /etc/network/interfaces
      after_header: /etc/network/interfaces
      before: "iface eth0 inet static\n  address 10.0.0.4/24\n"
      after: "iface eth0 inet dhcp\n"
interface:
  description: The interface.
  returned: success
  type: str
  sample: eth0
backend:
  description:
    - What configures it, C(NetworkManager), C(networkd), C(netplan), C(wicked), C(ifcfg), C(ifupdown) or C(dhcpcd).
  returned: O(state=dhcp)
  type: str
  sample: ifupdown
files:
  description: The files that were edited.
  returned: O(state=dhcp)
  type: list
  elements: str
  sample: [/etc/network/interfaces]
confirm_required:
  description: Whether a second call with O(state=confirmed) is needed.
  returned: success
  type: bool
  sample: true
confirm_within:
  description: Seconds left to confirm.
  returned: O(state=dhcp)
  type: int
  sample: 120
addresses:
  description: The interface's addresses now.
  returned: O(state=confirmed)
  type: list
  elements: str
  sample: [10.0.0.4/24]
run_id:
  description:
    - The run that M(vmbackup.azure.journal_restore) takes to undo this. Empty if nothing changed and none was given.
    - Also returned if the module fails after it changed something.
  returned: success, or failure after a change
  type: str
  sample: 20261123T020000Z-1f2e3d4c
journal:
  description: The directory on the host with the run's entries. Empty if nothing was changed.
  returned: success, or failure after a change
  type: str
  sample: /var/lib/vmbackup/journal/20261123T020000Z-1f2e3d4c
"""

from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import run
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import guest_dhcp


def main():
    run("guest_dhcp", guest_dhcp.OPTIONS, guest_dhcp.work)


if __name__ == "__main__":
    main()
