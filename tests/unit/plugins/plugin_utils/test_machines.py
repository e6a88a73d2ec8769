# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's side of a run: each host judged again with its virtual machine, and what is said where one is missing."""

import gzip
import json
import os
import pathlib

import jsonschema
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _machines, _run, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import (
    AZURE,
    CRITICAL,
    LINUX,
    Catalogue,
    Check,
    Effect,
    Stage,
    fail,
    ok,
    warn,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._machines import Azure, Known
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import Run
from azure_states import FAILED_JOB, GROUP, ITEM, NOW, VM, azure_state
from support import guest

SCHEMA = json.loads(
    (pathlib.Path(_run.__file__).parent / "schemas/report.schema.json").read_text("utf-8"),
)
READY = {"platform": "linux", "verdict": "ready", "first_cause": None, "cause": None, "findings": [], "reason": None}
GONE = {**READY, "platform": None, "verdict": "unreachable", "reason": "timed out"}
CHOICES = dict.fromkeys(("error_code",)) | {"only": [], "skip": []}


def in_guest(state):
    return ok() if state.agent.runs else fail("The agent is stopped")


def protected(state):
    if not state.protection.items:
        return fail("Nothing backs this machine up")
    return ok(effect={"running": None, "deallocated": Effect.OFF}[state.vm.power])


def job(state):
    codes = [error.code for job in state.jobs for error in job.errors]
    return warn("The last job failed", error_code=codes[0]) if codes else ok()


RULES = [
    Check("Agent", CRITICAL, Stage.AGENT, id="agent", subjects=(LINUX,), judge=in_guest, aliases=("agent_status",)),
    Check("Protection", CRITICAL, Stage.STORAGE, id="protection", subjects=(AZURE,), judge=protected),
    Check("Job", CRITICAL, Stage.STATUS, id="job", subjects=(AZURE,), explained_by=("agent",), judge=job),
]


@pytest.fixture(autouse=True)
def _made_up_checks(monkeypatch):
    def diagnose(raw, azure=None, **choices):
        joint = azure is not None
        rules = {one.id: one for one in RULES if joint or (AZURE in one.subjects) == (raw["platform"] == AZURE)}
        return _evaluate.evaluate(raw, Catalogue(rules, {}), azure=azure, **choices)

    monkeypatch.setattr(_machines, "diagnose", diagnose)


def machine(name, **changes):
    """The healthy machine under another name."""
    return azure_state(vm={"name": name, "id": VM.replace("web1", name), "computer_name": name}, **changes)


def agent(runs):
    return guest(agent={"runs": runs})


@pytest.fixture
def run(tmp_path):
    """Takes (result, guest state) by host, and Azure's states; gives the report."""

    def report(hosts, states, inventory=None, alone=False, **choices):
        one = Run(str(tmp_path / "report"))
        one.start(hosts, os.getpid())
        for host, (result, state) in hosts.items():
            one.record({"host": host, **result}, state, choices.pop(host, None))
        read = states if callable(states) else lambda: Known(states, [{"what": "locks"}], NOW)
        azure = Azure(read, {host: (inventory or {}).get(host, {}) for host in {**hosts, **(inventory or {})}}, alone)
        made, complete = one.finish(azure=azure, **choices)
        assert complete
        one.close()
        jsonschema.validate(json.loads((one.report_dir / "report.json").read_text("utf-8")), SCHEMA)
        made["dir"] = one.report_dir
        return made

    return report


def by_name(report):
    return {host["host"]: host for host in report["hosts"]}


def test_each_host_is_judged_again_with_its_machine(run):
    states = [machine("web1"), machine("web2", protection={"items": []}), machine("web3")]
    hosts = {name: (READY, agent(name != "web3")) for name in ("web1", "web2", "web3")}
    made = run(hosts, states)
    assert made["summary"] | {"hosts": 3} == {**made["summary"], "ready": 1, "blocked": 2, "hosts": 3}
    found = by_name(made)
    assert [found[name]["first_cause"] for name in ("web1", "web2", "web3")] == [None, "protection", "agent"]
    assert {cause["id"]: cause["hosts"] for cause in made["causes"]} == {"protection": ["web2"], "agent": ["web3"]}
    assert made["azure"] == {
        "read_at": NOW,
        "machines": 3,
        "gaps": [{"what": "locks"}],
        "hosts_without_machine": [],
        "machines_without_host": [],
        "ambiguous": [],
        "error": None,
    }


def test_a_machine_that_only_the_guest_claims_is_said_to_be_so(run):
    state = agent(True)
    state["fabric"] = {"imds": {"instance": {"compute": {"resource_id": VM}}}}
    known = {"sure": {"id": VM.replace("web1", "web2")}}
    made = by_name(
        run({"alias": (READY, state), "sure": (READY, agent(True))}, [machine("web1"), machine("web2")], known)
    )
    assert {host: one["azure"]["claimed"] for host, one in made.items()} == {"alias": True, "sure": False}


def test_what_is_said_of_a_machine(run):
    states = [machine("web1", jobs=[{**FAILED_JOB, "operation": "Restore"}, FAILED_JOB])]
    host = by_name(run({"web1": (READY, agent(False))}, states))["web1"]
    assert host["azure"] == {
        "id": VM,
        "name": "web1",
        "claimed": False,
        "power": "running",
        "protected": True,
        "vault": "backup",
        "policy": "nightly",
        "last_job": {
            "status": "Failed",
            "started": FAILED_JOB["started"],
            "ended": FAILED_JOB["ended"],
            "code": "UserErrorGuestAgentStatusUnavailable",
        },
    }
    assert host["error_code"] == {"code": "UserErrorGuestAgentStatusUnavailable", "from": "job"}
    assert {one["id"]: one["consequence_of"] for one in host["findings"]} == {
        "agent": None,
        "job": "agent",
        "protection": None,
    }
    assert [one["id"] for one in host["findings"] if one.get("subject") == "azure"] == ["job", "protection"]


def test_what_is_not_known_of_a_machine_is_null():
    dark = azure_state(missing={"protection": "x", "vault": "x", "jobs": "x"})
    assert [_machines.summary(dark)[name] for name in ("protected", "vault", "policy", "last_job")] == [None] * 4
    deleted = azure_state(protection={"items": [{**ITEM, "soft_deleted": True}]}, jobs=[])
    assert [_machines.summary(deleted)[name] for name in ("protected", "vault", "last_job")] == [False, None, None]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_vaults_the_one_that_backs_up_is_named(order):
    former = {**ITEM, "protection_state": "ProtectionStopped", "vault_id": "/vaults/former", "policy": None}
    machine = azure_state(protection={"items": [former, ITEM][::order]})
    assert [_machines.summary(machine)[name] for name in ("protected", "vault", "policy")] == [
        True,
        ITEM["vault_id"].rpartition("/")[2],
        ITEM["policy"],
    ]


@pytest.mark.parametrize(
    ("power", "verdict", "reason"), [("running", "unreachable", "timed out"), ("deallocated", "ready", None)]
)
def test_a_host_that_is_off_need_not_answer(run, power, verdict, reason):
    state = machine("web1")
    state["vm"]["power"] = power
    host = by_name(run({"web1": (GONE, None)}, [state]))["web1"]
    assert (host["verdict"], host["reason"], host["azure"]["power"]) == (verdict, reason, power)


def test_a_host_keeps_its_own_choices(run):
    hosts = {name: (READY, agent(False)) for name in ("web1", "web2")}
    made = run(hosts, [machine("web1"), machine("web2")], web2={**CHOICES, "skip": ["agent_status"]})
    assert {name: host["verdict"] for name, host in by_name(made).items()} == {"web1": "blocked", "web2": "partial"}


def test_a_host_whose_choices_were_refused_keeps_its_reason(run):
    refused = {**GONE, "verdict": "unknown", "reason": "Cannot use 'nonsense' in 'skip'"}
    made = run({"web1": (refused, None)}, [machine("web1")], web1={**CHOICES, "skip": ["nonsense"]})
    host = by_name(made)["web1"]
    assert (host["verdict"], host["reason"], host["azure"]["id"]) == ("unknown", refused["reason"], VM)


def test_hosts_and_machines_without_their_other_half_are_named(run):
    states = [machine("web1"), machine("other", protection={"items": []}), machine("of_the_inventory")]
    made = run({"web1": (READY, agent(True)), "db1": (READY, agent(True))}, states, {"of_the_inventory": {}})
    about = made["azure"]
    assert about["hosts_without_machine"] == ["db1"]
    (alone,) = about["machines_without_host"]
    assert (alone["name"], alone["verdict"], alone["first_cause"]) == ("other", "blocked", "protection")
    assert (alone["text"], alone["azure"]["protected"]) == ("Nothing backs this machine up", False)
    assert sorted(by_name(made)) == ["db1", "web1"], "the report is of the hosts of the run"


def test_a_machine_without_a_host_has_a_name_of_its_own(run):
    twins = [machine("db"), machine("db"), machine("web1")]
    for number, twin in enumerate(twins):
        twin["vm"]["id"] = f"{GROUP}{number}/providers/Microsoft.Compute/virtualMachines/{twin['vm']['name']}"
    made = run({}, twins, {"web1": {"id": VM}}, alone=True)
    assert sorted(by_name(made)) == ["prod0/db", "prod1/db", "prod2/web1"]


def claims(name):
    told = agent(True)
    told["fabric"] = {"imds": {"instance": {"compute": {"resource_id": VM.replace("web1", name)}}}}
    return READY, told


def test_a_guest_tells_its_machine_where_the_inventory_does_not(run):
    made = run({"alias": claims("db7")}, [machine("web1"), machine("db7")])
    assert by_name(made)["alias"]["azure"]["name"] == "db7"


@pytest.mark.parametrize("inventory", [{"evil": {"id": VM.replace("web1", "evil")}}, {"evil": {"name": "evil"}}, {}])
def test_a_guest_that_claims_another_machine_gets_none(run, inventory):
    made = run({"evil": claims("web1")}, [machine("evil"), machine("web1")], inventory)
    assert "azure" not in by_name(made)["evil"]
    (sentence,) = made["azure"]["ambiguous"]
    assert sentence.endswith(f"is: {VM.replace('web1', 'evil')} by the inventory, {VM} by its guest")


@pytest.mark.parametrize("victim", [(GONE, None), (READY, agent(True)), claims("web1")])
@pytest.mark.parametrize("variables", [{}, {"id": VM}])
def test_a_guest_takes_the_machine_of_no_other_host(run, victim, variables):
    evil = claims("web1")
    evil[1]["identity"] = {"hostname": "web1"}
    made = run({"web1": victim, "alias": evil}, [machine("web1")], {"web1": variables})
    assert by_name(made)["web1"]["azure"]["name"] == "web1" and "azure" not in by_name(made)["alias"]
    assert made["azure"]["ambiguous"] == [f"Cannot tell which host the virtual machine '{VM}' is: 'alias' and 'web1'"]


def test_a_guest_is_found_by_its_address(run):
    told = agent(True)
    told["fabric"] = {"imds": {"instance": {"primary_address": "10.0.1.4"}}}
    assert by_name(run({"alias": (READY, told)}, [machine("web1")]))["alias"]["azure"]["name"] == "web1"


def test_a_resource_id_of_the_inventory_outranks_the_name(run):
    inventory = {"web1": {"id": VM.replace("web1", "db7").upper().replace("/SUBSCRIPTIONS", "/subscriptions")}}
    made = run({"web1": (READY, agent(True))}, [machine("web1"), machine("db7")], inventory)
    assert by_name(made)["web1"]["azure"]["name"] == "db7"


def test_a_machine_that_a_host_may_or_may_not_be_is_named(run):
    twins = [machine("web1"), machine("web1")]
    twins[1]["vm"]["id"] = VM.replace("/prod/", "/test/")
    made = run({"web1": (READY, agent(True))}, twins)
    (sentence,) = made["azure"]["ambiguous"]
    assert all(twin["vm"]["id"] in sentence for twin in twins)
    assert "azure" not in by_name(made)["web1"]


def test_an_address_of_the_guest_tells_its_machine(run):
    state = agent(True)
    state["fabric"] = {"imds": {"instance": {"primary_address": "10.0.9.9", "further_addresses": []}}}
    one = machine("vm-4711")
    one["vm"].update(addresses=["10.0.9.9"], computer_name="x")
    made = run({"web1": (READY, state)}, [one, machine("web9")])
    assert by_name(made)["web1"]["azure"]["name"] == "vm-4711"


def test_a_state_that_does_not_say_whose_it_is_is_a_gap(run):
    nameless = machine("web9")
    del nameless["vm"]
    made = run({"web1": (READY, agent(True))}, [machine("web1"), nameless])
    assert by_name(made)["web1"]["azure"]["name"] == "web1"
    assert made["azure"]["gaps"][-1]["what"] == "1 VM"


def test_states_of_another_version_leave_the_guests(run):
    made = run({"web1": (READY, agent(True))}, [{**machine("web1"), "schema": 9}])
    assert (by_name(made)["web1"]["verdict"], "schema 9" in made["azure"]["error"]) == ("ready", True)


def test_machines_alone_are_judged_without_guests(run):
    made = run({}, [machine("web1"), machine("db", protection={"items": []})], {"web1": {}, "app": {}}, alone=True)
    assert {name: host["verdict"] for name, host in by_name(made).items()} == {"web1": "ready", "db": "blocked"}
    assert made["azure"]["hosts_without_machine"] == ["app"]
    assert made["azure"]["machines_without_host"] == []


def test_where_azure_cannot_be_read_the_guests_are_judged(run):
    def read():
        raise ValueError("Cannot read Azure: no permission")

    made = run({"web1": (READY, agent(True))}, read)
    assert (by_name(made)["web1"]["verdict"], made["azure"]["error"]) == ("ready", "Cannot read Azure: no permission")


def test_machines_are_kept_beside_the_guests(run):
    made = run({"web1": (GONE, None)}, [machine("web1"), machine("other")])
    kept = _states.machines_in(_states.kept(made["dir"]))
    assert list(kept) == ["other", "web1"]
    assert kept["web1"]["vm"]["id"] == VM
    assert list(_states.kept(made["dir"])) == []
    assert oct((made["dir"] / "states").stat().st_mode & 0o777) == "0o700"


def test_a_report_that_is_not_the_last_does_not_ask_azure(tmp_path):
    one = Run(str(tmp_path))
    one.start(["a", "b"], os.getpid())
    one.record({"host": "a", **READY})

    def read():
        raise AssertionError("Azure was asked")

    made, complete = one.finish(coming={"b"}, azure=Azure(read, {}))
    assert not complete and "azure" not in made


OFF = (None, False, "no", "false")


@pytest.mark.parametrize("given", OFF)
def test_without_a_wish_nothing_is_read(given):
    assert _machines.source({"azure": given, "azure_state_file": None}) is None


@pytest.mark.parametrize("given", [True, "yes", {"subscriptions": ["s"]}, None])
def test_a_file_stands_before_asking(given, tmp_path):
    path = tmp_path / "azure.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"schema": 1, "read_at": NOW, "vms": [machine("web1")]}).encode()))
    known = _machines.source({"azure": given, "azure_state_file": str(path)})()
    assert (len(known.states), known.read_at, known.gaps) == (1, NOW, ())
    assert _machines.source({"azure": False, "azure_state_file": str(path)}) is None


def test_what_is_no_wish_is_refused():
    with pytest.raises(ValueError, match=r"^Cannot use 'perhaps' for Azure \(diagnose_azure\): it is neither"):
        _machines.source({"azure": "perhaps", "azure_state_file": None})


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"schema": 2, "vms": []}',
        '{"schema": 1}',
        '{"schema": 1, "vms": {}}',
        '{"schema": 1, "vms": [], "gaps": ["not read"]}',
        '{"schema": 1, "vms": [], "gaps": {"what": "disks"}}',
        '{"schema": 1, "vms": [], "read_at": {}}',
        '{"schema": 1, "vms": [' + '{"a":' * 5000 + "1" + "}" * 5000 + "]}",
    ],
)
def test_a_file_of_another_form_is_a_sentence(tmp_path, content):
    (tmp_path / "azure.json").write_text(content)
    with pytest.raises(ValueError, match=r"^Cannot read '.*azure.json': "):
        _machines.saved(str(tmp_path / "azure.json"))
    with pytest.raises(ValueError, match=r"^Cannot read '/nowhere': No such file or directory$"):
        _machines.saved("/nowhere")


@pytest.mark.parametrize("seconds", [120, None])
def test_one_machine_is_read_within_its_seconds(monkeypatch, seconds):
    asked = []
    monkeypatch.setattr(_machines, "asked", lambda given: asked.append(given) or _machines.Known([]))
    with pytest.raises(ValueError, match="^Cannot find the virtual machine '/x' in Azure"):
        _machines.one({"tenant": "t", "timeout": 900}, "/x", seconds)
    assert (asked[0]["ids"], asked[0]["tenant"], asked[0]["timeout"]) == (["/x"], "t", seconds)
