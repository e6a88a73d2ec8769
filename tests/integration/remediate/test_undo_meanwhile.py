# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests: a run is undone while the fix that makes it is at work. Each says so, and nothing is half done."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from lab.command import wait_until
from lab.hosts import changes
from remediate_faults import FAULTS
from static_guest import is_static

pytestmark = pytest.mark.lab

RUN = "night"
UNDONE = "the old configuration is back: the run was undone"
MOMENTS = [
    ("extensions-off", "Apply the remedy", "no host has such a run", ""),
    ("extensions-off", "Restart the agent", "brought back", "Extensions.Enabled"),
    ("static-ifupdown", "Connect over a new one", "brought back", UNDONE),
    ("static-ifupdown", "Keep the new configuration", "brought back", UNDONE),
]


def boot(lab_host, moment):
    name, task, *_said = moment
    fault = FAULTS[name]
    guest = lab_host(fault.suite, name="-".join([name, *task.lower().split()[:2]]), client=fault.client)
    guest.wait_agent()
    guest.exec(fault.script.replace("{address}", guest.address), timeout=120)
    return guest, guest.snapshot("/etc")


def meanwhile(lab, guest, moment, folder):
    """The outcomes of a fix that is held before a task, and of the undo of its run at that moment."""
    _name, task, *_said = moment
    folder.mkdir()

    def play(name, env=None, **given):
        given = {"diagnose_only": ["extensions_enabled", "agent_configuration", "dhcp_enabled"], **given}
        given |= {"remediate_allow": "auto,confirm", "diagnose_timeout": 60, "fix_report_dir": str(folder)}
        return lab.playbook(name, hosts=[guest], extra_vars=given, env=env, check=False, timeout=900)

    env = {"ANSIBLE_CALLBACKS_ENABLED": "lab_record,lab_pause"}
    env |= {"VMBACKUP_LAB_PAUSE_AT": task, "VMBACKUP_LAB_PAUSE": str(folder)}
    with ThreadPoolExecutor(1) as pool:
        fix = pool.submit(play, "playbooks/fix.yml", env, remediate_run_id=RUN)
        try:
            wait_until(task, lambda: (folder / "reached").exists() or fix.done())
            undo = play("playbooks/undo.yml", undo_run_id=RUN)
        finally:
            (folder / "go").touch()
        return fix.result(), undo, lambda: play("playbooks/undo.yml", undo_run_id=RUN)


def test_undone_while_the_fix_is_at_work(lab, lab_host, tmp_path):
    with ThreadPoolExecutor(len(MOMENTS)) as pool:
        booted = list(pool.map(lambda moment: boot(lab_host, moment), MOMENTS))
        folders = [tmp_path / str(number) for number in range(len(MOMENTS))]
        guests = [guest for guest, _before in booted]
        both = list(pool.map(lambda *given: meanwhile(lab, *given), guests, MOMENTS, folders))
    for (guest, before), (name, task, undone, why), (fix, undo, again), folder in zip(
        booted, MOMENTS, both, folders, strict=True
    ):
        said = f"{name}, before '{task}': {fix.stdout}\n{undo.stdout}"
        assert undone in " ".join(undo.stdout.split()) and (undo.rc == 0) == bool(why), said
        (one,) = json.loads((folder / "fix.json").read_text("utf-8"))["hosts"]
        assert (fix.rc == 0) == (not why) and why in str(one["failed"]), said
        # What the fix did after that is undone by the same run.
        assert again().rc == 0
        wait_until("old address", lambda guest=guest, name=name: "static" not in name or is_static(guest))
        assert changes(before, guest.snapshot("/etc")) == [], said
