# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the files of a run hold, on a PowerShell engine: it is listed, kept, undone or refused; others go on."""

import copy
import json
import random
import shutil

import pytest

SEED = 11

# A run with an entry of every kind. What cannot be had without Windows is what the entries say.
SETUP = r"""
Start-Change first old | Out-Null
$number, $text = (New-VmbRegistryState 'REG_DWORD' 1), (New-VmbRegistryState 'REG_SZ' 'TRUE')
$bytes = New-VmbRegistryState 'REG_BINARY' @(1, 2)
$proxy = New-VmbProxyState 'p:1' '<local>' -Exact @{ native = $bytes; bits32 = New-VmbRegistryState }
$service = [ordered]@{ start = 'disabled'; delayed = $false; account = 'LocalSystem'; recovery = 'none'
    on_errors = $false; running = $false; exact = @{ FailureActions = $bytes }
}
$started = Copy-VmbState $service $true
$started.Remove('exact')
$static = [ordered]@{ method = 'static'; addresses = @('10.0.0.4/24'); gateways = @(); dns = ''
    exact = @{ EnableDHCP = $number }
}
$rule = New-VmbRuleState 'p' '1' @('10.0.0.0/16')
$path = 'SOFTWARE\A'
$entries = @(
    @{ kind = 'registry'; target = @{ path = $path; name = 'B' }; before = $number; after = $text; extra = @($path) }
    @{ kind = 'winhttp'; target = @{ place = 'machine' }; before = $proxy; after = New-VmbProxyState; extra = @() }
    @{ kind = 'service'; target = @{ name = 'RdAgent' }; before = $service; after = $started }
    @{ kind = 'dhcp'; target = @{ adapter = '{1}'; index = 2 }; before = $static; after = New-VmbDhcpState }
    @{ kind = 'firewallrule'; target = @{ name = 'r' }; before = @{ display = '' }; after = $rule }
    @{ kind = 'route'; target = @{ adapter = '{1}'; gateway = '10.0.0.1' }
        before = [ordered]@{ now = @(); boot = @() }; after = [ordered]@{ now = @('20.38.0.0/17'); boot = @() } }
    @{ kind = 'other'; target = @{ name = 'r' }; before = @{ a = 1 }; after = @{ a = 2 }; extra = @{ more = 1 } }
)
foreach ($entry in $entries) { $entry.module = 'win_test'; $entry.title = 'it' }
Add-VmbEntry (Open-VmbRun $journal 'night') $entries
Start-Change second new
"""

# Undo of every case, with the states that the whole entries left, and what writing a state makes of it.
CASES = r"""
$world = @{}
foreach ($entry in Get-VmbEntry @{ path = "$journal/night" }) { $world[$entry.kind] = $entry.after }
foreach ($kind in 'Registry', 'WinHttp', 'Service', 'Dhcp', 'FirewallRule', 'Route', 'Other') {
    Set-Item "Function:Global:Read-Vmb$kind" ([scriptblock]::Create("param (`$Target) `$world.$kind"))
    Set-Item "Function:Global:Write-Vmb$kind" {
        param ($Target, $State, $Extra)
        $exact = @($State)
        if (-not $State.PSObject.Properties['type']) { $exact = @(Get-VmbPair $State.exact | ForEach-Object { $_[1] }) }
        foreach ($value in $exact) { if ($value.type -ne 'absent') { $null = ConvertTo-VmbRegistryData $value } }
        if ($State.method) { [int]$Target.index; $State.addresses | ForEach-Object { $_.Split('/') } }
    }
}
foreach ($case in Get-ChildItem "$cases" | Sort-Object Name) {
    Remove-Item -Recurse "$journal/night"
    Copy-Item -Recurse $case.FullName "$journal/night"
    $result = @{ error = $null }
    try {
        $runs = @(Get-VmbRun $journal)
        $result.runs = @($runs | ForEach-Object { $_.run_id })
        $result.faults = @($runs | Where-Object { $_.fault } | ForEach-Object { $_.run_id })
        $night = @($runs | Where-Object { $_.run_id -eq 'night' })[0]
        $result.damaged = Get-VmbDamage $night
        $context = @{ failure = @{} }
        try { Invoke-VmbUndo $night @(Get-VmbUndo $night $context) $context } catch { $result.error = Get-VmbFault $_ }
    }
    catch { $result.broken = "$_ $($_.ScriptStackTrace)" }
    $result
}
"""


class Run:
    """The run's files, and what becomes of them when some are changed."""

    def __init__(self, shell):
        self._shell, self._cases = shell, shell.journal.parent / "cases"
        shell(SETUP)
        self.saved = shell.journal.parent / "saved"
        shutil.copytree(shell.journal / "night", self.saved)
        self.files = sorted(path.name for path in self.saved.iterdir())

    def read(self, name):
        return (self.saved / name).read_bytes()

    def undo(self, cases):
        """What is listed of each case, a change to the run's folder, and what undo says."""
        shutil.rmtree(self._cases, ignore_errors=True)
        for number, change in enumerate(cases):
            folder = self._cases / f"{number:05d}"
            shutil.copytree(self.saved, folder)
            change(folder)
        found = self._shell(f"$cases = '{self._cases}'\n{CASES}")
        assert len(found) == len(cases)
        for one in found:
            assert "broken" not in one, one
            assert one["runs"] == ["new", "night", "old"] and set(one["faults"]) <= {"night"}, one
            for said in (one["error"], one["damaged"]):
                assert said is None or (said.startswith("Cannot ") and "\n" not in said), one
        return found


@pytest.fixture
def run(shell):
    return Run(shell)


def write(name, data):
    return lambda folder: (folder / name).write_bytes(data)


DEEP = b"[" * 50000
WHOLE = [
    *(b"", b" \r\n", b"[]", b"null", b"7", b'"text"', b"{}", b'{"order":', b'[{"schema": 1}]', bytes(range(256))),
    *(b"\0" * 4096, DEEP, DEEP + b"]" * len(DEEP), b'{"a":' * 50000, b"9" * 200000, b'{"order": 1e999}'),
    *(b'{"schema": 1, "order": 99999999999999999999, "created": "x"}', b'{"a": 1, "A": 2}', b'{"": 1}'),
    *(b'{"kind": "' + b"x" * 2**20 + b'"}', '{"schema": 1}'.encode("utf-16"), b'{"kind": "\xe4\xff"}'),
]


def test_a_file_with_something_else(run):
    cases = [(name, data) for name in run.files for data in WHOLE]
    found = run.undo([write(name, data) for name, data in cases])
    for (name, _data), one in zip(cases, found, strict=True):
        assert name in one["damaged"], one
        # Without run.json the entries still say all.
        assert bool(one["error"]) == (name != "run.json"), one


def test_a_file_that_is_cut_or_gone_or_something_else(run):
    cases = [(name, write(name, run.read(name)[:length])) for name in run.files for length in (1, 20, 50, -1)]
    cases += [(name, lambda folder, name=name: (folder / name).unlink()) for name in run.files[:-2]]
    for name in run.files:

        def folder_instead(folder, name=name):
            (folder / name).unlink()
            (folder / name).mkdir()

        cases.append((name, folder_instead))
    for (name, _change), one in zip(cases, run.undo([change for _name, change in cases]), strict=True):
        assert name in one["damaged"], one


def places(value, way=()):
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*way, key))


def with_other(value, way, other):
    changed = copy.deepcopy(value)
    inner = changed
    for key in way[:-1]:
        inner = inner[key]
    if other is ...:
        del inner[way[-1]]
    else:
        inner[way[-1]] = other
    return changed


ODD = [None, True, 1.5, -1, 10**15, "", "x", [], [[]], {}, {"a": {"b": []}}, ...]


def test_every_value_replaced_by_one_of_another_type(run):
    source, cases = random.Random(SEED), []
    for name in run.files:
        whole = json.loads(run.read(name))
        for way in list(places(whole))[1:]:
            for other in source.sample(ODD, 2):
                cases.append(write(name, json.dumps(with_other(whole, way, other)).encode()))
    found = run.undo(cases)
    assert sum(bool(one["damaged"]) for one in found) > len(cases) / 2
    # An entry that can be read never fails later for its types.
    said = {one["error"] for one in found if one["error"] and not one["damaged"]}
    assert all(text.startswith(("Cannot undo 'night': changed since", "Cannot undo '")) for text in said), said


@pytest.mark.parametrize("items", [[None], [[]], [[[]]], ["x", None], ["x", []], [""], [7], [{}], [False]], ids=str)
def test_a_list_of_texts_holds_texts(shell, items):
    (taken,) = shell(f"Test-VmbForm (ConvertFrom-Json '{json.dumps({'a': items})}').a 'texts'")
    assert taken is (items == [""])


def test_bytes_at_random(run):
    source = random.Random(SEED)
    cases = []
    for _case in range(100):
        name = source.choice(run.files)
        data = bytearray(run.read(name))
        for _byte in range(source.randint(1, 3)):
            data[source.randrange(len(data))] = source.randrange(256)
        cases.append(write(name, bytes(data)))
    run.undo(cases)


def test_other_changes_go_on_and_a_damaged_run_stays(run, shell):
    for name in ("run.json", "0001.json"):
        shutil.rmtree(shell.journal / "night")
        shutil.copytree(run.saved, shell.journal / "night")
        (shell.journal / "night" / name).write_bytes(b"[]")
        before = {path.name: path.read_bytes() for path in (shell.journal / "night").iterdir()}
        changed, refused = shell(
            f"Start-Change 'by {name}' 'by-{name}'\nLimit-VmbJournal $journal @(Get-VmbRun $journal) 1\n"
            "Start-Change more night"
        )
        assert changed["changed"] and refused["error"] == (
            "Cannot use the run 'night': it is damaged; use another run_id"
        )
        assert {path.name: path.read_bytes() for path in (shell.journal / "night").iterdir()} == before
