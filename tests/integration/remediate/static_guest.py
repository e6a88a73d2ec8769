# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A booted guest with a static address that guest_dhcp changes, and how it is to stand afterwards."""

import time

from lab.command import PATIENCE, wait_until
from lab.hosts import changes

RUN = "cut-off"
JOURNAL_ROOT = "/var/lib/vmbackup/journal"
JOURNAL = f"{JOURNAL_ROOT}/{RUN}"
UNIT = f"vmbackup-guard-{RUN}.service"


def is_static(guest):
    """Whether the interface has its address, and not from a DHCP server."""
    shown = guest.exec("ip -4 address show dev eth0", check=False).stdout
    return f" {guest.address}/16 " in shown and "dynamic" not in shown


def state(guest, run=RUN):
    return guest.exec(
        f"cd {JOURNAL_ROOT}/{run}; ls guard-armed guard-confirmed guard-revert* guard-left", check=False
    ).stdout.split()


class Static:
    """A guest with a static address, whose change to DHCP is under way."""

    def __init__(self, lab, guest, script):
        self.lab, self.guest = lab, guest
        guest.exec(script.replace("{address}", guest.address))
        wait_until("static address", lambda: is_static(guest))
        self.before = guest.snapshot("/etc")

    def change(self, seconds=600, run=RUN):
        result = self.call(state="dhcp", confirm_within=seconds, run_id=run)
        assert result["confirm_required"] is True
        return result

    def call(self, check=True, run_id=RUN, **options):
        return self.lab.module(self.guest, "vmbackup.azure.guest_dhcp", {"run_id": run_id, **options}, check=check)

    def wait_applied(self, run=RUN):
        applied = ["test", "-e", f"{JOURNAL_ROOT}/{run}/guard-applied"]
        wait_until("note", lambda: self.guest.exec(applied, check=False).returncode == 0)
        wait_until("new address", lambda: "dynamic" in self.guest.exec("ip -4 address show dev eth0").stdout)

    def assert_back(self, reason, seconds=PATIENCE, run=RUN):
        """Wait for the old configuration, to the byte; returns when its address was back, on the monotonic clock."""
        wait_until("old configuration", lambda: state(self.guest, run) == ["guard-reverted"], seconds)
        wait_until("static address", lambda: is_static(self.guest))
        back = time.monotonic()
        self.guest.wait_ssh()
        result = self.call(state="confirmed", check=False, run_id=run)
        assert f"the old configuration is back: {reason}" in result["msg"]
        assert [line for line in changes(self.before, self.guest.snapshot("/etc")) if "lab-filler" not in line] == []
        unit = f"vmbackup-guard-{run}.service"
        shown = ["systemctl", "is-active", unit]
        wait_until("end of the watcher", lambda: self.guest.exec(shown, check=False).stdout.strip() == "inactive")
        assert self.guest.exec("systemctl --failed --plain --no-legend").stdout == ""
        return back
