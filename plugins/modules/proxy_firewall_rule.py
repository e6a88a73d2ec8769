#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: proxy_firewall_rule
short_description: Let clients of a proxy server pass the firewall of its Linux host
version_added: 1.0.0
description:
  - Does on Linux what step 2 of Microsoft's article has for Windows. Accepts connections to the proxy's port from the
    given networks, at once and after the next boot.
  - Uses the firewall that decides on the host. This is firewalld, ufw, or the rules of nftables, in this order. On a
    host without any of them nothing is changed.
  - With firewalld, the rule is added to the zone of the interface with the default route, without a reload, so that
    rules that are only in memory stay.
  - With nftables, the rule is inserted at the head of each chain that may drop the packets, and appended to the file
    that C(nftables.service) loads. The file is checked with C(nft -c) on a copy first.
  - A firewall by C(iptables) alone is refused, because its rules are loaded by many different programs.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  port:
    description: The TCP port that the proxy listens on.
    type: int
    required: true
  remote_addresses:
    description: Addresses and networks of the clients, such as V(10.0.0.0/16).
    type: list
    elements: str
    required: true
  state:
    description: V(absent) removes rules that this module would add. Other rules for the port stay.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: vmbackup.azure.win_proxy_firewall_rule
  - module: vmbackup.azure.journal_restore
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Let the guests of one network use the proxy
  vmbackup.azure.proxy_firewall_rule:
    port: 3128
    remote_addresses: [10.0.0.0/16]
"""

RETURN = r"""
compliant:
  description: Whether the rules were already as requested. The same in check mode.
  returned: success
  type: bool
  sample: false
firewall:
  description: The firewall that decides on this host. Null if there is none.
  returned: success
  type: str
  sample: firewalld
before:
  description: Each rule, by place and network, and whether it was there (C(now)) and would be after a boot (C(boot)).
  returned: success
  type: dict
  sample: {"public 10.0.0.0/16": {"now": false, "boot": false}}
after:
  description:
    - The same afterwards. In check mode, what it would be. With nftables, C(boot) is always false, because the file
      brings the rule back.
  returned: success
  type: dict
  sample: {"public 10.0.0.0/16": {"now": true, "boot": true}}
diff:
  description: The differences. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: "firewalld public: TCP 3128 from 10.0.0.0/16"
      after_header: "firewalld public: TCP 3128 from 10.0.0.0/16"
      before: "now: false\nboot: false\n"
      after: "now: true\nboot: true\n"
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import proxy_firewall_rule


def main():
    run("proxy_firewall_rule", proxy_firewall_rule.OPTIONS, proxy_firewall_rule.work)


if __name__ == "__main__":
    main()
