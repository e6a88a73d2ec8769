# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal, change and undo of the Windows modules on a real PowerShell engine. The thing that is changed is a file."""

import base64
import json
import random
import subprocess
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import _winhttp

MODULES = sorted((Path(__file__).resolve().parents[3] / "plugins/module_utils").glob("_Win*.psm1"))

# A kind as the real ones are. The access list of the journal needs Windows.
FAKE = """
Function Read-VmbFake {
    param ($Target)
    $state = [ordered]@{ value = (Get-VmbText $Target.path).Trim() }
    $runs = "$($Target.path).run"
    if (Test-Path $runs) { $state.running = (Get-VmbText $runs).Trim() -eq 'True' }
    $state
}
Function Write-VmbFake {
    param ($Target, $State, $Extra)
    if ($State.value -eq 'refused') { throw "Cannot write '$($Target.path)': access is denied" }
    if ($State.value -ne 'ruled by a policy') { Set-Content -LiteralPath $Target.path -Value $State.value }
    $running = Get-VmbRunning $State
    if ($null -ne $running) { Set-Content -LiteralPath "$($Target.path).run" -Value $running }
}
Function Initialize-VmbJournal { param ($Folder) $null = [System.IO.Directory]::CreateDirectory($Folder) }
Function Start-Change {
    param ($Value, $RunId, [switch]$Check, $Running)
    $context = @{ name = 'fake'; check = [bool]$Check; run_id = $RunId; run = $null; folder = $journal; failure = @{} }
    $after = [ordered]@{ value = $Value }
    if ($null -ne $Running) { $after.running = $Running }
    $step = @{ kind = 'fake'; target = @{ path = $thing }; title = 'the file'; after = $after }
    $step.extra = $step.apply = $null
    $plan = { @{ steps = @($step); before = 1; after = 2; facts = @{}; verify = $null } }
    try { Invoke-VmbTransaction $context $plan }
    catch { @{ error = Get-VmbFault $_; run_id = if ($context.run) { $context.run.run_id } } }
}
Function Start-Undo {
    param ($RunId)
    $context = @{ failure = @{} }
    try {
        $run = Find-VmbRun $journal $RunId
        $things = @(Get-VmbUndo $run $context)
        Invoke-VmbUndo $things
        Complete-VmbUndo $run
        @{ restored = @($things | Where-Object { $_.needed } | ForEach-Object { $_.title }) }
    }
    catch { @{ error = Get-VmbFault $_; conflicts = $context.failure.conflicts } }
}
"""


@pytest.fixture
def shell(pshost, tmp_path):
    """Runs PowerShell lines with our modules loaded, and gives what they write, by way of JSON."""
    thing = tmp_path / "thing"
    thing.write_text("old\n")

    def run(script):
        loads = "\n".join(f"Import-Module '{path}' -DisableNameChecking" for path in MODULES)
        start = f"$journal = '{tmp_path}/journal'; $thing = '{thing}'"
        path = tmp_path / "script.ps1"
        path.write_text(
            f"$ErrorActionPreference = 'Stop'\n{loads}\n{FAKE}\n{start}\n"
            f"ConvertTo-Json -Compress -Depth 8 -InputObject @(& {{\n{script}\n}})\n"
        )
        done = subprocess.run(
            [pshost, "-NoProfile", "-File", path], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    run.thing, run.journal = thing, tmp_path / "journal"
    return run


def test_a_change_and_its_undo(shell):
    first, check, again, undone, twice = shell(
        "Start-Change new one\nStart-Change newer one -Check\nStart-Change new one\nStart-Undo latest\nStart-Undo one"
    )
    assert (first["changed"], first["compliant"], first["run_id"]) == (True, False, "one")
    assert first["diff"][0]["before"] == "value: old\n" and first["diff"][0]["after"] == "value: new\n"
    assert (check["changed"], check["journal"], again["changed"], again["compliant"]) == (True, "", False, True)
    assert undone == {"restored": ["the file"]} and twice == {"restored": []}
    assert shell.thing.read_text().strip() == "old"
    entry = json.loads((shell.journal / "one/0001.json").read_text())
    assert (entry["schema"], entry["kind"], entry["module"]) == (1, "fake", "fake")
    assert (entry["before"], entry["after"]) == ({"value": "old"}, {"value": "new"})


def test_the_record_is_there_before_the_change(shell):
    (failed,) = shell("Start-Change refused one")
    assert "access is denied" in failed["error"] and failed["run_id"] == "one"
    assert json.loads((shell.journal / "one/0001.json").read_text())["before"] == {"value": "old"}
    # A run that was cut off before its change: nothing is to be brought back, and that is no conflict.
    assert shell("Start-Undo one") == [{"restored": []}]


def test_a_change_that_does_not_stay_is_an_error(shell):
    (failed,) = shell("Start-Change 'ruled by a policy' one")
    assert "a policy may rule it" in failed["error"]


def test_what_somebody_else_changed_is_left_alone(shell):
    _done, refused = shell("Start-Change new one\nSet-Content $thing 'mine'\nStart-Undo one")
    assert "Cannot undo 'one': changed since by somebody else: the file" in refused["error"]
    assert refused["conflicts"] == ["the file"] and shell.thing.read_text().strip() == "mine"


def test_several_changes_of_one_run_go_back_to_the_first(shell):
    *_done, undone = shell("Start-Change new one\nStart-Change newer one\nStart-Undo one")
    assert undone == {"restored": ["the file"]} and shell.thing.read_text().strip() == "old"


def test_what_runs_by_itself_is_left_running(shell):
    start = "Set-Content \"$thing.run\" 'False'\n"
    shell(f"{start}Start-Change new one -Running $false\nSet-Content \"$thing.run\" 'True'\nStart-Undo one")
    assert (shell.thing.parent / "thing.run").read_text().strip() == "True"
    shell(f"{start}Start-Change new two -Running $true\nStart-Undo two")
    assert (shell.thing.parent / "thing.run").read_text().strip() == "False"


def test_old_runs_go_and_the_newest_stays(shell):
    script = """
    $null = [System.IO.Directory]::CreateDirectory("$journal/killed")
    $null = [System.IO.Directory]::CreateDirectory("$journal/damaged")
    Set-Content "$journal/damaged/run.json" '{"order":'
    foreach ($number in 1..6) { Start-Change "value $number" "run-$number" | Out-Null }
    Limit-VmbJournal $journal @(Get-VmbRun $journal) 3
    @(Get-VmbRun $journal | ForEach-Object { $_.run_id }) -join ' '
    Limit-VmbJournal $journal @(Get-VmbRun $journal) 100 1
    @(Get-VmbRun $journal | ForEach-Object { $_.run_id }) -join ' '
    """
    assert shell(script) == ["run-6 run-5", "run-6"]
    assert {path.name for path in shell.journal.iterdir() if path.is_dir()} == {"run-6"}


def test_run_ids_that_name_no_run(shell):
    wrong = ["latest", "lock", "../x", "a b", "", "x" * 65, "a.", "nul", "com1.x"]
    ids = ", ".join(f"'{run_id}'" for run_id in wrong)
    said = shell(
        f"foreach ($id in {ids}) {{ try {{ Assert-VmbRunId $id; 'taken' }} catch {{ $_.Exception.Message }} }}"
    )
    assert len(said) == len(wrong) and all(text.startswith("Cannot use the run id") for text in said)


def test_proxies_as_people_write_them(shell):
    good = {
        "http://10.0.0.5:3128": "10.0.0.5:3128",
        "http://proxy.example.com:8080/": "proxy.example.com:8080",
        "http=a:1;https=https://b:2": "http=a:1;https=b:2",
        "[fd00::5]:3128": "[fd00::5]:3128",
    }
    bad = ["", "10.0.0.5", "10.0.0.5:0", "10.0.0.5:70000", "http://user:secret@p:1", "a b:1:2", "proxy:x"]
    texts = ", ".join(f"'{text}'" for text in [*good, *bad])
    said = shell(
        f"foreach ($text in {texts}) {{ try {{ ConvertTo-VmbProxyText $text }} catch {{ $_.Exception.Message }} }}"
    )
    assert said[: len(good)] == list(good.values())
    assert all(text.startswith("Cannot use the proxy") for text in said[len(good) :]) and "secret" not in str(said)


def test_bypass_lists(shell):
    both = "168.63.129.16;169.254.169.254"
    said = shell(
        f"ConvertTo-VmbBypassText @() ''\nConvertTo-VmbBypassText @('<local>', '*.x', '<LOCAL>') ''\n"
        f"ConvertTo-VmbBypassText @('<local>;{both}') '<local>;{both}'\nConvertTo-VmbBypassText @('169.254.169.254') ''"
    )
    assert said == [both, f"{both};<local>;*.x", f"<local>;{both}", both]


def test_damaged_proxy_settings_are_direct_access_as_the_controller_says(shell, tmp_path):
    source = random.Random(6)
    whole = _winhttp.encode(_winhttp.Settings("10.0.0.5:3128", "<local>", flags=3))
    blobs = [whole, b"", whole[:13], whole[:30]]
    for _number in range(2000):
        blob = bytearray(whole)
        for _change in range(source.randint(1, 4)):
            blob[source.randrange(len(blob))] = source.randrange(256)
        blobs.append(bytes(blob[: source.randint(0, len(blob))]) if source.random() < 0.3 else bytes(blob))
    (tmp_path / "blobs").write_text("\n".join(base64.b64encode(blob).decode() for blob in blobs))
    found = shell(
        f"foreach ($line in Get-Content '{tmp_path}/blobs') {{\n"
        "(ConvertFrom-VmbBlob ([Convert]::FromBase64String($line))).proxy }"
    )
    assert len(found) == len(blobs) and found[0] == "10.0.0.5:3128"
    whole_ones = [(text, _winhttp.decode(blob)) for text, blob in zip(found, blobs, strict=True) if len(blob) >= 20]
    assert [text for text, settings in whole_ones if text and not settings.active] == []


def test_recovery_actions_are_read_and_written_alike(shell):
    blob = bytes.fromhex("80510100000000000000000003000000140000000100000060ea00000100000060ea00000000000000000000")
    (text, none) = shell(f"Format-VmbRecovery '{base64.b64encode(blob).decode()}'\nFormat-VmbRecovery 'AAAA'")
    assert (text, none) == ("restart/60000 restart/60000 none/0 reset 86400", "none")


def test_secrets_stay_on_the_guest(shell):
    (hidden,) = shell("Hide-VmbTree @{ a = @('http://u:p@ss/w@h:1', @{ b = 'u:word@h:1'; exact = 'bytes' }) }")
    assert "p@ss" not in str(hidden) and "word" not in str(hidden) and "exact" not in str(hidden)
