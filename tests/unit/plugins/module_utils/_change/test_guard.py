# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dead-man switch: it lives on the journal's copy of the code, decides once, and puts everything back."""

import os
import subprocess
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import guard, restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import guest_dhcp
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep

STATIC, DHCP = b"iface eth0 inet static\n", b"iface eth0 inet dhcp\n"


@pytest.fixture
def armed(tmp_path, monkeypatch):
    """Arms a switch over a change, as guest_dhcp does; returns run, file, log and the watcher process."""
    started = []
    monkeypatch.setattr(guard, "_start", lambda argv, folder, run_id: started.append((argv, folder)))
    path, log = tmp_path / "interfaces", tmp_path / "log"
    path.write_bytes(STATIC)

    def arm(seconds, command=None, ready=True):
        apply = [command or ["sh", "-c", f"cat {path} >>{log}"]]
        source = guest_dhcp.Source("ifupdown", "eth0", [], apply)
        steps = [guest_dhcp.EffectStep(source), guest_dhcp.ArmStep(source, seconds), FileStep(str(path), DHCP)]
        if ready:
            steps.append(guest_dhcp.ReadyStep())
        context = transaction.Context("guest_dhcp", False, "net", str(tmp_path / "journal"))
        transaction.execute(lambda: transaction.Plan(steps, {}, {}), context)
        argv, folder = started[0]
        run = context.journal.find("net")
        code = argv[2].replace("g.watch", "g.DELAY_SECONDS = 0; g.READY_SECONDS = 0.2; g.watch")
        # Isolated: the watcher must not need anything but the copy.
        bare = f"import sys; sys.path.insert(0, {folder!r}); {code}"
        return run, path, log, subprocess.Popen([sys.executable, "-I", "-c", bare, argv[3]])

    yield arm


def wait_for(happened):
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_without_confirmation_the_old_file_comes_back_and_takes_effect(armed):
    run, path, log, watcher = armed(0.3)
    assert watcher.wait(20) == 0
    assert path.read_bytes() == STATIC
    assert log.read_bytes() == DHCP + STATIC
    assert guard.decision(run.path) == guard.REVERTED
    with pytest.raises(ChangeError, match="the old configuration is back: it was not confirmed in time"):
        guest_dhcp.confirm(
            {"run_id": "net"}, transaction.Context("guest_dhcp", False, "net", os.path.dirname(run.path))
        )


def test_confirmed_it_stays(armed):
    run, path, log, watcher = armed(60)
    wait_for(lambda: guard.note(run.path, guard.APPLIED) is not None)
    assert guard.decide(run.path, guard.CONFIRMED) == guard.CONFIRMED
    assert watcher.wait(20) == 0
    assert path.read_bytes() == DHCP and log.read_bytes() == DHCP
    # Undo still works, and makes the old file take effect.
    context = transaction.Context("journal_restore", False, None, os.path.dirname(run.path))
    assert restore.work({"run_id": "net"}, context)["changed"]
    assert path.read_bytes() == STATIC and log.read_bytes() == DHCP + STATIC
    assert not restore.work({"run_id": "net"}, context)["changed"]


def test_a_configuration_that_fails_is_taken_back_at_once(armed):
    run, path, _log, watcher = armed(60, ["sh", "-c", "echo no such device >&2; exit 1"])
    watcher.wait(20)
    assert path.read_bytes() == STATIC
    assert "no such device" in guard.note(run.path, guard.APPLIED)


def test_a_run_that_was_killed_before_it_was_ready_is_taken_back(armed):
    run, path, log, watcher = armed(60, ready=False)
    assert watcher.wait(20) == 0
    assert path.read_bytes() == STATIC
    assert guard.note(run.path, guard.APPLIED) is None
    assert log.read_bytes() == STATIC


def test_the_first_decision_holds(tmp_path):
    assert guard.decide(str(tmp_path), guard.REVERTED) == guard.REVERTED
    assert guard.decide(str(tmp_path), guard.CONFIRMED) == guard.REVERTED


def test_one_run_arms_one_switch(armed):
    run, _path, _log, watcher = armed(0.1)
    watcher.wait(20)
    with pytest.raises(ChangeError, match="take another run_id"):
        guard.arm(run, [], 1)


def test_only_the_interface_is_taken_back_of_a_larger_run(armed, tmp_path):
    other = tmp_path / "other"
    context = transaction.Context("waagent_conf", False, "net", str(tmp_path / "journal"))
    transaction.execute(lambda: transaction.Plan([FileStep(str(other), b"kept")], {}, {}), context)
    _run, path, _log, watcher = armed(0.1)
    watcher.wait(20)
    assert path.read_bytes() == STATIC and other.read_bytes() == b"kept"
