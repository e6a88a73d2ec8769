# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of parts of a fleet are one: as if one run had diagnosed all of it."""

import copy
import datetime
import gzip
import json
import os
import pathlib
import shutil

import jsonschema
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _machines, _merge, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._groups import scope
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import Run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._waivers import Waiver, Waivers

REPO = pathlib.Path(__file__).resolve().parents[4]
SCHEMA = json.loads((REPO / "plugins/plugin_utils/schemas/report.schema.json").read_text("utf-8"))
FLEET = REPO / "examples/fleet"
AZURE = str(FLEET / "azure.json")
STATES = {path.stem: _schema.accept(_states.read(path)) for path in sorted((FLEET / "states").glob("*.json"))}
OFF, GONE = "batch-eu-01", "gone-eu-01"
"""Hosts without a state: one whose machine is off, and one that Azure does not know either."""
HOSTS = [*STATES, OFF, GONE]
LOST = {"platform": None, "first_cause": None, "cause": None, "findings": [], "verdict": "unreachable"}
OF_ALL = {name: spec.get("default") for name, spec in _choices.SPEC.items()}
OWN = {"web-us-02": {**OF_ALL, "skip": ["hostga_tcp_32526"]}}
"""What was chosen for one host alone."""
YEAR = datetime.date(2099, 12, 31)
WAIVERS = [
    Waiver(1, "extensions_enabled", "Rebuilt", "ops", YEAR, hosts="web-us-*"),
    Waiver(2, "protection", "Sandbox", "finops", YEAR, azure_tag={"environment": "sandbox"}),
    Waiver(3, "cpu_load", "Old", "ops", datetime.date(2020, 1, 1), hosts="all"),
]
PATTERNS = {"web-us-*": [host for host in HOSTS if host.startswith("web-us-")], "all": HOSTS}


@pytest.fixture(scope="module")
def azure_state():
    """What Azure says, with a tag on a machine that is no host."""
    known = _machines.saved(AZURE)
    states = copy.deepcopy(list(known.states))
    (machine,) = [one for one in states if one["vm"]["name"] == "old-eu-01"]
    machine["vm"]["tags"] = {"environment": "sandbox"}
    return _machines.Known(states, known.gaps, known.read_at)


def of_part(folder, hosts, azure=None, waivers=False, chosen=OF_ALL, states=STATES, inventory=HOSTS):
    """A run over these hosts of the fleet."""
    run = Run(str(folder))
    parameters = {name: value for name, value in chosen.items() if value not in (None, [])}
    run.start(hosts, os.getpid(), {"inventory": ["hosts.yml"], "limit": ",".join(hosts), "parameters": parameters})
    for host in hosts:
        own = OWN.get(host, chosen)
        known = {"host": host, "vm": {"location": f"region of {host}", "tags": {"host": host}}}
        if host in states:
            run.record({**known, **diagnose(states[host], **_choices.read(own)), "reason": None}, states[host], own)
        else:
            run.record({**known, **LOST, "reason": "timed out"}, None, own)
    given = WAIVERS if waivers is True else waivers
    accepted = Waivers(given, lambda waiver: PATTERNS[waiver.hosts], datetime.date(2026, 11, 23)) if given else None
    source = _machines.Azure(lambda: azure, dict.fromkeys(inventory, {})) if azure else None
    run.finish(azure=source, waivers=accepted, **_choices.read(chosen))
    run.close()
    return str(folder)


def merged(folder, *parts, expected=()):
    run = Run(str(folder))
    made = _merge.merge(run, _merge.Merged(map(_merge.read, parts), expected), os.getpid(), {})
    jsonschema.validate(written(folder), SCHEMA)
    return made


def written(folder):
    return json.loads((folder / "report.json").read_text("utf-8"))


def without_times(report):
    about = {name: part for name, part in report["run"].items() if name not in ("started", "seconds", "limit")}
    return {**{name: part for name, part in report.items() if name != "generated"}, "run": about}


def slices(number):
    return [HOSTS[start::number] for start in range(number)]


@pytest.mark.parametrize("waivers", [False, True], ids=["", "waivers"])
@pytest.mark.parametrize("with_azure", [False, True], ids=["guests", "azure"])
@pytest.mark.parametrize(
    "chosen", [OF_ALL, {**OF_ALL, "skip": ["protection", "agent_version"], "max_disk_percent": 1.0}]
)
def test_four_parts_are_the_report_of_one_run(tmp_path, azure_state, with_azure, waivers, chosen):
    azure = azure_state if with_azure else None
    of_part(tmp_path / "whole", HOSTS, azure, waivers, chosen)
    parts = [of_part(tmp_path / f"part{n}", part, azure, waivers, chosen) for n, part in enumerate(slices(4))]
    merged(tmp_path / "merged", *parts)
    whole = written(tmp_path / "whole")
    whole["run"]["check_mode"] = False
    assert without_times(written(tmp_path / "merged")) == without_times(whole)
    kept = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.gz") if path.parent.name != "history"}
        for folder in (tmp_path / "whole", tmp_path / "merged")
    ]
    assert kept[0] == kept[1] and kept[0]


def test_a_waiver_is_not_for_the_hosts_of_another_part_that_has_the_same_pattern(tmp_path):
    of_all = {"reason": "Rebuilt", "owner": "ops", "until": YEAR, "hosts": "all"}
    accepted = {
        "win-us-02": Waiver(1, "rdagent_running", **of_all),
        "web-eu-02": Waiver(1, "agent_auto_restart", **of_all),
    }
    parts = [of_part(tmp_path / host, [host], waivers=[waiver]) for host, waiver in accepted.items()]
    verdicts = {host["host"]: host["verdict"] for host in merged(tmp_path / "merged", *parts)["hosts"]}
    assert verdicts == {"win-us-02": "at_risk", "web-eu-02": "ready"}


def test_parts_whose_inventories_have_their_own_hosts_alone(tmp_path, azure_state):
    of_part(tmp_path / "whole", HOSTS, azure_state)
    parts = [of_part(tmp_path / f"{n}", part, azure_state, inventory=part) for n, part in enumerate(slices(4))]
    assert len(written(tmp_path / "0")["azure"]["machines_without_host"]) > 1
    made = merged(tmp_path / "merged", *parts)
    whole = written(tmp_path / "whole")
    assert [one["name"] for one in made["azure"]["machines_without_host"]] == ["old-eu-01"]
    assert without_times(written(tmp_path / "merged"))["hosts"] == whole["hosts"]
    assert (made["causes"], made["fleet"], made["azure"]) == (whole["causes"], whole["fleet"], whole["azure"])


def test_the_fleet_of_this_test_has_what_is_hard_to_merge(tmp_path, azure_state):
    of_part(tmp_path, HOSTS, azure_state, waivers=True)
    report = written(tmp_path)
    hosts = {host["host"]: host for host in report["hosts"]}
    assert hosts[OFF]["reason"] is None and hosts[GONE]["reason"] == "timed out"
    assert "left_out" in hosts["web-us-02"] and report["azure"]["machines_without_host"]
    assert [one["state"] for one in report["waivers"]] == ["used", "unused", "expired"]
    assert report["fleet"] and report["summary"]["waived"]


def test_of_a_host_in_two_reports_the_latest_counts(tmp_path):
    good = {**STATES["web-us-01"], "captured": "2026-11-24T00:00:00Z"}
    later = of_part(tmp_path / "later", ["web-us-01"], states={"web-us-01": STATES["web-eu-01"]})
    earlier = of_part(tmp_path / "earlier", ["web-us-01", "web-eu-01"], states={**STATES, "web-us-01": good})
    path = tmp_path / "later/report.json"
    report = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**report, "generated": "2099-01-01T00:00:00Z"}))
    made = merged(tmp_path / "merged", later, earlier)
    verdicts = {host["host"]: host["verdict"] for host in made["hosts"]}
    assert verdicts["web-us-01"] == verdicts["web-eu-01"]
    assert made["run"]["merged"] == {"several": ["web-us-01"]}
    assert "1 host in several of the merged reports, the latest counts: web-us-01." in scope(made)


def test_a_host_of_the_inventory_that_no_report_has_is_unknown(tmp_path):
    part = of_part(tmp_path / "part", ["web-eu-01"])
    made = merged(tmp_path / "merged", part, expected=["web-eu-01", "web-eu-02"])
    absent = next(host for host in made["hosts"] if host["host"] == "web-eu-02")
    assert (absent["verdict"], absent["reason"]) == ("unknown", _merge.ABSENT)
    assert made["run"]["merged"] == {"absent": ["web-eu-02"]}
    assert "1 host in none of the merged reports: web-eu-02." in scope(made)


def test_secrets_that_other_versions_have_kept_are_masked(tmp_path, azure_state):
    secret = "Kz7-planted-9Qx"
    part = of_part(
        tmp_path / "part", ["web-eu-01", GONE], azure_state, [Waiver(1, "cpu_load", "Old", "ops", YEAR, "all")]
    )
    report = json.loads((tmp_path / "part/report.json").read_text("utf-8"))
    for host in report["hosts"]:
        host["vm"] = {"location": f"https://u:{secret}@example.com", "tags": {"password": secret}}
        host["reason"] = host["reason"] and f"sign-in failed: password={secret}"
    report["azure"]["error"] = f"token={secret}"
    report["waivers"][0]["reason"] = f"password={secret}"
    (tmp_path / "part/report.json").write_text(json.dumps(report))
    for path in ("states/web-eu-01", "states/azure/web-eu-01"):
        state = _states.read(tmp_path / f"part/{path}.json.gz")
        state["missing"] = {"agent.status": f"cannot read it: password={secret}", "vm.name": f"password={secret}"}
        _states.write(tmp_path / f"part/{path}.json.gz", state)
    merged(tmp_path / "merged", part)
    files = [path for path in (tmp_path / "merged").rglob("*") if path.is_file()]
    texts = {path: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files}
    assert len([path for path in files if path.suffix == ".gz"]) > 2
    assert [path for path, text in texts.items() if secret.encode() in text] == []


def test_a_state_that_is_damaged_or_missing_makes_its_host_unknown(tmp_path):
    part = of_part(tmp_path / "part", ["web-eu-01", "web-eu-02"])
    (tmp_path / "part/states/web-eu-01.json.gz").write_bytes(b"\x1f\x8bdamaged")
    (tmp_path / "part/states/web-eu-02.json.gz").unlink()
    hosts = {host["host"]: host for host in merged(tmp_path / "merged", part)["hosts"]}
    assert "Cannot read the state that was kept of 'web-eu-01': damaged gzip" in hosts["web-eu-01"]["reason"]
    assert {host["verdict"] for host in hosts.values()} == {"unknown"}
    assert hosts["web-eu-02"]["reason"] == "Cannot read the state that was kept of 'web-eu-02': it is missing"


def test_options_that_are_no_more_make_their_host_unknown(tmp_path):
    part = of_part(tmp_path / "part", ["web-eu-01"])
    choices = tmp_path / "part/states/choices/choices.json.gz"
    _states.write(choices, {"choices": [{**OF_ALL, "skip": ["retired_check"]}], "hosts": {"web-eu-01": 0}})
    (host,) = merged(tmp_path / "merged", part)["hosts"]
    assert host["verdict"] == "unknown" and "Cannot use 'retired_check' in 'skip'" in host["reason"]


def test_without_the_machine_of_a_host_there_is_no_report_that_leaves_it_out(tmp_path, azure_state):
    part = of_part(tmp_path / "part", ["web-eu-01"], azure_state)
    (tmp_path / "part/states/azure/web-eu-01.json.gz").unlink()
    with pytest.raises(ValueError, match="^Cannot read the state that was kept of 'web-eu-01': it is missing"):
        merged(tmp_path / "merged", part)


def test_azure_that_one_run_could_not_read_is_said(tmp_path, azure_state):
    parts = [of_part(tmp_path / "a", ["web-eu-01"], azure_state), of_part(tmp_path / "b", ["web-eu-02"], azure_state)]
    path = tmp_path / "b/report.json"
    report = json.loads(path.read_text("utf-8"))
    report["azure"]["error"] = "Cannot sign in"
    path.write_text(json.dumps(report))
    assert merged(tmp_path / "merged", *parts)["azure"]["error"] == "Cannot sign in"


def test_states_of_an_earlier_version_are_judged_as_their_report_was_asked_to(tmp_path):
    part = of_part(tmp_path / "part", ["web-us-01"], chosen={**OF_ALL, "skip": ["extensions_enabled"]})
    shutil.rmtree(tmp_path / "part/states/choices")
    assert merged(tmp_path / "merged", part)["hosts"][0]["left_out"]["critical"] == ["extensions_enabled"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "report.json: No such file or directory"),
        ("{", "report.json is not a report of this version"),
        ('{"schema": 2, "hosts": []}', "report.json is not a report of this version"),
        ("[]", "report.json is not a report of this version"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path, text, said):
    if text:
        (tmp_path / "report.json").write_text(text)
    with pytest.raises(ValueError, match=f"^Cannot merge '{tmp_path}': {said}$"):
        _merge.read(str(tmp_path))


MADE = {
    "schema": 1,
    "generated": "2026-10-01T02:00:00Z",
    "summary": {},
    "run": {"parameters": {}},
    "hosts": [{"host": "a", "platform": None, "verdict": "unknown", "reason": "x", "findings": []}],
}
FOREIGN = {
    "nested": "[" * 200_000,
    "no time": {"generated": None},
    "hosts as numbers": {"hosts": [1]},
    "a name as a list": {"hosts": [{**MADE["hosts"][0], "host": ["a"]}]},
    "a host without a platform": {"hosts": [{"host": "a", "verdict": "x", "reason": None, "findings": []}]},
    "a run as a list": {"run": []},
    "waivers as texts": {"waivers": ["x"]},
    "Azure as a text": {"azure": "x"},
    "machines as numbers": {"azure": {"machines_without_host": [1]}},
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_only_looks_like_a_report_is_none(tmp_path, name):
    file = tmp_path / "report.json"
    file.write_text(json.dumps(MADE))
    assert _merge.Merged([_merge.read(str(tmp_path))]).hosts == ["a"]
    foreign = FOREIGN[name]
    file.write_text(foreign if isinstance(foreign, str) else json.dumps({**MADE, **foreign}))
    with pytest.raises(ValueError, match="report.json is not a report of this version"):
        _merge.read(str(tmp_path))


@pytest.mark.parametrize("choices", [[], {"hosts": {"a": 7}, "choices": []}, {"hosts": {"a": 0}, "choices": [5]}])
def test_choices_of_another_form_are_those_of_no_report(tmp_path, choices):
    (tmp_path / "report.json").write_text(json.dumps(MADE))
    (tmp_path / "states").mkdir()
    _states.write(tmp_path / "states/choices/choices.json.gz", choices)
    with pytest.raises(ValueError, match="report.json is not a report of this version"):
        _merge.read(str(tmp_path))
