# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of everything that probes a guest. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  root:
    description:
      - Reads a file tree instead of the live system, for example a rescue disk's mount point or a saved copy.
      - Facts that only a running system can give are then stated as missing. Links in the tree never lead out of it.
      - Linux guests only.
    type: path
  timeout:
    description:
      - Seconds within which the guest answers, whatever hangs on it. A section that is not done by then is stated as
        missing, with what it had found.
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
      - Host name of a storage endpoint, with C(:port) where it is not 443, for example
        C(example.blob.core.windows.net).
      - Without it the probe takes an endpoint that the guest's own records name, and states the fact as missing when
        there is none.
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
      - Whether the guest is asked with the privileges that the task's C(become) stands for.
      - By default on Linux, and not on Windows, where there is no sudo and a session of an administrator has them
        anyway. So one task with C(become=true) serves both.
    type: bool
"""

    VARIABLES = r"""
options:
  variables:
    description:
      - A prefix. Every option that describes the diagnosis and is not given here is taken from the host's variable of
        this prefix and the option's name, where it has one and it is not empty. With V(diagnose_), a variable
        C(diagnose_timeout) is the option C(timeout).
      - Cheaper than a template an option, and each host may differ.
    type: str
"""

    WANT = r"""
options:
  only:
    description: Ids of the only checks to judge. Without it, all checks of the guest's platform.
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
        that explain it, and what explains these, rank first. A code that is not known, or whose cause lies in
        Azure, is a warning.
    type: str
  expect_proxy:
    description:
      - The proxy that guests are expected to use, a mapping with C(host), C(port) and, as an option, C(bypass) (list).
      - An empty value expects that there is none. Left out, only the consistency of what is configured is judged.
    type: raw
  min_agent_version:
    description: The lowest agent version on Linux that is accepted. V(2.2.53.1) by default.
    type: str
  min_windows_agent_version:
    description: The lowest agent version on Windows that is accepted. V(2.7.41491.1010) by default.
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
    description: Seconds that the guest's clock may differ from the host's. V(120) by default.
    type: float
"""

    ATTRIBUTES = r"""
options: {}
attributes:
  check_mode:
    description: Runs the same in check mode, for it changes nothing on the guest.
    support: full
  diff_mode:
    description: Nothing is changed, so there is nothing to show.
    support: none
  idempotent:
    description: A second run changes nothing either.
    support: full
"""
