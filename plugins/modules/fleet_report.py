# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fleet_report
short_description: Start and finish the report of a fleet
version_added: 1.0.0
description:
  - Starts a run over the hosts of the play. At its end, writes C(report.json), C(report.html) and C(junit.xml) on the
    controller. The callback P(vmbackup.azure.answer#callback) shows the hosts grouped by cause; without it, the task
    says one sentence.
  - M(vmbackup.azure.findings_info) saves the results host by host. If the run ends early (Ctrl-C, a killed process),
    the report is still written and names the hosts that were not reached.
  - Runs on the controller, once per play, with C(run_once).
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
  state:
    description:
      - V(started) checks the variables of all hosts as M(vmbackup.azure.check_variables) does, and begins a run, before
        any host is probed.
      - V(finished) writes and shows the report. If more batches of hosts follow (C(serial)), it only writes it. A host
        without a result after its turn is V(unknown).
      - V(azure) reads Azure, judges its VMs without their guests, then writes and shows the report. It needs no started
        run and contacts no host. VMs have the names of their hosts in the inventory, or their own.
      - V(saved) judges what O(saved) names, then writes and shows the report. It contacts no host either.
      - V(merged) judges together what the runs of O(reports) kept, then writes and shows one report. It contacts no
        host either.
    type: str
    choices: [started, finished, azure, saved, merged]
    required: true
  fail:
    description:
      - Whether the task fails when a gate breaks. Ansible charges this to the first host of the play, and ends the play
        for all of them.
      - V(false) sets the fact C(vmbackup_gate) instead, so that a following play or task can
        fail for hosts that break the gate. Its C(host) is such a host, its C(hosts) are those of this batch, and its
        C(msg) is the reason; if no gate breaks, it is empty.
        Use it with C(delegate_to=localhost) and C(delegate_facts=true) if O(state=finished).
    type: bool
    default: true
  hosts:
    description: >-
      The pattern that the play is for. If set, V(started) also fails if the inventory has no such host, and a run with
      C(--limit) does not replace a report of further hosts; its own is in the subdirectory C(limit).
    type: raw
  azure:
    description:
      - Whether the report includes Azure's side. V(true), or a mapping with options for signing in and selecting VMs.
      - Azure is read once, when the last host has its result. Each host is then judged again, together with its VM. If
        Azure cannot be read, the report says why and has the verdicts of the guests alone. The gates V(critical) and
        V(warning) of O(fail_on) then fail.
      - V(false) also ignores O(azure_state_file).
    type: raw
  azure_state_file:
    description:
      - A file on the controller with saved states of VMs to use instead of reading Azure. JSON, also compressed with
        gzip.
    type: path
  saved:
    description:
      - With O(state=saved), files and directories on the controller. A file is a guest state, also compressed, or an
        archive of M(vmbackup.azure.evidence_archive). A directory holds such files, or is a report directory, or has
        disks of Linux or Windows guests mounted at or below it. Those of Windows need the Python package C(regipy), and
        C(evtx) for event logs.
      - What cannot be read is V(unknown) in the report, with the reason.
    type: list
    elements: path
  reports:
    description:
      - With O(state=merged), report directories on the controller, of runs over parts of a fleet. Each needs
        C(report.json) and C(states/).
      - Each host is judged with the options, the VM in Azure and the waivers that its own run had. O(waivers) replaces
        theirs. Groups and checks of the fleet are made anew.
      - Of a host that several reports have, the latest report counts, and the report says so.
    type: list
    elements: path
  expected:
    description: With O(state=merged), hosts that the reports should have. One that none has is V(unknown).
    type: list
    elements: str
  timeout:
    description: Seconds for reading one mounted disk.
    type: float
    default: 15.0
  report_dir:
    description: The report directory on the controller. It is created if it does not exist.
    type: path
    default: ./vmbackup-report
  fail_on:
    description:
      - When the task, and with it the playbook, fails. V(critical) if a host is blocked, unreachable or unknown;
        V(warning) also if one is at risk or degraded. Both also fail if Azure was to be read and could not be.
      - If not a single host could be diagnosed, the task fails whatever the gate.
    type: str
    choices: [never, warning, critical]
    default: never
  fail_on_new:
    description:
      - When the task fails because of what is new since the run of O(compare_with), by default the latest.
        V(critical) if a finding that fails is new or back, or a host no longer gives a state; V(warning) also if a
        warning is new or back. Without an earlier run, nothing is new.
    type: str
    choices: [never, warning, critical]
    default: never
  compare_with:
    description:
      - The run to compare with. V(latest) is the latest record in C(history/) of the report directory. Otherwise the
        path of such a record, of a C(report.json), or of a report directory.
      - If set, the report has the findings that are new, back and gone.
    type: str
  history:
    description:
      - How many records of runs are kept in C(history/) of the report directory. V(0) keeps none.
    type: int
    default: 30
  waivers:
    description:
      - A YAML file on the controller, a list of findings that someone accepts. Each entry has C(check), C(reason),
        C(owner), C(until) (the last day, UTC), and either C(hosts) (a host pattern) or C(azure_tag) (tags of the VM,
        all of which must match).
      - A waived finding, and what follows from it, is shown with the reason and does not count. Entries that have
        expired or match nothing are reported.
    type: path
  formats:
    description:
      - The files to write. V(json) is C(report.json), V(html) C(report.html), V(junit) C(junit.xml), V(sarif)
        C(report.sarif), V(markdown) C(report.md), V(csv) C(report.csv), V(prometheus) C(vmbackup.prom) for the
        textfile collector of node_exporter. Files of other formats that an earlier run left in the report directory
        are removed.
    type: list
    elements: str
    choices: [json, html, junit, sarif, markdown, csv, prometheus]
    default: [json, html, junit]
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.findings_info
"""

EXAMPLES = r"""
- name: Start the report
  vmbackup.azure.fleet_report:
    state: started
    report_dir: ./vmbackup-report
  run_once: true

- name: Probe and judge the guest
  vmbackup.azure.findings_info:
    record: true
    report_dir: ./vmbackup-report

- name: Finish the report
  vmbackup.azure.fleet_report:
    state: finished
    report_dir: ./vmbackup-report
    fail_on: critical
  run_once: true

- name: Finish the report, and leave it to another play to fail
  vmbackup.azure.fleet_report:
    state: finished
    fail_on: critical
    fail: false
  run_once: true
  delegate_to: localhost
  delegate_facts: true

- name: Diagnose the VMs of a saved file, without their guests
  vmbackup.azure.fleet_report:
    state: azure
    azure_state_file: azure.json

- name: Diagnose archives of a customer and a mounted disk
  vmbackup.azure.fleet_report:
    state: saved
    saved: [./vmbackup-evidence, /mnt/rescue]
  delegate_to: localhost
  run_once: true

- name: Fail on what is new since last night, without what is waived
  vmbackup.azure.fleet_report:
    state: finished
    compare_with: latest
    fail_on_new: critical
    waivers: waivers.yml
    formats: [json, html, sarif, prometheus]
  run_once: true
"""

RETURN = r"""
unjudged:
  description: Which checks could not be judged and why, the reason of most checks first.
  returned: with O(state=saved)
  type: list
  elements: dict
  sample:
    - gap: live
      reason: needs a running system
      checks: [hostga_tcp_32526, wire_http_80]
      hosts: [web1]
dirty_hives:
  description:
    - The registry hives of mounted Windows disks that Windows had not written completely, and the transaction logs that
      completed them. Without a log, the newest changes may be missing.
  returned: with O(state=saved)
  type: list
  elements: dict
  sample:
    - host: /mnt/rescue
      path: /mnt/rescue/Windows/System32/config/SYSTEM
      logs: [SYSTEM.LOG1]
unmounted:
  description:
    - File systems of mounted Linux disks that hold what the diagnosis needs, by C(fstab), and that are not mounted.
  returned: with O(state=saved)
  type: list
  elements: dict
  sample:
    - host: web1
      target: /var
      source: /dev/mapper/rootvg-varlv
answer:
  description: The report as the callback P(vmbackup.azure.answer#callback) shows it.
  returned: if the report is complete and a callback shows it
  type: str
report_dir:
  description: The report directory.
  returned: always
  type: str
  sample: /home/ops/vmbackup-report
summary:
  description: Number of hosts, in total and by verdict.
  returned: if the report is complete
  type: dict
  sample: {hosts: 3, ready: 2, partial: 0, at_risk: 0, degraded: 0, unknown: 0, unreachable: 0, blocked: 1}
history:
  description: What changed, as in C(report.json).
  returned: if the report is complete and compared with an earlier run
  type: dict
causes:
  description: Hosts grouped by cause, the largest group first.
  returned: if the report is complete
  type: list
  elements: dict
  sample:
    - id: proxy_reachable
      key: 10.0.0.5:3128 answers 407
      text: The proxy 10.0.0.5:3128 answers 407
      hosts: [web1, web2]
"""
