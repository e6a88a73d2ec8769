# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal, change and undo of the Windows modules on a real PowerShell engine. The thing that is changed is a file."""

import base64
import json
import random
import shutil
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import _winhttp


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
    assert failed["failure"] == {"changed": False}
    assert json.loads((shell.journal / "one/0001.json").read_text())["before"] == {"value": "old"}
    # A run that was cut off before its change: nothing is to be brought back, and that is no conflict.
    assert shell("Start-Undo one") == [{"restored": []}]


def test_a_change_that_does_not_stay_is_an_error(shell):
    (failed,) = shell("Start-Change 'ruled by a policy' one")
    assert "a policy may override it" in failed["error"] and failed["failure"] == {"changed": False}


def test_a_change_that_fails_after_it_began_says_that_it_changed_something(shell):
    (failed,) = shell("Start-Change half one")
    assert failed["failure"] == {"changed": True} and shell.thing.read_text().strip() == "half"


@pytest.mark.parametrize(("facts", "changed"), [("@{ changed = $true }", True), ("@{}", None)])
def test_a_restart_that_fails_says_that_it_changed_something(shell, facts, changed):
    (failure,) = shell(
        "$context = @{ name = 'fake'; run = $null; folder = $journal; failure = @{} }\n"
        f"$plan = {{ @{{ steps = @(); facts = {facts}; verify = {{ throw 'it ended' }} }} }}\n"
        "try { Invoke-VmbTransaction $context $plan } catch { $context.failure }"
    )
    assert failure.get("changed") == changed


def test_an_undo_that_fails_says_what_it_restored_before(shell):
    shell.thing.write_text("refused\n")
    *_done, failed, again = shell(
        "Start-Change new one\n$thing = \"$thing-2\"\nSet-Content $thing 'other'\nStart-Change new one\n"
        "Start-Undo one\nStart-Undo one"
    )
    failure = failed["failure"]
    assert "access is denied" in failed["error"] and (failure["changed"], failure["run_id"]) == (True, "one")
    assert failure["restored"] == ["the file"] and failure["diff"][0]["after"] == "value: other\n"
    assert (again["failure"]["changed"], again["failure"]["restored"]) == (False, [])
    assert not (shell.journal / "one/undone.json").exists()


@pytest.mark.parametrize("size", [262_144, 1_500_000])
def test_a_large_value_comes_back(shell, size):
    shell.thing.write_text("v" * size)
    changed, undone = shell("Start-Change new one\nStart-Undo one")
    assert changed["changed"] and undone == {"restored": ["the file"]}
    assert shell.thing.read_text().strip() == "v" * size


def test_what_is_too_large_for_the_journal_is_not_changed(shell):
    shell.thing.write_text("v" * 2_097_152)
    (failed,) = shell("Start-Change new one")
    assert failed["error"] == f"Cannot write '{shell.journal}/one/0001.json': it would be larger than 2 MiB"
    assert failed["failure"] == {"changed": False} and shell.thing.read_text() == "v" * 2_097_152


def test_what_somebody_else_changed_is_left_alone(shell):
    _done, refused = shell("Start-Change new one\nSet-Content $thing 'mine'\nStart-Undo one")
    assert "Cannot undo 'one': changed since by someone else: the file" in refused["error"]
    assert refused["failure"] == {"conflicts": ["the file"]} and shell.thing.read_text().strip() == "mine"


def test_several_changes_of_one_run_go_back_to_the_first(shell):
    *_done, undone = shell("Start-Change new one\nStart-Change newer one\nStart-Undo one")
    assert undone == {"restored": ["the file"]} and shell.thing.read_text().strip() == "old"


@pytest.mark.parametrize("since", ["new", "theirs"])
def test_a_second_undo_leaves_what_came_since(shell, since):
    *_done, twice = shell(f"Start-Change new one\nStart-Undo one\nSet-Content $thing '{since}'\nStart-Undo one")
    assert twice == {"restored": []} and shell.thing.read_text().strip() == since


def test_a_second_undo_does_not_look_at_what_is_gone(shell):
    *_done, twice = shell("Start-Change new one\nStart-Undo one\nRemove-Item $thing\nStart-Undo one")
    assert twice == {"restored": []}


def test_a_second_undo_leaves_a_service_that_someone_has_started_since(shell):
    start = "Set-Content \"$thing.run\" 'False'\nStart-Change new one -Running $true\nStart-Undo one"
    *_done, twice = shell(f"{start}\nSet-Content $thing 'new'\nSet-Content \"$thing.run\" 'True'\nStart-Undo one")
    assert twice == {"restored": []} and (shell.thing.parent / "thing.run").read_text().strip() == "True"


def test_a_run_that_is_used_anew_after_its_undo_is_undone_again(shell):
    *_done, undone = shell("Start-Change new one\nStart-Undo one\nStart-Change newer one\nStart-Undo one")
    assert undone == {"restored": ["the file"]} and shell.thing.read_text().strip() == "old"


def test_a_run_stays_undone_whose_new_entry_cannot_be_written(shell):
    shell(f"Start-Change new one\nStart-Undo one\nSet-Content $thing ('v' * {2 << 20})")
    failed, twice = shell("Start-Change newer one\nStart-Undo one")
    assert "it would be larger than 2 MiB" in failed["error"] and twice == {"restored": []}
    assert (shell.journal / "one/undone.json").exists()


def test_what_runs_by_itself_is_left_running(shell):
    start = "Set-Content \"$thing.run\" 'False'\n"
    shell(f"{start}Start-Change new one -Running $false\nSet-Content \"$thing.run\" 'True'\nStart-Undo one")
    assert (shell.thing.parent / "thing.run").read_text().strip() == "True"
    shell(f"{start}Start-Change new two -Running $true\nStart-Undo two")
    assert (shell.thing.parent / "thing.run").read_text().strip() == "False"


def test_old_runs_go_and_the_newest_stays(shell):
    script = """
    foreach ($number in 1..6) { Start-Change "value $number" "run-$number" | Out-Null }
    $null = [System.IO.Directory]::CreateDirectory("$journal/.vmbackup-half/removed")
    Limit-VmbJournal $journal @(Get-VmbRun $journal) 3
    @(Get-VmbRun $journal | ForEach-Object { $_.run_id }) -join ' '
    Limit-VmbJournal $journal @(Get-VmbRun $journal) 100 1
    @(Get-VmbRun $journal | ForEach-Object { $_.run_id }) -join ' '
    """
    assert shell(script) == ["run-6 run-5", "run-6"]
    assert {path.name for path in shell.journal.iterdir()} == {"journal.json", "lock", "run-6"}


def test_what_is_not_ours_in_a_journal_stays(shell):
    """Folders that came later, those that look like a run too, a run into which somebody put a file, a damaged one."""
    shell('foreach ($number in 1..3) { Start-Change "value $number" "run-$number" | Out-Null }')
    shutil.copytree(shell.journal / "run-1", shell.journal / "copy")
    theirs(shell.journal, "backup/data", "copy/data", "run-2/notes.txt", "empty/")
    (shell.journal / "link").symlink_to(shell.journal.parent)
    (shell.journal / "run-3/0001.json").write_text("{")
    kept = {"backup", "copy", "run-2", "empty", "link", "run-3"}
    *_done, taken = shell(
        "Start-Change more more\nLimit-VmbJournal $journal @(Get-VmbRun $journal) 1\n"
        "Start-Change last last\nLimit-VmbJournal $journal @(Get-VmbRun $journal) 1\nStart-Change other backup"
    )
    assert {path.name for path in shell.journal.iterdir()} == kept | {"journal.json", "lock", "last"}
    assert [(shell.journal / name).read_text() for name in ("backup/data", "copy/data", "run-2/notes.txt")] == [
        "theirs"
    ] * 3
    assert "Cannot use the run id 'backup': " in taken["error"]


def theirs(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.write_text("theirs")


def snapshot(folder):
    return {str(path): path.read_bytes() if path.is_file() else None for path in [folder, *folder.rglob("*")]}


USES = """
Start-Change new one
Start-Change new one -Check
Start-Undo latest
try { @(Get-VmbRun $journal) } catch { @{ error = Get-VmbFault $_ } }
"""


@pytest.mark.parametrize(
    "names",
    [
        ["project/file"],
        ["file"],
        ["empty/"],
        ["night/run.json"],
        ["lock"],
        ["lock", "project/file"],
        ["lock", "night/run.json", "night/notes"],
        ["lock", "night/0001.json", "file"],
        ["lock", "System Volume Information/"],
        ["journal.json", "project/file"],
    ],
    ids=" ".join,
)
def test_a_folder_with_other_things_is_refused_and_stays_as_it_was(shell, names):
    theirs(shell.journal, *names)
    before = snapshot(shell.journal)
    said = shell(USES)
    refused = f"Cannot use '{shell.journal}' as journal: it holds other things; use a separate folder"
    assert len(said) == 4 and all(one["error"].startswith(refused) for one in said)
    assert snapshot(shell.journal) == before and shell.thing.read_text() == "old\n" and not shell.protected()


@pytest.mark.parametrize(
    ("place", "access", "reason"),
    [
        ("journal", {"allowed": [{"sid": "S-1-5-32-545", "rights": 2}]}, "S-1-5-32-545 may write into it"),
        ("journal", {"allowed": [{"sid": "S-1-5-11", "rights": 0x1301BF}]}, "S-1-5-11 may write into it"),
        ("journal", {"allowed": [{"sid": "S-1-1-0", "rights": 0x10000000}]}, "S-1-1-0 may write into it"),
        ("journal", {"owner": "S-1-5-21-1-2-3-1001"}, "S-1-5-21-1-2-3-1001 owns '"),
        ("", {"owner": "S-1-5-21-1-2-3-1001"}, "S-1-5-21-1-2-3-1001 owns '"),
        ("journal", {"allowed": [{"sid": "S-1-5-32-545", "rights": 0x1200A9}]}, None),
        ("journal", {"allowed": [{"sid": "S-1-3-0", "rights": 0x10000000}]}, None),
    ],
)
@pytest.mark.parametrize("used", [False, True])
def test_who_else_may_write_into_a_folder_decides(shell, place, access, reason, used):
    if used:
        shell("Start-Change old one")
    shell.journal.mkdir(exist_ok=True)
    said = Path(f"{shell.journal.parent / place}.access")
    said.write_text(json.dumps({"owner": "S-1-5-18", "allowed": [], **access}))
    before = snapshot(shell.journal)
    done = shell(USES)
    said.unlink()
    if reason:
        assert all(one["error"].startswith(f"Cannot use '{shell.journal}' as journal: {reason}") for one in done)
        assert snapshot(shell.journal) == before
    else:
        assert done[0]["changed"] and done[2]["restored"] == ["the file"]
        assert str(shell.journal) not in shell.protected()[used:]


def test_links_and_files_are_no_journal(shell):
    real = shell.journal.parent / "real"
    real.mkdir()
    shell.journal.symlink_to(real)
    assert all("it is a link or a mount point" in one["error"] for one in shell(USES))
    shell.journal.unlink()
    shell.journal.write_text("theirs")
    assert all("it is not a folder" in one["error"] for one in shell(USES))
    assert list(real.iterdir()) == [] and shell.journal.read_text() == "theirs"


def test_what_we_make_is_protected_and_what_was_there_is_not(shell):
    shell('$journal = "$journal/a/b"\nStart-Change new one')
    made = [shell.journal, shell.journal / "a", shell.journal / "a/b", shell.journal / "a/b/one"]
    assert shell.protected() == [str(path) for path in made]
    empty = shell.journal / "a/empty"
    empty.mkdir()
    shell('$journal = "$journal/a/empty"\nStart-Change newer two')
    assert shell.protected()[len(made) :] == [str(empty / "two")]


@pytest.mark.parametrize("lock", ["", "process 4711 (dead-man switch)"])
def test_a_journal_of_an_earlier_version_goes_on(shell, lock):
    shell("Start-Change new one")
    (shell.journal / "journal.json").unlink()
    (shell.journal / "lock").write_text(lock)
    theirs(shell.journal, "one/guard-decision", "one/0002.json.part", "killed/")
    listed, undone, _changed = shell("@(Get-VmbRun $journal)[0].run_id\nStart-Undo latest\nStart-Change newer killed")
    assert listed == "one" and undone == {"restored": ["the file"]}
    assert (shell.journal / "journal.json").exists() and (shell.journal / "killed/0001.json").exists()


@pytest.mark.parametrize("path", ["{0}/", "{0}/.", "{0}/x/.."])
def test_one_folder_has_one_name(shell, path):
    assert shell(f"Get-VmbJournalFolder '{path.format(shell.journal)}'") == [str(shell.journal)]


def test_run_ids_that_name_no_run(shell):
    wrong = ["latest", "lock", "journal.json", "../x", "a b", "", "x" * 65, "a.", "nul", "com1.x"]
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
