# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verbose logging ends: at its time, at once, after a kill at any point, and whatever else became of the file."""

import subprocess
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import expiry, restore, steps, undo_actions
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.journal import Journal
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import (
    verbose_logging,
    waagent_conf,
    waagent_service,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.systemd import Systemd
from ansible_collections.vmbackup.azure.plugins.module_utils._change.transaction import Context, Plan, execute
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.processes import Process

CONF = b"# site\nLogs.Verbose = n # quiet\r\nExtensions.Enabled=y\n"
TIMER = "vmbackup-verbose-logging.timer"

SYSTEMCTL = """#!/bin/sh
echo "$*" >>{folder}/systemctl.log
case "$*" in
*show*{timer})
  test -e {folder}/active && echo ActiveState=active || echo ActiveState=inactive
  echo LoadState=loaded ;;
*" enable "*) mkdir -p {units}/timers.target.wants; ln -s x {units}/timers.target.wants/{timer} ;;
*" disable "*) rm {units}/timers.target.wants/{timer} ;;
*" start "*) touch {folder}/active ;;
*" stop "*) rm {folder}/active ;;
esac
"""


class Guest:
    """A folder in place of a guest with systemd (or cron), an agent and its file."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.units, self.cron = folder, folder / "units", folder / "cron.d"
        self.conf, self.journal, self.restarts = folder / "waagent.conf", folder / "journal", []
        self.conf.write_bytes(CONF)
        self.cron.mkdir()
        self.units.mkdir()
        tools = folder / "bin"
        tools.mkdir()
        (tools / "systemctl").write_text(SYSTEMCTL.format(folder=folder, units=self.units, timer=TIMER))
        (tools / "systemctl").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
        monkeypatch.setattr(verbose_logging.surroundings, "settle", lambda: None)
        monkeypatch.setattr(Systemd, "is_running", staticmethod(lambda: True))
        for module in (expiry, restore, undo_actions, sys.modules[Systemd.__module__]):
            monkeypatch.setattr(module, "DROPIN_DIRECTORY", str(self.units), raising=False)
        monkeypatch.setattr(expiry, "CRON_DIRECTORY", str(self.cron))
        monkeypatch.setattr(waagent_conf, "find", lambda: str(self.conf))
        monkeypatch.setattr(waagent_conf.processes, "daemons", lambda _host: [Process(1, ["waagent"])])
        monkeypatch.setattr(waagent_conf, "runs_with_older", lambda _path: False)
        monkeypatch.setattr(waagent_service, "work", lambda params, context: self.restarts.append(context.check))

    def call(self, check=False, **options):
        wanted = {"state": "present", "minutes": 60, **options}
        return verbose_logging.work(wanted, Context("verbose_logging", check, options.get("run_id"), str(self.journal)))

    def expire(self, result, over=None):
        verbose_logging.expire(str(self.journal), result["run_id"], over or int(time.time()))

    def left(self):
        return sorted(path.name for path in [*self.units.rglob("*"), *self.cron.iterdir()] if not path.is_dir())

    def assert_over(self, conf=CONF):
        assert (self.conf.read_bytes(), self.left(), (self.folder / "active").exists()) == (conf, [], False)


@pytest.fixture
def guest(tmp_path, monkeypatch):
    return Guest(tmp_path, monkeypatch)


def is_verbose(guest):
    return b"Logs.Verbose=y\n" in guest.conf.read_bytes()


def test_at_its_time_the_old_bytes_are_back_and_nothing_is_left(guest):
    result = guest.call()
    assert is_verbose(guest) and result["changed"] and result["restarted"] and guest.restarts == [False]
    assert set(guest.left()) == {TIMER, TIMER.replace("timer", "service")}
    guest.expire(result, int(time.time()) + 600)
    assert is_verbose(guest)  # not yet
    guest.expire(result)
    guest.assert_over()
    assert guest.restarts == [False, False]
    assert guest.call()["changed"]  # and again


def test_the_timer_names_the_time_and_a_program_that_runs_by_itself(guest):
    result = guest.call(minutes=90)
    timer = (guest.units / TIMER).read_text()
    over = time.strptime(result["until"], "%Y-%m-%dT%H:%M:%SZ")
    assert time.strftime("OnCalendar=%Y-%m-%d %H:%M:%S UTC\n", over) in timer and "OnBootSec=" in timer
    service = (guest.units / TIMER.replace("timer", "service")).read_text()
    command = next(line for line in service.splitlines() if line.startswith("ExecStart=")).partition("=")[2]
    words = [word.strip('"') for word in command.split()]
    assert subprocess.run(words, capture_output=True, check=True, env={}).stderr == b""


@pytest.mark.parametrize("undo", ["absent", "journal"])
def test_it_can_be_undone_at_once(guest, undo):
    run_id = guest.call()["run_id"]
    if undo == "absent":
        result = guest.call(state="absent")
        assert result["after"] == {"Logs.Verbose": "n"} and result["run_id"] == run_id and result["restarted"]
        assert not guest.call(state="absent")["changed"]
    else:
        context = Context("journal_restore", journal_dir=str(guest.journal))
        assert restore.work({"run_id": run_id}, context)["restart_required"]
    guest.assert_over()


def test_check_mode_changes_nothing(guest):
    result = guest.call(check=True)
    assert (result["changed"], result["before"], result["after"]) == (
        True,
        {"Logs.Verbose": "n"},
        {"Logs.Verbose": "y"},
    )
    guest.assert_over()
    assert not guest.journal.exists()
    guest.call()
    assert guest.call(check=True, state="absent")["changed"] and is_verbose(guest)
    assert guest.restarts == [True, False]


def test_a_second_call_keeps_the_first_ones_time(guest):
    until = guest.call()["until"]
    again = guest.call(minutes=600)
    assert (again["changed"], again["until"]) == (False, until)


def test_an_agent_that_was_verbose_before_stays_so(guest):
    guest.conf.write_bytes(b"Logs.Verbose=y\n")
    result = guest.call()
    assert not result["changed"] and result["until"] is None
    assert result["warnings"] == ["Logs.Verbose was set before; nothing turns it off"]
    guest.assert_over(b"Logs.Verbose=y\n")


@pytest.mark.parametrize(
    ("edited", "left"),
    [
        (lambda data: data + b"Logs.Console=n\n", b"Logs.Verbose=n\n"),
        (lambda data: data.replace(b"Verbose=y", b"Verbose=n"), b"Logs.Verbose=n\n"),
    ],
)
def test_of_a_file_that_someone_else_changed_only_the_key_goes_back(guest, edited, left):
    result = guest.call()
    guest.conf.write_bytes(edited(guest.conf.read_bytes()))
    expected = guest.conf.read_bytes().replace(b"Logs.Verbose=y\n", left)
    guest.expire(result)
    guest.assert_over(expected)


def test_a_file_that_is_gone_holds_nothing_up(guest):
    result = guest.call()
    guest.conf.unlink()
    guest.expire(result)
    assert guest.left() == []


@pytest.mark.parametrize("point", ["file", "restart"])
def test_a_call_that_dies_is_ended_as_well(guest, monkeypatch, point):
    def die(*_args):
        raise KeyboardInterrupt

    def apply(step, run, real=steps.FileStep.apply):
        real(step, run)
        if step.path == str(guest.conf):
            die()

    with monkeypatch.context() as killed:
        if point == "file":
            killed.setattr(steps.FileStep, "apply", apply)
        else:
            killed.setattr(verbose_logging, "_restart", die)
        with pytest.raises(KeyboardInterrupt):
            guest.call(run_id="killed")
    assert is_verbose(guest) and TIMER in guest.left()
    guest.expire({"run_id": "killed"})
    guest.assert_over()


def test_a_run_of_other_modules_awaits_nothing_once_it_is_over(guest):
    result = guest.call(run_id="night")
    other = guest.folder / "other"
    context = Context("test", False, "night", str(guest.journal))
    execute(lambda: Plan([steps.FileStep(str(other), b"new")], {}, {}), context)
    run = Journal(str(guest.journal)).find("night")
    assert run.awaits_its_end
    guest.expire(result)
    guest.assert_over()
    assert not run.awaits_its_end and not run.undone and other.exists()


@pytest.mark.parametrize(("failing", "ends"), [("service", False), ("waagent.conf", True)])
def test_a_call_that_fails_leaves_a_program_only_where_something_calls_it(guest, monkeypatch, failing, ends):
    def apply(step, run, real=steps.FileStep.apply):
        if step.path.endswith(failing):
            raise ChangeError("the disk is full")
        real(step, run)

    with monkeypatch.context() as full:
        full.setattr(steps.FileStep, "apply", apply)
        with pytest.raises(ChangeError, match="the disk is full"):
            guest.call(run_id="night")
    run = Journal(str(guest.journal)).find("night")
    assert run.awaits_its_end == ends
    if ends:
        guest.expire({"run_id": "night"})
        guest.assert_over()
        assert not run.awaits_its_end


def test_what_failed_is_tried_again_because_its_timer_stays(guest, monkeypatch):
    def refused(*_given):
        raise ChangeError("Cannot restart")

    result = guest.call()
    with monkeypatch.context() as broken:
        broken.setattr(waagent_service, "work", refused)
        with pytest.raises(SystemExit, match="Cannot restart"):
            guest.expire(result)
    assert guest.conf.read_bytes() == CONF and TIMER in guest.left()
    guest.expire(result)
    guest.assert_over()


def test_without_systemd_cron_does_it(guest, monkeypatch):
    monkeypatch.setattr(Systemd, "is_running", staticmethod(lambda: False))
    monkeypatch.setattr(expiry.processes, "listed", lambda _host: [Process(1, ["/usr/sbin/crond"])])
    result = guest.call()
    assert guest.left() == ["vmbackup-verbose-logging"]
    line = (guest.cron / "vmbackup-verbose-logging").read_text().splitlines()[-1]
    assert line.startswith("*/5 * * * * root ")
    subprocess.run(["sh", "-c", line.split("root ")[1]], check=True, env={})
    guest.expire(result)
    guest.assert_over()


def test_a_host_that_nothing_would_end_it_on_is_refused(guest, monkeypatch):
    monkeypatch.setattr(Systemd, "is_running", staticmethod(lambda: False))
    monkeypatch.setattr(expiry.processes, "listed", lambda _host: [Process(1, ["init"])])
    with pytest.raises(ChangeError, match="Cannot set a time limit for .* neither systemd nor a running cron"):
        guest.call()
    guest.assert_over()


@pytest.mark.parametrize("minutes", [0, 10081])
def test_a_time_without_measure_is_refused(guest, minutes):
    with pytest.raises(ChangeError, match="give 1 to 10080 minutes"):
        guest.call(minutes=minutes)
