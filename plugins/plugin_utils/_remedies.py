# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remedies of the collection, in the order in which a plan applies them."""

from __future__ import annotations

from ._engine._model import AZURE, CONFIRM, LINUX, WINDOWS, Remedy

REMEDIES = {
    remedy.name: remedy
    for remedy in (
        Remedy("azure_vm_extension", AZURE, seconds=900, needs=CONFIRM, slow=True),
        Remedy("azure_vm_power", AZURE, seconds=1800, needs=CONFIRM, slow=True),
        Remedy("guest_dhcp", LINUX, seconds=420, needs=CONFIRM, confirmed=True),
        Remedy("win_guest_dhcp", WINDOWS, seconds=480, needs=CONFIRM, confirmed=True),
        Remedy("agent_version", LINUX, seconds=900, needs=CONFIRM, slow=True, needs_restart=True),
        Remedy("waagent_conf", LINUX, seconds=60, needs_restart=True, proved_at_once=True),
        Remedy("vmbackup_conf", LINUX, seconds=60),
        Remedy("environment_proxy", LINUX, seconds=60, needs_restart=True),
        Remedy(
            "waagent_service",
            LINUX,
            seconds=120,
            starts_agent=True,
            restart={"state": "restarted"},
            # Whether the agent starts at boot is a finding of its own.
            defaults={"enabled": False},
        ),
        Remedy("snapshot_extension", LINUX, seconds=180, needs=CONFIRM, starts_agent=True),
        Remedy("win_winhttp_proxy", WINDOWS, seconds=120),
        Remedy("win_bcdragent", WINDOWS, seconds=120, needs=CONFIRM),
        Remedy("win_snapshot_extension", WINDOWS, seconds=180, needs=CONFIRM),
        Remedy("win_backup_services", WINDOWS, seconds=300, starts_agent=("restarted",)),
    )
}
