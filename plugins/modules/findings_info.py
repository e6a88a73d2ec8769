# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: findings_info
short_description: Predict whether a guest's next Azure VM backup will succeed, and explain why if it will not
version_added: 1.0.0
description:
  - Probes the guest in one round trip and judges the facts on the controller. It can also judge a saved guest state
    without a host.
  - The first cause is the likeliest failed check that no other failed check explains. A missing fact makes a check
    V(unknown), never V(ok).
extends_documentation_fragment:
  - vmbackup.azure._probe
  - vmbackup.azure._probe.guest
  - vmbackup.azure._probe.want
  - vmbackup.azure._probe.variables
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The systems of the guests.
    support: full
    platforms: linux, windows
options:
  state:
    description: A guest state to judge, from M(vmbackup.azure.guest_state_info). The guest is not probed then.
    type: dict
  state_file:
    description: A file on the controller with a guest state in JSON to judge. The guest is not probed then.
    type: path
  kept_guest:
    description:
      - A report directory. Judges the state of this guest that its latest run saved there; the guest is not probed.
      - A guest without a saved state is a result (RV(reason)) and does not fail the task.
    type: path
  kept_machine:
    description:
      - A report directory. If its latest run saved the state of this host's VM in Azure there, guest and VM are judged
        together.
    type: path
  failure:
    description:
      - Why the guest could not even be asked, as Ansible said it. It is then not asked, and this is the reason of its
        result, unless its state is saved.
    type: str
  machine_now:
    description:
      - Resource id of this host's VM in Azure. It is read now, instead of what O(kept_machine) has, with the sign-in of
        C(diagnose_azure) if O(variables=diagnose_), else of the environment.
    type: str
  ask_guest:
    description: Whether the guest is probed. V(false) judges the VM of O(machine_now) or O(kept_machine) alone.
    type: bool
    default: true
  record:
    description:
      - Whether to save the result for the report in O(report_dir).
      - A guest that cannot be reached or probed is then also a result (RV(verdict) and RV(reason)) and does not fail
        the task.
    type: bool
    default: false
  report_dir:
    description: The report directory of a run that M(vmbackup.azure.fleet_report) started.
    type: path
    default: ./vmbackup-report
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.guest_state_info
  - module: vmbackup.azure.fleet_report
"""

EXAMPLES = r"""
- name: Would the next backup succeed?
  vmbackup.azure.findings_info:
  become: true
  register: diagnosis

- name: Stop if it would fail
  ansible.builtin.assert:
    that: diagnosis.verdict != 'blocked'
    fail_msg: "{{ diagnosis.cause.text }}"

- name: Explain an error code from the portal
  vmbackup.azure.findings_info:
    error_code: GuestAgentSnapshotTaskStatusError
  become: true

- name: Judge a saved state without a host
  vmbackup.azure.findings_info:
    state_file: states/web1.json
"""

RETURN = r"""
verdict:
  description:
    - V(blocked) if a check fails, V(unknown) if a fact that a critical check needs is missing, V(at_risk) if there are
      only warnings, otherwise V(ready), or V(partial) if a critical check was left out (O(only), O(skip)). With
      O(record) also V(unreachable).
    - With O(kept_machine) also V(degraded), where a check of the guest fails and Azure then takes a crash-consistent
      recovery point.
  returned: always
  type: str
  sample: blocked
left_out:
  description: Checks that were left out by choice (O(only), O(skip)).
  returned: if there are any
  type: dict
  contains:
    checks:
      description: Their number.
      returned: success
      type: int
      sample: 151
    critical:
      description: Ids of the critical ones.
      returned: success
      type: list
      elements: str
      sample: [agent_installed]
platform:
  description: V(linux) or V(windows).
  returned: always
  type: str
  sample: linux
first_cause:
  description: Id of the likeliest failed check that no other failed check explains.
  returned: always
  type: str
  sample: extensions_enabled
cause:
  description: The first cause as a group of the report. Hosts with the same C(id) and C(key) fail for the same reason.
  returned: always
  type: dict
  sample:
    id: extensions_enabled
    key: Extensions.Enabled=n
    text: The agent processes no extensions
findings:
  description:
    - One finding per check, the likeliest cause first.
    - With O(record), only those with status V(fail), V(warn) or V(unknown); the report has all.
  returned: always
  type: list
  elements: dict
  sample:
    - id: extensions_enabled
      status: fail
      severity: critical
      title: The agent processes extensions
      evidence:
        - source: '/etc/waagent.conf:12: Extensions.Enabled'
          value: n
      why: The agent processes no extensions
      consequence_of: null
      remedy: waagent_conf
error_code:
  description:
    - The error code of Azure Backup whose explanations rank first, and where it is from. V(operator) is O(error_code),
      V(job) the last backup job.
  returned: if there is one
  type: dict
  sample: {code: UserErrorGuestAgentStatusUnavailable, from: job}
effects:
  description:
    - What Azure's side means for the findings of the guest. V(guest_not_used), V(falls_back), V(off), V(worked).
  returned: with O(kept_machine), if there are any
  type: list
  elements: str
  sample: [falls_back]
azure:
  description: The VM in Azure. Unknown values are null.
  returned: with O(kept_machine), if its state was saved
  type: dict
  sample:
    id: /subscriptions/SUBSCRIPTION/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/web1
    name: web1
    power: running
    protected: true
    vault: backup
    policy: nightly
    last_job: {status: Completed, started: '2026-03-01T22:00:00Z', ended: '2026-03-01T22:31:00Z', code: null}
vm:
  description:
    - Where the host is in Azure, as Azure, variables of the inventory (C(id), C(resource_group), C(location) and
      C(tags), which C(azure.azcollection.azure_rm) sets) or the metadata service say. What is not known is left out.
  returned: with O(record), or with O(kept_machine), if its state was saved
  type: dict
  sample:
    id: /subscriptions/SUBSCRIPTION/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/web1
    resource_group: prod
    location: westeurope
    tags: {env: prod}
reason:
  description: With O(record) or O(kept_guest), why the guest could not be reached or probed.
  returned: always
  type: str
  sample: null
host:
  description: Name of the host in the inventory.
  returned: with O(record)
  type: str
  sample: web1
"""
