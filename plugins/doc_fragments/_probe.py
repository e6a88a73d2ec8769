# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of everything that probes a guest. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  root:
    description:
      - A file tree to read instead of the live system, for example the mount point of a rescue disk or a saved copy.
      - If a single system lies at most three directories below, that is read. Its other file systems (C(/boot), volumes
        of LVM) that are mounted there as well belong to it, if its C(fstab) names their devices.
      - Facts that need a running system are missing then. Links in the tree never lead out of it.
      - Linux guests only.
    type: path
  timeout:
    description:
      - Seconds within which the guest answers, even if something hangs on it. Facts that are not found by then are
        missing.
    type: float
    default: 15.0
  wire_server:
    description: Address of the wire server and of the host plugin.
    type: str
    default: 168.63.129.16
  wire_port:
    description: TCP port of the wire server.
    type: int
    default: 80
  host_plugin_port:
    description: TCP port of the host plugin (HostGAPlugin).
    type: int
    default: 32526
  imds_server:
    description: Address of the instance metadata service.
    type: str
    default: 169.254.169.254
  imds_port:
    description: TCP port of the instance metadata service.
    type: int
    default: 80
  storage_endpoint:
    description:
      - Host name of a storage endpoint to test, with C(:port) if it is not 443, for example
        C(example.blob.core.windows.net).
      - By default, an endpoint from the guest's own records. Without one, the facts about storage are missing.
    type: str
  cpu_sample:
    description:
      - Seconds over which the CPU load is sampled on Windows, V(0.3) by default. Linux keeps averages of minutes.
    type: float
"""

    GUEST = r"""
options:
  become:
    description:
      - Whether to probe the guest with the privileges of the task's C(become).
      - By default yes on Linux, and no on Windows, where sessions of administrators need no sudo. So one task with
        C(become=true) works for both.
    type: bool
"""

    VARIABLES = r"""
options:
  variables:
    description:
      - A prefix for variables. An option of the diagnosis that is not given here is taken from the host's variable with
        this prefix and the option's name, unless that is empty. With V(diagnose_), the variable C(diagnose_timeout) is
        the option C(timeout).
      - This costs less than a template per option, and each host may differ.
    type: str
"""

    WANT = r"""
options:
  only:
    description: Ids of the only checks to judge. By default, all checks of the guest's platform.
    type: list
    elements: str
    default: []
  skip:
    description: Ids of checks to leave out.
    type: list
    elements: str
    default: []
  error_code:
    description:
      - An error code of Azure Backup, by name (V(GuestAgentSnapshotTaskStatusError)) or number (V(380008)). Findings
        that explain it, and their causes, rank first. An unknown code, or one whose cause is in Azure, gives a warning.
    type: str
  expect_proxy:
    description:
      - The proxy that guests are expected to use, a mapping with C(host), C(port) and, optionally, C(bypass) (list).
      - An empty value expects no proxy. If omitted, only the consistency of the configuration is judged.
    type: raw
  min_agent_version:
    description: The oldest accepted agent version on Linux. V(2.2.53.1) by default.
    type: str
  min_windows_agent_version:
    description: The oldest accepted agent version on Windows. V(2.7.41491.1010) by default.
    type: str
  max_cpu_percent:
    description: CPU load above which a snapshot may not finish in time. V(90) by default.
    type: float
  max_memory_percent:
    description: Memory use above which a snapshot may not finish in time. V(90) by default.
    type: float
  max_disk_percent:
    description: Use of space or inodes above which a file system that the agent needs is nearly full. V(95) by default.
    type: float
  min_free_mib:
    description: Free space in MiB below which a file system that the agent needs is full. V(100) by default.
    type: int
  max_clock_skew_s:
    description: Seconds that the guest's clock may differ from the Azure host's. V(120) by default.
    type: float
"""

    ATTRIBUTES = r"""
options: {}
attributes:
  check_mode:
    description: Runs in the same way in check mode, because it changes nothing on the guest.
    support: full
  diff_mode:
    description: Nothing is changed, so there is nothing to show.
    support: none
  idempotent:
    description: A second run changes nothing either.
    support: full
"""
