# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a booted guest: the agent logs more, and the guest ends that by itself, across a reboot."""

import pytest
from lab.command import wait_until
from lab.hosts import changes

pytestmark = pytest.mark.lab

CONF, LOG = "/etc/waagent.conf", "/var/log/waagent.log"


def verbose_lines(guest):
    return int(guest.exec(f"grep -c ' VERBOSE ' {LOG}", check=False).stdout or 0)


def test_it_ends_by_itself_across_a_reboot(lab, lab_host):
    guest = lab_host("bookworm")
    guest.wait_agent()
    before, conf, lines = guest.snapshot("/etc"), guest.read(CONF), verbose_lines(guest)
    outcome = lab.playbook("vmbackup.azure.verbose_logging", hosts=[guest], extra_vars={"verbose_logging_minutes": 2})
    assert outcome.rc == 0 and guest.read(CONF) != conf
    wait_until("verbose lines", lambda: verbose_lines(guest) > lines)
    guest.reboot()
    wait_until("end of verbose logging", lambda: guest.read(CONF) == conf)
    wait_until("no timer", lambda: not changed(before, guest))
    assert changed(before, guest) == []
    failed = guest.exec("systemctl list-units --all 'vmbackup*' --no-legend", check=False).stdout
    assert "failed" not in failed
    lines = verbose_lines(guest)
    guest.wait_agent(since=guest.restart_agent())
    assert verbose_lines(guest) == lines


def test_it_can_be_ended_at_once(lab, lab_host):
    guest = lab_host("trixie")
    before = guest.snapshot("/etc")
    lab.playbook("vmbackup.azure.verbose_logging", hosts=[guest])
    again = lab.playbook("vmbackup.azure.verbose_logging", hosts=[guest])
    assert not again.changed()
    lab.playbook("vmbackup.azure.verbose_logging", hosts=[guest], extra_vars={"verbose_logging_state": "absent"})
    assert changed(before, guest) == []


def changed(before, guest):
    return [line for line in changes(before, guest.snapshot("/etc")) if "lab-filler" not in line]
