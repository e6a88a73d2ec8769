#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: environment_proxy
short_description: Sets or removes the proxy of logins and of the Azure Linux agent's service
version_added: 1.0.0
description:
  - Keeps C(http_proxy), C(https_proxy) and C(no_proxy), in lower and upper case alike, in C(/etc/environment)
    and in a
    drop-in of the agent's unit. The first never reaches a service, and the second never reaches a login.
  - The platform's own addresses, C(168.63.129.16) and C(169.254.169.254), are always kept out of the proxy.
  - The service is not restarted. The module returns RV(ignore:restart_required) instead.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  http_proxy:
    description:
      - The proxy as C(http://host:port). The agent ignores an address without scheme or without port.
      - A user and password may be given and are masked wherever they would show; the agent itself does not use
        them.
      - Required with O(state=present), unless O(https_proxy) is given.
    type: str
  https_proxy:
    description: The proxy for HTTPS, which is what the agent's storage traffic uses. Without it, O(http_proxy).
    type: str
  no_proxy:
    description:
      - Hosts, suffixes such as V(.internal), and networks that go direct. V(*.internal) is written as V(.internal),
        because the agent does not know the asterisk.
      - Without it the exceptions that are set already are kept.
    type: list
    elements: str
  state:
    description:
      - With V(absent) the variables go. Where another file of the service sets them, the drop-in takes them away.
      - Exceptions in C(/etc/environment) other than the platform's addresses stay.
    type: str
    choices: [present, absent]
    default: present
  targets:
    description: Where to set the variables, V(logins) in O(path) and V(service) in the unit's drop-in.
    type: list
    elements: str
    choices: [logins, service]
    default: [logins, service]
  service:
    description: The agent's unit. Without it the module finds C(walinuxagent.service) or C(waagent.service).
    type: str
  path:
    description: The file that logins read.
    type: path
    default: /etc/environment
seealso:
  - module: vmbackup.azure.waagent_conf
    description: The agent's own proxy keys, which win over these variables.
  - module: vmbackup.azure.waagent_service
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Send the agent and all logins through the proxy
  vmbackup.azure.environment_proxy:
    http_proxy: http://proxy.example.com:3128
    no_proxy: [localhost, 127.0.0.1, .internal]
  register: proxy

- name: Restart the agent where it does not know the proxy yet
  vmbackup.azure.waagent_service:
    state: restarted
  when: proxy.restart_required

- name: Take a proxy away from the service only
  vmbackup.azure.environment_proxy:
    state: absent
    targets: [service]
"""

RETURN = r"""
compliant:
  description: Whether logins and the service already had what was asked for. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The variables before, by target.
  returned: success
  type: dict
  sample: {"logins": {"http_proxy": null}, "service": {}}
after:
  description: The variables afterwards, by target. In check mode, as it would be.
  returned: success
  type: dict
  sample: {"service": {"http_proxy": "http://proxy.example.com:3128"}}
diff:
  description: What differs, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/environment
      after_header: /etc/environment
      before: ""
      after: "http_proxy=http://proxy.example.com:3128\n"
service:
  description: The unit that got the drop-in. Empty where there is no systemd or O(targets) leaves it out.
  returned: success
  type: str
  sample: walinuxagent.service
restart_required:
  description: Whether the agent runs with another environment than its unit now has.
  returned: success
  type: bool
  sample: true
run_id:
  description:
    - The run that M(vmbackup.azure.journal_restore) takes to undo this. Empty when nothing changed and none
      was given.
    - Also returned when the module fails after it has changed something.
  returned: success, or failure after a change
  type: str
  sample: 20261123T020000Z-1f2e3d4c
journal:
  description: The directory on the host with the run's entries. Empty when nothing was changed.
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
