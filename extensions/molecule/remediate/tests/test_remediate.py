# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both guests are put right, each with a journal that can take it back."""


def test_agent_runs_and_comes_back(host):
    service = host.service("walinuxagent")
    assert service.is_running and service.is_enabled
    assert host.check_output("systemctl show walinuxagent --property=Restart") == "Restart=always"


def test_extensions_are_on(host):
    assert host.file("/etc/waagent.conf").contains("^Extensions.Enabled=y$")


def test_the_run_is_in_the_journal(host):
    with host.sudo():
        assert host.check_output("ls /var/lib/vmbackup/journal/*/run.json")
