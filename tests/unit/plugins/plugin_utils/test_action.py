# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which probe a guest is asked by, and whether by sudo, is told by its shell, whatever the connection."""

import contextlib
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.loader import shell_loader
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _action
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import ProbeAction
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import PLATFORMS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import CONNECTION_SECONDS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import joined
from ansible_collections.vmbackup.azure.plugins.plugin_utils._script import probe_script

OPTIONS = {"timeout": 15.0, "become": None}


class Connection:
    """What the action asks of one, with the task's ``become: true``."""

    def __init__(self, shell):
        self._shell = shell_loader.get(shell)
        self.become = "sudo"

    def set_become_plugin(self, plugin):
        self.become = plugin


class Action(ProbeAction):
    """Keeps which probe it would have run."""

    run = None

    def __init__(self, shell):
        self._connection = Connection(shell)

    def _by_script(self, arguments, task_vars):
        return self._asked("script")

    def _by_module(self, name, arguments, task_vars):
        return self._asked(name)

    def _asked(self, what):
        self.asked = what
        platform = "windows" if "win_" in what else "linux"
        return {"schema": 1, "platform": platform, "mode": "live", "privileged": True, "missing": {}}


def test_a_guest_has_one_limit_for_all_that_is_tried(monkeypatch):
    """A try of the proof counts so many seconds, also where the script gave no answer and the module is asked."""
    now, given = [100.0], []

    def guarded(seconds):
        given.append(seconds)
        return contextlib.nullcontext()

    class Slow(Action):
        _task = SimpleNamespace(timeout=0)

        def _asked(self, what):
            with self._guarded():
                now[0] += 50
            return None if what == "script" else super()._asked(what)

    monkeypatch.setattr(_action, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(_action._connection, "guarded", guarded)
    Slow("sh").guest_state(OPTIONS, {})
    assert given == [15 + CONNECTION_SECONDS, 15 + CONNECTION_SECONDS - 50]


def test_what_is_sent_to_a_guest_stays_small():
    assert len(probe_script()) < 85_000


def test_all_checks_of_a_guest_are_found_before_a_worker_is_forked():
    """Else each worker, which judges one host, does it anew."""
    made = joined.cache_info().misses
    for platform in PLATFORMS:
        joined(platform)
    assert joined.cache_info().misses == made


@pytest.mark.parametrize(
    ("shell", "probe"),
    [
        ("sh", "script"),
        ("powershell", "vmbackup.azure.win_guest_state_info"),  # WinRM, PSRP, and SSH with PowerShell
        ("cmd", "vmbackup.azure.win_guest_state_info"),  # SSH as Windows comes: its shell is cmd.exe
    ],
)
def test_the_shell_tells_the_probe(shell, probe):
    action = Action(shell)
    action.guest_state(OPTIONS, {})
    assert action.asked == probe


@pytest.mark.parametrize(
    ("shell", "wanted", "become"),
    [
        ("sh", None, "sudo"),
        ("sh", True, "sudo"),
        ("sh", False, None),
        ("powershell", None, None),
        ("cmd", None, None),
        ("powershell", True, "sudo"),
        ("powershell", False, None),
    ],
)
def test_become_is_for_guests_that_have_sudo(shell, wanted, become):
    action = Action(shell)
    action.guest_state({**OPTIONS, "become": wanted}, {})
    assert action._connection.become == become


def test_a_file_tree_is_no_windows_guest():
    with pytest.raises(AnsibleActionFail, match="Cannot read a file tree on Windows"):
        Action("powershell").guest_state({**OPTIONS, "root": "/mnt"}, {})
