# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fleet_report
short_description: Start and finish the report of a diagnosis over a fleet
version_added: 1.0.0
description:
  - Starts a run over the hosts of the play, and at its end writes C(report.json), C(report.html) and C(junit.xml) on
    the controller
    and shows the hosts grouped by the cause they share.
  - Results are kept host by host as M(vmbackup.azure.findings_info) records them. When the run ends early (Ctrl-C, a
    killed
    process), the report is written all the same and names the hosts that were not reached.
  - Runs on the controller once a play, with C(run_once).
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
      - V(started) begins a run, after it has checked the choices (O(only), O(skip), O(error_code), O(expect_proxy))
        before any host
        is asked.
      - V(finished) writes and shows the report. While hosts of the play are still to come (C(serial)), it writes only.
        A host that has no result when its turn is over is V(unknown).
    type: str
    choices: [started, finished]
    required: true
  report_dir:
    description: The report directory on the controller. Made when it does not exist.
    type: path
    default: ./vmbackup-report
  fail_on:
    description:
      - When the task fails, and so the exit status of the playbook. V(critical) when a host is blocked, unreachable
        or unknown,
        V(warning) also when one is at risk.
    type: str
    choices: [never, warning, critical]
    default: never
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
"""

RETURN = r"""
report_dir:
  description: The report directory.
  returned: always
  type: str
  sample: /home/ops/vmbackup-report
summary:
  description: Number of hosts, in all and by verdict.
  returned: when the report is complete
  type: dict
  sample: {hosts: 3, ready: 2, at_risk: 0, degraded: 0, unknown: 0, unreachable: 0, blocked: 1}
causes:
  description: Hosts grouped by the cause they share, the largest group first.
  returned: when the report is complete
  type: list
  elements: dict
  sample:
    - id: proxy_reachable
      key: 10.0.0.5:3128 answers 407
      text: The proxy 10.0.0.5:3128 answers 407
      hosts: [web1, web2]
"""
