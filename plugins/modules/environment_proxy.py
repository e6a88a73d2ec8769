#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: environment_proxy
short_description: Set or remove the proxy for sign-ins and for the Azure Linux agent's service
version_added: 1.0.0
description:
  - Maintains C(http_proxy), C(https_proxy) and C(no_proxy), in lower and upper case, in C(/etc/environment) and in a
    drop-in of the agent's unit. Services never read the first, and sign-ins never read the second.
  - The addresses of the Azure host, C(168.63.129.16) and C(169.254.169.254), always bypass the proxy.
  - The service is not restarted. The module returns RV(ignore:restart_required) instead.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
  - vmbackup.azure._journal.root
options:
  http_proxy:
    description:
      - The proxy as C(http://host:port). The agent ignores an address without scheme or without port.
      - A user and password are accepted and masked in all output, but the agent itself does not use them.
      - Required with O(state=present), unless O(https_proxy) is given.
    type: str
  https_proxy:
    description: The proxy for HTTPS, which is what the agent's storage traffic uses. Without it, O(http_proxy).
    type: str
  no_proxy:
    description:
      - Hosts, suffixes such as V(.internal), and networks that bypass the proxy. V(*.internal) is written as
        V(.internal), because the agent does not support wildcards.
      - If omitted, existing exceptions are kept.
    type: list
    elements: str
  state:
    description:
      - V(absent) removes the variables. If another file of the service sets them, the drop-in unsets them.
      - Other exceptions in C(/etc/environment) stay.
    type: str
    choices: [present, absent]
    default: present
  targets:
    description: Where to set the variables. V(logins) is O(path), V(service) the unit's drop-in.
    type: list
    elements: str
    choices: [logins, service]
    default: [logins, service]
  service:
    description: The agent's unit. By default, the module finds C(walinuxagent.service) or C(waagent.service).
    type: str
  path:
    description: The file that sign-ins read.
    type: path
    default: /etc/environment
seealso:
  - module: vmbackup.azure.waagent_conf
    description: The agent's own proxy keys, which take precedence over these variables.
  - module: vmbackup.azure.waagent_service
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Set the proxy for the agent and all sign-ins
  vmbackup.azure.environment_proxy:
    http_proxy: http://proxy.example.com:3128
    no_proxy: [localhost, 127.0.0.1, .internal]
  register: proxy

- name: Restart the agent if it does not use the proxy yet
  vmbackup.azure.waagent_service:
    state: restarted
  when: proxy.restart_required

- name: Remove a proxy from the service only
  vmbackup.azure.environment_proxy:
    state: absent
    targets: [service]
"""

RETURN = r"""
compliant:
  description: Whether sign-ins and the service already had what was requested. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The variables before, by target.
  returned: success
  type: dict
  sample: {"logins": {"http_proxy": null}, "service": {}}
after:
  description: The variables afterwards, by target. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"service": {"http_proxy": "http://proxy.example.com:3128"}}
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/environment
      after_header: /etc/environment
      before: ""
      after: "http_proxy=http://proxy.example.com:3128\n"
service:
  description: The unit with the drop-in. Empty without systemd, or if O(targets) excludes it.
  returned: success
  type: str
  sample: walinuxagent.service
restart_required:
  description: Whether the running agent's environment differs from that of its unit.
  returned: success
  type: bool
  sample: true
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import environment_proxy


def main():
    run("environment_proxy", environment_proxy.OPTIONS, environment_proxy.work)


if __name__ == "__main__":
    main()
