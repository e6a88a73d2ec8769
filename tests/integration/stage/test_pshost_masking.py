# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The masker in PowerShell does what the one in Python does."""

import base64
import json
import re
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import masking
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import _winhttp as winhttp
from masking_cases import CASES, EXPRESSIONS, WORST, is_left

UTILS = Path(__file__).resolve().parents[3] / "plugins/module_utils"

# ConvertFrom-Json makes objects; what leaves a guest is made of tables.
TABLES = """
function ConvertTo-Table($value) {
    if ($value -is [System.Management.Automation.PSCustomObject]) {
        $table = [ordered]@{}
        foreach ($one in $value.PSObject.Properties) { $table[$one.Name] = ConvertTo-Table $one.Value }
        return $table
    }
    if ($value -is [array]) { return , @(foreach ($one in $value) { ConvertTo-Table $one }) }
    $value
}
"""


@pytest.fixture(scope="module")
def run(engine, tmp_path_factory):
    """Runs a script on data, ``$data``, and gives what it returns."""
    folder = tmp_path_factory.mktemp("masking")

    def run(script, data=None, timeout=300):
        (folder / "data.json").write_text(json.dumps(data), "utf-8")
        loads = "\n".join(f"Import-Module '{UTILS / name}' -DisableNameChecking" for name in MODULES)
        read = f"$data = ConvertTo-Table (Get-Content -Raw '{folder / 'data.json'}' | ConvertFrom-Json)"
        text = f"{loads}\n{TABLES}\n{read}\nConvertTo-VmbJson $(\n{script}\n)"
        return json.loads(engine.run(text, folder / "script.ps1", timeout))

    return run


MODULES = (
    "_WinSharedMasking.psm1",
    "_WinSharedHost.psm1",
    "_WinSharedEvents.psm1",
    "_WinSharedJson.psm1",
    "_WinProbe.psm1",
    "_WinProbeNetwork.psm1",
    "_WinProbeSystem.psm1",
    "_WinProbeBackup.psm1",
    "_WinProbeExtension.psm1",
)

MASKED = """
, @(foreach ($case in $data) {
    switch ($case['as']) {
        'pair' { , @((Hide-VmbTree ([ordered]@{ $case.text[0] = $case.text[1] }))[$case.text[0]]) }
        'proxy' { Hide-VmbProxy $case.text }
        'words' { , (Hide-VmbTree $case.text) }
        default { Hide-VmbSecret $case.text }
    }
})
"""


def test_the_table_of_cases(run):
    found = run(MASKED, CASES)
    assert len(found) == len(CASES)
    for case, masked in zip(CASES, found, strict=True):
        value = [case["text"][1]] if case["as"] == "pair" else case["text"]
        expected = masking.mask_proxy(value) if case["as"] == "proxy" else masking.mask(value, name(case))
        assert masked == (flat(expected) if case["as"] == "pair" else expected), case
        assert "secret" not in case or not is_left(case["secret"], masked)


def name(case):
    return case["text"][0] if case["as"] == "pair" else None


def flat(value):
    """As ``@(...)`` of PowerShell takes one value: a list stays, anything else becomes a list of one."""
    return value[0] if isinstance(value[0], list) else value


def test_the_expressions_are_the_same(run):
    found = run("Get-VmbMaskingText")
    for one, expressions in EXPRESSIONS.items():
        assert tuple(found[one] if isinstance(found[one], list) else [found[one]]) == expressions, one
    known = set(found["parameters"].removeprefix(r"\A(?:").removesuffix(r")\Z").split("|"))
    assert known == set(masking.PARAMETERS)


def test_a_fact_is_spared_by_a_cheap_look_only_if_it_is_innocent(run):
    texts = [case["text"].replace("\0", "") for case in CASES if case["as"] == "text" and "secret" in case]
    assert all(
        run(", @($rule = (Get-VmbMasking).suspect[0]; foreach ($text in $data) { $rule.IsMatch($text) })", texts)
    )


LINEAR = """
$masking = Get-VmbMasking
foreach ($name in $data.Keys) {
    foreach ($piece in $data[$name]) {
        $run = ($piece * (262144 / $piece.Length + 1)).Substring(0, 262144)
        foreach ($rule in $masking[$name]) { $null = $rule.Replace($run, '') }
        $lines = @(1..64 | ForEach-Object { $run.Substring(0, 4095) }) -join "`n"
        foreach ($text in $run, $lines) { $null = Hide-VmbSecret $text; $null = Hide-VmbProxy $text }
    }
}
'done'
"""


def test_time_is_in_proportion_to_the_text(run):
    """256 KiB of what is worst for each expression: one that is quadratic takes many minutes at least."""
    assert run(LINEAR, {**WORST, "suspect": ("a-", "w", "aaaaaaaaaaaaaaa ")}, timeout=900) == "done"


def blob(*texts, header=0x18, tail=b""):
    parts = b"".join(len(text).to_bytes(4, "little") + text.encode("latin-1") for text in texts)
    return header.to_bytes(4, "little") + bytes(4) + (3).to_bytes(4, "little") + parts + tail


@pytest.fixture
def hide(run):
    """The bytes of a setting as they leave the guest."""

    def hide(data):
        script = "[Convert]::ToBase64String((Hide-VmbBlob ([Convert]::FromBase64String($data.bytes))))"
        return base64.b64decode(run(script, {"bytes": base64.b64encode(data).decode()}))

    return hide


@pytest.mark.parametrize(
    ("proxy", "bypass", "shown"),
    [
        ("svc:Hush1@p.example:80", "<local>;10.0.0.0/8", ("***@p.example:80", "<local>;10.0.0.0/8")),
        ("p.example:80", "http://u:Hush1@b", ("p.example:80", "http://***@b")),
        ("http=p:80;https=q:81", "*.corp", ("http=p:80;https=q:81", "*.corp")),
    ],
)
def test_a_binary_setting_is_masked_and_stays_readable(hide, proxy, bypass, shown):
    found = hide(blob(proxy, bypass))
    read = winhttp.decode(found)
    assert b"Hush" not in found and (read.proxy, read.bypass, read.problem, read.flags) == (*shown, "", 3)


def test_a_setting_with_a_script_too(hide):
    found = hide(blob("a@p:1/Hush1", "b", "http://u:Hush1@c/x.pac?k=Hush1", header=0x46, tail=bytes(32)))
    read = winhttp.decode_wininet(found)
    assert b"Hush" not in found and read.problem == ""
    assert (read.proxy, read.bypass, read.script) == ("***@p:1/***", "b", "http://***@c/x.pac?k=***")


def test_a_damaged_binary_setting_holds_no_text(run):
    data = blob("svc:Hush1Hush1@p.example:80", "u:Hush2@b")
    texts = [base64.b64encode(data[:length]).decode() for length in range(len(data))]
    hide = "[Convert]::ToBase64String((Hide-VmbBlob ([Convert]::FromBase64String($text))))"
    found = run(f", @(foreach ($text in $data) {{ {hide} }})", texts)
    assert len(found) == len(texts) and not any(b"Hush" in base64.b64decode(text) for text in found)


def test_no_secret_is_in_the_state_of_a_guest_whose_every_text_is_one(run):
    code = "\n".join((UTILS / name).read_text("utf-8") for name in MODULES if name.startswith("_Win"))
    names = sorted(set(re.findall(r"'([A-Z]\w{2,40})'|-Name ([A-Z]\w+)|, ([A-Z]\w{2,40})\b", code)))
    names = sorted({"".join(groups) for groups in names} | {""})
    forms = [
        c["text"] for c in CASES if c["as"] == "text" and "secret" in c and "\n" not in c["text"] and not c.get("line")
    ]
    secrets = [c["secret"] for c in CASES if "secret" in c]
    sections = re.search(r"\$sections = (.*)", (UTILS.parent / "modules/win_guest_state_info.ps1").read_text("utf-8"))[
        1
    ]
    script = Path(__file__).with_name("planted_guest.ps1").read_text("utf-8")
    found = run(script, {"texts": forms, "names": names, "sections": re.findall(r"'(\w+)'", sections)})
    assert found["asked"] > 1000
    assert len(json.dumps(found["state"])) > 20000
    assert [secret for secret in secrets if secret in json.dumps(found["state"])] == []
