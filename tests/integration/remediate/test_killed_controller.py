# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests: `kill -9` of a fix in each of its phases, and two at once: the next fix and each undo are right."""

import contextlib
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lab.command import wait_until
from lab.hosts import changes
from remediate_faults import CONF, FAULTS
from static_guest import is_static

pytestmark = pytest.mark.lab

FIX, UNDO = "playbooks/fix.yml", "playbooks/undo.yml"
NAMES = {"a-canary": "extensions-off", "b-second": "extensions-off", "c-static": "static-ifupdown"}
ONLY = ["extensions_enabled", "agent_configuration", "dhcp_enabled"]
ENDED = "The run or the connection ended before this host was fixed"
NOTHING = dict.fromkeys(NAMES, [])
WATCHERS = "systemctl list-units --plain --no-legend 'vmbackup-guard-*'"
KILLS = [
    ("before-any-batch", "Note what was found", 0.0),
    ("before-the-restart", "Restart the agent", 0.0),
    ("between-batches", "Stop the run where a fix broke something", 0.5),
    ("before-the-confirmation", "Connect over a new one", 3.0),
]


@pytest.fixture
def guests(lab, lab_host):
    def boot(name):
        fault = FAULTS[NAMES[name]]
        guest = lab_host(fault.suite, name=name, client=fault.client)
        guest.wait_agent()
        guest.exec(fault.script.replace("{address}", guest.address), timeout=120)
        return guest

    with ThreadPoolExecutor(len(NAMES)) as pool:
        return dict(zip(NAMES, pool.map(boot, NAMES), strict=True))


class Controller:
    def __init__(self, lab, guests, folder):
        self.lab, self.guests, self.folder = lab, guests, folder

    def run(self, playbook, *arguments, env=None, **variables):
        given = {"remediate_allow": "auto,confirm", "diagnose_only": ONLY, "diagnose_timeout": 60, **variables}
        hosts = list(self.guests.values())
        options = {"hosts": hosts, "extra_vars": given, "arguments": arguments, "env": env}
        return self.lab.playbook(playbook, check=False, timeout=900, **options)

    def fix(self, run_id, *arguments, env=None):
        report = {"fix_report_dir": str(self.folder), "fix_serial": [1, 1, 1]}
        return self.run(FIX, *arguments, env=env, remediate_run_id=run_id, **report)

    def killed(self, run_id, task, after):
        env = {"ANSIBLE_CALLBACKS_ENABLED": "lab_record,lab_kill"}
        env |= {"VMBACKUP_LAB_KILL_AT": task, "VMBACKUP_LAB_KILL_AFTER": str(after)}
        outcome = self.fix(run_id, env=env)
        assert outcome.rc == -signal.SIGKILL, outcome.stdout
        wait_until("end of its workers", lambda: not processes(f'"remediate_run_id": "{run_id}"'))

    def fixes(self):
        return {one["host"]: one for one in json.loads((self.folder / "fix.json").read_text("utf-8"))["hosts"]}


def processes(word):
    """Command lines with this word: workers of a killed run finish their task."""
    return [line for line in map(_command_line, Path("/proc").glob("[0-9]*/cmdline")) if word in line]


def _command_line(path):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return path.read_text("utf-8", "replace")
    return ""


def test_killed_in_each_phase(lab, guests, tmp_path):
    controller = Controller(lab, guests, tmp_path)
    before = {name: guest.snapshot("/etc") for name, guest in guests.items()}
    conf = "Extensions.Enabled=y"

    controller.killed(*KILLS[0])
    assert {name: changes(before[name], guest.snapshot("/etc")) for name, guest in guests.items()} == NOTHING

    controller.killed(*KILLS[1])
    assert {one["failed"] for one in controller.fixes().values()} == {ENDED}
    assert conf in guests["a-canary"].read(CONF) and conf not in guests["b-second"].read(CONF)

    # The agent that still runs with its old file is restarted by the next fix, and only then is it the turn of others.
    controller.killed(*KILLS[2])
    assert controller.fixes()["a-canary"]["done"] == ["waagent_service"]
    assert {name for name, one in controller.fixes().items() if one["failed"] == ENDED} == {"b-second", "c-static"}
    # On a busy machine the kill may be late enough for a worker to write the file of the next one.
    rest = "waagent_service" if conf in guests["b-second"].read(CONF) else "waagent_conf"

    controller.killed(*KILLS[3])
    assert controller.fixes()["b-second"]["done"] == [rest]
    # Two minutes later the old configuration comes back, and this host would be fixed once more.
    on_trial = controller.fix("next", "--limit", "c-static")
    (left,) = controller.fixes()["c-static"]["left"]
    assert left["check"] == "dhcp_enabled" and "is not confirmed" in left["why"], on_trial.stdout
    assert controller.run(UNDO, undo_run_id=KILLS[3][0]).rc == 0
    wait_until("old address", lambda: is_static(guests["c-static"]))

    other = Controller(lab, guests, tmp_path / "other")
    with ThreadPoolExecutor(2) as pool:
        both = [one.result() for one in [pool.submit(controller.fix, "one"), pool.submit(other.fix, "two")]]
    said = [outcome.stdout for outcome in both]
    assert sorted(outcome.rc for outcome in both)[0] == 0, said
    assert "inet dhcp" in guests["c-static"].read("/etc/network/interfaces.d/eth0")
    runs = {run["run_id"] for name in NAMES for run in lab.module(guests[name], "vmbackup.azure.journal_info")["runs"]}
    for run_id in [run_id for run_id in ("two", "one", *(kill[0] for kill in KILLS[:0:-1])) if run_id in runs]:
        undone = controller.run(UNDO, undo_run_id=run_id)
        assert undone.rc == 0, undone.stdout
    wait_until("end of the watchers", lambda: not guests["c-static"].exec(WATCHERS, check=False).stdout)
    assert {name: changes(before[name], guest.snapshot("/etc")) for name, guest in guests.items()} == NOTHING
    assert is_static(guests["c-static"])
