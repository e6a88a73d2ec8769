#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: persistent_routes
short_description: Lead a Linux guest to networks by a gateway, at once and after each boot
version_added: 1.0.0
description:
  - Does on Linux what method A of Microsoft's article does with C(New-NetRoute) on Windows. Backup rarely needs it, see
    the role P(vmbackup.azure.network_path#role).
  - The kernel gets the routes at once. The interface stays up, and no service applies its configuration again.
  - For the next boot, the routes are added to the key file of the profile that NetworkManager has active on the
    interface, or to the drop-in C(vmbackup-routes.conf) of the C(.network) file by which systemd-networkd configures
    it, also if netplan has written that file. On Red Hat with C(ifcfg) files, they are added to the C(route-) file of
    the interface. Other services are rejected, and so is a profile that netplan writes for NetworkManager.
  - Each route has the metric 100.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  destinations:
    description:
      - IPv4 networks, such as those that P(vmbackup.azure.service_tag_prefixes#filter) gives. At most 1,000.
      - That filter leaves out the IPv6 networks of a tag. This module has no routes of IPv6.
      - A network with an address of the Azure host or of this host is rejected, and so is one to which the main table
        has another route of this metric.
    type: list
    elements: str
    required: true
  gateway:
    description: The gateway. By default, the one through which the guest reaches the Azure host.
    type: str
  interface:
    description: The interface. By default, the one with the route to the Azure host.
    type: str
  state:
    description: V(absent) removes the routes that this module would add. Others stay.
    type: str
    choices: [present, absent]
    default: present
notes:
  - A key file is checked with C(nmcli --offline) on a copy first, if NetworkManager has it.
  - systemd-networkd reads the drop-in when it starts, or with C(networkctl reload).
  - The answers to a controller in one of the networks go through the gateway as well.
seealso:
  - module: vmbackup.azure.win_persistent_routes
  - plugin: vmbackup.azure.service_tag_prefixes
    plugin_type: filter
  - module: vmbackup.azure.journal_restore
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Reach Azure Storage of one region by the gateway of the primary interface
  vmbackup.azure.persistent_routes:
    destinations: >-
      {{ lookup('ansible.builtin.file', 'ServiceTags_Public.json')
         | vmbackup.azure.service_tag_prefixes(['Storage.WestEurope']) }}
"""

RETURN = r"""
compliant:
  description: Whether the routes were already as requested. The same in check mode.
  returned: success
  type: bool
  sample: false
interface:
  description: The interface.
  returned: success
  type: str
  sample: eth0
gateway:
  description: The gateway.
  returned: success
  type: str
  sample: 10.0.0.1
service:
  description: The service that brings the routes after a boot, V(NetworkManager), V(networkd) or V(network).
  returned: success
  type: str
  sample: networkd
file:
  description: The file that has them.
  returned: success
  type: str
  sample: /etc/systemd/network/10-netplan-eth0.network.d/vmbackup-routes.conf
before:
  description: Which of the networks had the route in the kernel (C(now)) and in the file (C(boot)).
  returned: success
  type: dict
  sample: {"now": [], "boot": []}
after:
  description: The same afterwards. In check mode, what it would be.
  returned: success
  type: dict
  sample: {"now": ["20.38.0.0/17"], "boot": ["20.38.0.0/17"]}
diff:
  description: The differences. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: routes of eth0
      after_header: routes of eth0
      before: ""
      after: "20.38.0.0/17 via 10.0.0.1 metric 100\n"
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import persistent_routes


def main():
    run("persistent_routes", persistent_routes.OPTIONS, persistent_routes.work)


if __name__ == "__main__":
    main()
