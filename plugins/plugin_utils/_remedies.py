# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remedies of the collection, in the order in which a plan applies them."""

from __future__ import annotations

from ._engine._model import AZURE, CONFIRM, LINUX, WINDOWS, Remedy

REMEDIES = {
    remedy.name: remedy
    for remedy in (
        Remedy(
            "azure_vm_extension",
            AZURE,
            seconds=900,
            needs=CONFIRM,
            slow=True,
            fixes=(
                "a snapshot extension that failed or is stuck while no backup runs: removed, the next "
                "backup installs it again"
            ),
        ),
        Remedy(
            "azure_vm_power",
            AZURE,
            seconds=1800,
            needs=CONFIRM,
            slow=True,
            fixes=(
                "a VM that was shut down from inside: deallocated, if its guest does not answer either; a "
                "failed provisioning state: the model is applied again"
            ),
            interrupts="deallocation releases dynamic addresses and the temporary disk",
        ),
        Remedy(
            "guest_dhcp",
            LINUX,
            seconds=420,
            needs=CONFIRM,
            confirmed=True,
            fixes="a static primary interface",
            interrupts=(
                "the interface goes down and up; reverts automatically if Ansible does not reconnect "
                "within two minutes or the host reboots before that ([dead-man "
                "switch](journal.md#the-dead-man-switch))"
            ),
        ),
        Remedy(
            "win_guest_dhcp",
            WINDOWS,
            seconds=480,
            needs=CONFIRM,
            confirmed=True,
            fixes="a static primary adapter",
            interrupts=(
                "the adapter changes; reverts automatically if Ansible does not reconnect within two "
                "minutes or the host reboots before that"
            ),
        ),
        Remedy(
            "agent_version",
            LINUX,
            seconds=900,
            needs=CONFIRM,
            slow=True,
            needs_restart=True,
            fixes="an agent that is missing or too old, from the distribution's packages",
            interrupts="restart of the agent",
        ),
        Remedy(
            "waagent_conf",
            LINUX,
            seconds=60,
            needs_restart=True,
            proved_at_once=True,
            fixes="keys and lines of `waagent.conf`",
            asks="for automatic updates and the provisioning agent",
            interrupts="restart of the agent",
        ),
        Remedy(
            "vmbackup_conf",
            LINUX,
            seconds=60,
            fixes="a `vmbackup.conf` that cannot be read, and its options",
            asks="for options that may be intentional",
        ),
        Remedy(
            "environment_proxy",
            LINUX,
            seconds=60,
            needs_restart=True,
            fixes="proxy variables of the agent's service",
            interrupts="restart of the agent",
        ),
        Remedy(
            "waagent_service",
            LINUX,
            seconds=120,
            starts_agent=True,
            restart={"state": "restarted"},
            # Whether the agent starts at boot is a finding of its own.
            defaults={"enabled": False},
            fixes="an agent that is stopped, disabled, hung, or not restarted after a crash",
            asks="to unmask it or to remove `disable_agent`",
            interrupts="start or restart of the agent",
        ),
        Remedy(
            "snapshot_extension",
            LINUX,
            seconds=180,
            needs=CONFIRM,
            starts_agent=True,
            fixes="a stuck or damaged snapshot extension: moved aside, the agent installs it again",
            interrupts="restart of the agent; refused while a backup runs",
        ),
        Remedy(
            "win_winhttp_proxy",
            WINDOWS,
            seconds=120,
            fixes=(
                "a WinHTTP proxy that is not the expected one, is more than scheme, host and port, or receives traffic "
                "to the Azure host"
            ),
        ),
        Remedy(
            "win_bcdragent",
            WINDOWS,
            seconds=120,
            needs=CONFIRM,
            fixes=(
                "values that the snapshot extension cannot read; copy-only snapshots where SQL Server "
                "makes its own backups"
            ),
        ),
        Remedy(
            "win_snapshot_extension",
            WINDOWS,
            seconds=300,
            needs=CONFIRM,
            fixes="a registration of the snapshot extension that keeps the agent from installing it again",
            interrupts="restart of `WindowsAzureGuestAgent`",
        ),
        Remedy(
            "win_backup_services",
            WINDOWS,
            seconds=420,
            starts_agent=("restarted",),
            # By itself the module sees to all services. A fix leaves what it does not name: MSDTC asks first.
            defaults={"services": [], "recovery": []},
            fixes="services that are stopped, disabled or not restarted after a crash, and the account of MSDTC",
            asks="for MSDTC",
            interrupts=(
                "start of the services; restart of MSDTC and of the services that depend on it where its account "
                "changes; restart of the agent only where key isolation (`KeyIso`) was missing"
            ),
        ),
    )
}
