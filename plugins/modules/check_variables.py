# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: check_variables
short_description: Refuse misspelled and unusable variables before any host is contacted
version_added: 1.0.0
description:
  - Looks at the variables of all hosts of the play whose names begin with C(diagnose_), C(remediate_), C(fix_),
    C(test_backup_), C(schedule_), C(verify_), C(undo_), C(verbose_logging_), C(collect_logs_), C(merge_), C(compare_),
    C(proxy_setup_), C(failed_backup_), C(network_path_) or C(proxy_server_), wherever they were set. Fails for the
    first one that does not exist, or whose value cannot be used.
  - An inventory may use most of these prefixes for something else. Names that do not exist are refused there behind
    C(diagnose_) and C(remediate_), and where they are nearly one of the collection. On the command line they are
    refused behind all prefixes but C(schedule_), C(compare_) and C(merge_).
  - Values that contain a template are not checked.
  - Runs on the controller, once per play, with C(run_once). The playbooks of the collection run it first.
extends_documentation_fragment:
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
options:
  hosts:
    description: The pattern that the play is for. If set, the task also fails if the inventory has no such host.
    type: raw
  live:
    description: Whether the task also fails if a host of the play is to be judged by a saved state.
    type: bool
    default: false
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.fleet_report
"""

EXAMPLES = r"""
- name: Check the variables
  vmbackup.azure.check_variables:
  run_once: true
"""

RETURN = r"""
"""
