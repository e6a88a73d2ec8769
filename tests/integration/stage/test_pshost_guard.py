# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dead-man switch of Windows on a real PowerShell engine: whatever happens, the old state comes back.

The thing that is changed is a file, and the task scheduler a folder with the scripts that it would start.
"""

import json
import subprocess
from pathlib import Path

import pytest

UTILS = Path(__file__).resolve().parents[3] / "plugins/module_utils"
MODULES = [UTILS / f"_Win{name}.psm1" for name in ("SharedHost", "ChangeJournal", "Change", "ChangeGuard")]
REASON = "the host was restarted, or the watcher was ended"

FAKES = """
Function Read-VmbFake { param ($Target) [ordered]@{ value = (Get-VmbText $Target.path).Trim() } }
Function Write-VmbFake {
    param ($Target, $State, $Extra)
    $null = $Extra
    if (Test-Path "$folder/refused") { Remove-Item "$folder/refused"; throw 'it is in use' }
    Set-Content -LiteralPath $Target.path -Value $State.value
}
Function New-ScheduledTaskAction { param ($Execute, $Argument) $Argument -replace '.*"(.*)"', '$1' }
Function New-ScheduledTaskPrincipal { param ($UserId, $LogonType, $RunLevel) $UserId }
Function New-ScheduledTaskSettingsSet {
    param (
        [switch]$AllowStartIfOnBatteries, [switch]$DontStopIfGoingOnBatteries, $MultipleInstances, $ExecutionTimeLimit
    )
    "$MultipleInstances $ExecutionTimeLimit"
}
Function New-ScheduledTaskTrigger {
    param ([switch]$AtStartup, [switch]$Once, $At, $RepetitionInterval, $RepetitionDuration)
    if ($AtStartup) { 'boot' } else { "every $RepetitionInterval" }
}
Function Register-ScheduledTask {
    [CmdletBinding()]
    param ($TaskName, $Action, $Principal, $Settings, $Trigger, [switch]$Force)
    if (Test-Path "$folder/no-scheduler") { throw 'the service does not run' }
    Set-Content "$folder/task" $TaskName, $Action, $Principal, $Settings, ($Trigger -join ', ')
}
Function Start-ScheduledTask { [CmdletBinding()] param ($TaskName) Add-Content "$folder/started" $TaskName }
Function Unregister-ScheduledTask {
    [CmdletBinding(SupportsShouldProcess)]
    param ($TaskName)
    Remove-Item "$folder/task"
}
Function Start-VmbPause { param ($Seconds) [System.Threading.Thread]::Sleep(10) }

"""

# Ends the process at the point that is asked for, of all that change something.
DEATH = """
$script:point = 0
Function Step-ToDeath {
    $script:point++
    if ($script:point -ne $death) { return }
    [System.Diagnostics.Process]::GetCurrentProcess().Kill()
    [System.Threading.Thread]::Sleep(60000)
}
foreach ($name in 'Write-VmbFile', 'Move-VmbGuard', 'Write-VmbFake', 'Unregister-VmbTask') {
    $real = (Get-Item "function:$name").ScriptBlock
    $watched = "Step-ToDeath`n`$result = & {$real} @args`nStep-ToDeath`n`$result"
    Set-Item "function:$name" ([scriptblock]::Create($watched))
}
"""


class Guest:
    """A folder in place of a guest: the thing, its journal with one run that is to change it, the task."""

    def __init__(self, pshost, folder):
        self.pshost, self.folder = pshost, folder
        folder.mkdir()
        self.thing, self.task, self.run = folder / "thing", folder / "task", folder / "journal/one"
        self.thing.write_text("old\n")
        self.run.mkdir(parents=True)
        when = "2026-11-28T00:00:00Z"
        (self.run / "run.json").write_text(json.dumps({"schema": 1, "order": 1, "created": when}))
        entry = {"schema": 1, "order": 1, "time": when, "module": "fake", "kind": "fake", "title": "the file"}
        entry |= {"target": {"path": str(self.thing)}, "extra": None}
        entry |= {"before": {"value": "old"}, "after": {"value": "new"}}
        (self.run / "0001.json").write_text(json.dumps(entry))

    def start(self, script, death=None):
        """Starts PowerShell lines with our functions, side by side as the guard has them."""
        sources = [path.read_text("utf-8").replace("Export-ModuleMember", "#") for path in MODULES]
        start = f"$folder = '{self.folder}'; $run = @{{ path = '{self.run}'; run_id = 'one' }}; $death = {death or 0}"
        parts = ["$ErrorActionPreference = 'Stop'", *sources, FAKES, start, DEATH if death else "", script]
        path = self.folder / f"{len(list(self.folder.glob('*.ps1')))}.ps1"
        path.write_text("\n".join(parts))
        return self.host(path)

    def host(self, path):
        command = [self.pshost, "-NoProfile", "-File", path]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def shell(self, script, death=None):
        """What the lines write; None when their process was ended."""
        process = self.start(script, death)
        out, err = process.communicate(timeout=600)
        if death and process.returncode < 0:
            return None
        assert process.returncode == 0, out + err
        return out.strip()

    def change(self, seconds=600):
        """What the module does."""
        self.shell(f"Start-VmbGuard $run 'fake' {seconds}")

    def arm(self):
        """What the module leaves, at less expense."""
        (self.run / "guard.json").write_text(json.dumps({"schema": 1, "run_id": "one", "module": "fake", "seconds": 0}))
        (self.run / "guard-armed").touch()
        self.task.touch()

    def watch(self, before="", death=None):
        """The task, once."""
        return self.shell(f"{before}\nWatch-VmbRun $run.path", death)

    @property
    def value(self):
        return self.thing.read_text().strip()

    @property
    def state(self):
        names = {path.name for path in self.run.glob("guard-*")}
        (found,) = names & {"guard-armed", "guard-confirmed", "guard-reverting", "guard-reverted"}
        return found.removeprefix("guard-")

    def note(self, name):
        return (self.run / f"guard-{name}").read_text().strip()


@pytest.fixture
def guest(pshost, tmp_path):
    return Guest(pshost, tmp_path / "guest")


def test_the_task_is_started_at_once_at_a_boot_and_every_minute(guest):
    guest.change()
    name, script, account, settings, triggers = guest.task.read_text().splitlines()
    assert (name, script, account) == ("vmbackup-guard-one", f"{guest.run}/guard.ps1", "S-1-5-18")
    assert settings == "IgnoreNew 00:00:00" and triggers == "boot, every 00:01:00"
    assert (guest.folder / "started").read_text().split() == ["vmbackup-guard-one"]
    assert guest.state == "armed" and guest.value == "old"


def test_the_copy_needs_nothing_else(guest):
    guest.change(0)
    # Of the fakes it has the kind; the scheduler is missing, which is asked at the end.
    out, err = guest.host(guest.run / "guard.ps1").communicate(timeout=600)
    assert guest.state == "reverted" and guest.value == "old", out + err


def test_without_confirmation_the_old_state_comes_back(guest):
    guest.change(0)
    guest.watch()
    assert guest.state == "reverted" and guest.value == "old" and not guest.task.exists()
    assert guest.note("reason") == "it was not confirmed in time" and (guest.run / "guard-applied").exists()


def test_confirmed_it_stays(guest):
    guest.change(600)
    watcher = guest.start("Watch-VmbRun $run.path")
    wait = f"while (-not (Test-Path '{guest.run}/guard-applied')) {{ Start-VmbPause 1 }}"
    assert guest.shell(f"{wait}\nMove-VmbGuard $run.path 'armed' 'confirmed'") == "confirmed"
    _out, err = watcher.communicate(timeout=600)
    assert watcher.returncode == 0, err
    assert guest.state == "confirmed" and guest.value == "new" and not guest.task.exists()


def test_the_first_decision_holds(guest):
    guest.change()
    said = guest.shell("Move-VmbGuard $run.path 'armed' 'reverting'\nMove-VmbGuard $run.path 'armed' 'confirmed'")
    assert said.split() == ["reverting", "reverting"]


def test_a_watcher_that_was_ended_or_a_host_that_was_restarted_takes_back_at_once(guest):
    guest.change()
    (guest.run / "guard-started").write_text(" ")
    guest.thing.write_text("new\n")
    guest.watch()
    assert guest.value == "old" and guest.state == "reverted" and guest.note("reason") == REASON


@pytest.mark.parametrize("state", ["armed", "reverting"])
def test_an_undo_that_fails_is_tried_again_and_the_task_stays_until_then(guest, state):
    guest.change()
    (guest.run / "guard-started").write_text(" ")
    (guest.run / "guard-armed").rename(guest.run / f"guard-{state}")
    guest.thing.write_text("new\n")
    (guest.folder / "refused").touch()
    guest.watch("Function Start-VmbPause { if (-not (Test-Path \"$folder/task\")) { throw 'no task' } }")
    assert guest.value == "old" and guest.state == "reverted" and not guest.task.exists()
    assert guest.note("trouble") == "it is in use"


def test_damage_elsewhere_in_the_run_does_not_stop_the_last_resort(guest):
    (guest.run / "0002.json").write_text("{")
    guest.change(0)
    guest.watch()
    assert guest.value == "old" and guest.state == "reverted" and (guest.run / "guard-applied").exists()


def test_a_lock_that_is_held_does_not_stop_the_last_resort(guest):
    guest.change(0)
    # The same lock, but its patience is over at once.
    impatient = """
    Set-Item function:Lock-Patiently (Get-Item function:Lock-VmbJournal).ScriptBlock
    Function Lock-VmbJournal { param ($Folder, $Purpose, $Seconds) Lock-Patiently $Folder $Purpose 0 }
    """
    guest.watch(f"$held = Lock-VmbJournal \"$folder/journal\" 'another run'\n{impatient}")
    assert guest.value == "old" and guest.state == "reverted"


def test_a_full_disk_does_not_stop_the_last_resort(guest):
    guest.change(0)
    full = """
    Set-Item function:Write-Really (Get-Item function:Write-VmbFile).ScriptBlock
    Function Write-VmbFile {
        param ($Path, $Text)
        if ($Path -notmatch 'started|applied') { throw 'the disk is full' }
        Write-Really $Path $Text
    }
    """
    guest.watch(full)
    assert guest.value == "old" and guest.state == "reverted" and not (guest.run / "guard-reason").exists()


def test_what_was_undone_by_hand_is_not_undone_again(guest):
    guest.change(0)
    undone = "Set-Content $folder/thing 'mine'; Set-Content $folder/journal/one/undone.json '{}'"
    guest.watch(f"Function Wait-VmbGuard {{ {undone} }}")
    assert guest.value == "mine" and guest.state == "reverted" and not guest.task.exists()


def test_a_switch_that_cannot_be_started_leaves_everything_as_it_was(guest):
    (guest.folder / "no-scheduler").touch()
    said = guest.shell("try { Start-VmbGuard $run 'fake' 60 } catch { Get-VmbFault $_ }")
    assert said == "Cannot start 'the dead-man switch': the service does not run"
    assert guest.value == "old" and guest.state == "reverted"


def test_killed_at_every_step(pshost, tmp_path):
    """Whatever it was doing, the next start, by the minute or by a boot, brings the old state back."""
    for point in range(1, 100):
        guest = Guest(pshost, tmp_path / str(point))
        guest.arm()
        survived = guest.watch(death=point) is not None
        assert guest.task.exists() or (guest.state == "reverted" and guest.value == "old")
        if guest.task.exists():
            guest.watch()
        assert guest.value == "old" and guest.state == "reverted" and not guest.task.exists()
        if survived:
            break
    assert point > 12
