# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in Azure, against the stand-in: each made once, recorded before, taken back, and refused where it must be."""

import datetime
import json
import multiprocessing
import re
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _client, _pauses
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts import (
    _backup,
    _change,
    _journal,
    _kind,
    _operation,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import change, settled
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._extension import Extension
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._item import Assignment, item_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import Journal, runs
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._kind import Refused
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._machine import Power, Provisioning
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._policy import Schedule
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._rule import Rule, free_priority, refuse_taken
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._undo import Undone, undo_run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from azure_standin.backup import ITEMS, new_job
from reading import Client, settle

GROUPS = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups"
NSG = f"{GROUPS}/prod-net/providers/Microsoft.Network/networkSecurityGroups/NSG-lockdown"
RULE = f"{NSG}/securityRules/allow-proxy"
VAULT = f"{GROUPS}/prod-backup/providers/Microsoft.RecoveryServices/vaults/prod-vault"
VALUE = {
    "description": "",
    "direction": "Outbound",
    "access": "Allow",
    "protocol": "Tcp",
    "priority": 200,
    "source": ["10.0.0.5/32"],
    "source_ports": ["*"],
    "destination": ["Internet"],
    "destination_ports": ["80-443"],
    "groups": {},
}


def machine(name):
    return f"{GROUPS}/prod-app/providers/Microsoft.Compute/virtualMachines/{name}"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(_pauses, "longer", lambda attempt: 0.01)
    monkeypatch.setattr(_change, "EVERY_S", 0.05)
    monkeypatch.setattr(_change, "_ARRIVES_S", 2)
    monkeypatch.setattr(_backup, "_EVERY_S", 0.05)


@pytest.fixture
def journal(tmp_path):
    return Journal(str(tmp_path), "run-1")


class Told(list):
    def __call__(self, sentence):
        self.append(sentence)


def client(timeout=300):
    return Client(settle({}), timeout)


def kinds():
    """Every kind of change, with the resource of the article's estate that it changes, and what it makes of it."""
    policy = f"{VAULT}/backupPolicies"
    return {
        "rule": (Rule, lambda azure: RULE, VALUE),
        "power": (Power, lambda azure: machine("app-off"), "running"),
        "provisioning": (Provisioning, lambda azure: machine("app-failed"), "Succeeded"),
        "extension": (Extension, lambda azure: f"{machine('app-ext')}/extensions/VMSnapshotLinux", None),
        "assignment": (Assignment, lambda azure: item_of(client(), machine("app-ok")), f"{policy}/evening"),
        "schedule": (Schedule, lambda azure: f"{policy}/evening", {"times": ["23:30"], "time_zone": "UTC"}),
    }


def writes(azure):
    """Requests that change something."""
    return sum(entry.method != "GET" and "/resourcegroups/" in entry.path.lower() for entry in azure.log)


def make(kind, id_, wanted, journal, host="web1"):
    return change(kind, id_, wanted, settled(kind, id_, journal), journal, host)


@pytest.mark.parametrize("name", kinds())
def test_a_change_is_shown_made_once_recorded_and_taken_back(standin, journal, name):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    type_, place, wanted = kinds()[name]
    kind, id_ = type_(client(), Told()), place(azure)
    before = kind.read(id_).value
    shown, sent = make(kind, id_, wanted, None), writes(azure)
    assert (shown.changed, shown.before, shown.after) == (True, before, wanted)
    assert kind.read(id_).value == before != wanted and journal.entries() == []

    assert make(kind, id_, wanted, journal).changed and writes(azure) == sent + 1
    assert kind.read(id_).value == wanted
    (entry,) = journal.entries()
    assert (entry["host"], entry["kind"], entry["state"]) == ("web1", type_.name, "done")
    assert (entry["before"], entry["after"]) == (before, wanted)
    assert not make(kind, id_, wanted, journal).changed and writes(azure) == sent + 1

    assert undo_run(client(), journal, "another", False, Told()) == Undone([], [])
    assert bool(undo_run(client(), journal, "web1", True, Told()).restored) is not bool(kind.permanent)
    assert kind.read(id_).value == wanted and journal.entries() == [entry]
    done = undo_run(client(), journal, "web1", False, Told())
    if kind.permanent:
        assert done.kept and kind.permanent in done.kept[0] and kind.read(id_).value == wanted
    else:
        assert done.restored and kind.read(id_).value == before
    assert undo_run(client(), journal, "web1", False, Told()).restored == []
    assert azure.unhandled() == []


def test_another_writer_wins_and_nothing_is_changed(standin, journal):
    azure = standin("article")
    kind = Rule(client(), Told())
    make(kind, RULE, VALUE, journal)
    seen = kind.read(RULE)
    kind.write(RULE, {**VALUE, "description": "of someone else"}, seen)
    with pytest.raises(
        Refused, match="Cannot change rule 'allow-proxy': someone else changed it after it was read"
    ) as why:
        change(kind, RULE, {**VALUE, "priority": 250}, seen, journal, "web1")
    assert "Nothing was changed; run again" in str(why.value)
    assert [entry["state"] for entry in journal.entries()] == ["done", "undone"]
    with pytest.raises(
        AzureError, match="Cannot undo the change of rule 'allow-proxy': someone else has changed it since"
    ):
        undo_run(client(), journal, "web1", False, Told())
    assert azure.document(NSG)["properties"]["securityRules"][-1]["properties"]["description"] == "of someone else"


def test_the_other_rules_are_never_sent(standin, journal):
    azure = standin("article")
    before = [rule["name"] for rule in azure.document(NSG)["properties"]["securityRules"]]
    make(Rule(client(), Told()), RULE, VALUE, journal)
    assert [rule["name"] for rule in azure.document(NSG)["properties"]["securityRules"]] == [*before, "allow-proxy"]
    sent = [entry for entry in azure.log if entry.method == "PUT"]
    assert [entry.path for entry in sent] == [RULE] and "deny-internet" not in json.dumps(sent[0].body)


def test_an_answer_that_is_lost_after_the_change_was_made(standin, journal, monkeypatch):
    """The request is sent again, and is refused because of itself: the rule has another ETag now."""
    azure = standin("article")
    kind = Rule(client(), Told())
    make(kind, RULE, VALUE, journal)
    azure.fault("PUT .*/allow-proxy", drop=True, times=1)
    wanted = {**VALUE, "destination": ["Storage.WestEurope"]}
    assert make(kind, RULE, wanted, journal).changed and kind.read(RULE).value == wanted
    assert azure.calls("PUT", "/allow-proxy") == 3
    assert [entry["state"] for entry in journal.entries()] == ["done", "done"]


WRITES = "(PUT|POST|DELETE) /subscriptions/"


DEALLOCATED = {"code": "PowerState/deallocated"}


def lost(azure, how, then):
    """Azure begins the next change, but its answer is lost, and it refuses to begin it again."""

    def edit(response):
        if how == "broken":
            response.status, response.body, response.headers = 502, None, {}
        azure.fault(WRITES, **then)

    azure.fault(WRITES, times=1, edit=edit, **({} if how == "broken" else {how: True}))


@pytest.mark.parametrize("how", ["drop", "cut", "broken"])
@pytest.mark.parametrize("name", kinds())
def test_an_answer_that_is_lost_and_whose_change_is_under_way(standin, journal, name, how):
    azure = standin("article")
    type_, place, wanted = kinds()[name]
    kind, id_ = type_(client(), Told()), place(azure)
    lost(azure, how, {"status": 409})
    assert make(kind, id_, wanted, journal).changed and kind.read(id_).value == wanted
    assert [entry["state"] for entry in journal.entries()] == ["done"]


def test_a_change_that_may_have_begun_is_not_recorded_as_refused(standin, journal, monkeypatch):
    azure = standin("article")
    kind, id_ = Power(client(), Told()), machine("app-off")
    monkeypatch.setattr(_change, "_READS", 1)
    azure.document(id_)["_power"] = "deallocated"
    lost(azure, "drop", {"status": 403})
    azure.fault("GET .*/instanceView", edit=lambda response: response.body.update(statuses=[DEALLOCATED]))
    with pytest.raises(AzureError, match="AuthorizationFailed") as why:
        make(kind, id_, "running", journal)
    assert not isinstance(why.value, Refused)
    assert [entry["state"] for entry in journal.entries()] == ["started"]
    azure.cloud.faults.clear()
    assert undo_run(client(), journal, "web1", False, Told()).restored == ["power app-off"]
    assert kind.read(id_).value == "deallocated"


@pytest.mark.parametrize("name", kinds())
def test_a_write_that_is_refused_because_of_another_writer_says_so(standin, journal, name):
    azure = standin("article")
    type_, place, wanted = kinds()[name]
    kind, id_ = type_(client(), Told()), place(azure)
    before = kind.read(id_).value
    azure.fault(WRITES, status=412, code="PreconditionFailed")
    with pytest.raises(
        Refused, match="Cannot change .*: someone else changed it after it was read. Nothing was changed"
    ):
        make(kind, id_, wanted, journal)
    assert kind.read(id_).value == before
    assert [entry["state"] for entry in journal.entries()] == ["undone"]


@pytest.mark.parametrize("name", kinds())
def test_throttling_is_obeyed(standin, journal, monkeypatch, name):
    azure, slept = standin("article"), []
    type_, place, wanted = kinds()[name]
    id_ = place(azure)
    azure.fault(WRITES, status=429, retry_after=3, times=2)
    monkeypatch.setattr(_client.time, "sleep", slept.append)
    azure.cloud.settings["operation_seconds"] = 0
    assert make(type_(client(), Told()), id_, wanted, journal).changed
    assert [seconds for seconds in slept if seconds >= 1] == [3, 3] and writes(azure) == 3
    assert [entry["state"] for entry in journal.entries()] == ["done"]


PERMISSIONS = {
    "rule": "Microsoft.Network/networkSecurityGroups/securityRules/write",
    "power": "Microsoft.Compute/virtualMachines/start/action",
    "provisioning": "Microsoft.Compute/virtualMachines/reapply/action",
    "extension": "Microsoft.Compute/virtualMachines/extensions/delete",
    "assignment": "/protectedItems/write",
    "schedule": "Microsoft.RecoveryServices/vaults/backupPolicies/write",
}


@pytest.mark.parametrize("name", kinds())
def test_a_reader_may_plan_and_is_told_which_permission_is_missing(standin, journal, name):
    standin("article", principal=1)
    type_, place, wanted = kinds()[name]
    kind, id_ = type_(client(), Told()), place(None)
    before = kind.read(id_).value
    assert make(kind, id_, wanted, None).changed
    with pytest.raises(Refused, match="Cannot change '.*'") as why:
        make(kind, id_, wanted, journal)
    assert why.value.permission.endswith(PERMISSIONS[name])
    assert kind.read(id_).value == before
    assert [entry["state"] for entry in journal.entries()] == ["undone"]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("name", kinds())
def test_a_run_that_is_killed_in_the_middle_is_finished_by_the_next_one(standin, journal, monkeypatch, name):
    azure = standin("article")
    type_, place, wanted = kinds()[name]
    id_ = place(azure)
    azure.cloud.settings["operation_seconds"] = 0.6

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(_kind, "follow", killed)
        make(type_(client(), Told()), id_, wanted, journal)
    assert [entry["state"] for entry in journal.entries()] == ["started"]
    kind = type_(client(), Told())
    make(kind, id_, wanted, journal)
    assert kind.read(id_).value == wanted
    assert all(entry["state"] == "done" for entry in journal.entries()), journal.entries()


@pytest.mark.parametrize("name", kinds())
def test_a_run_that_is_killed_in_the_middle_is_undone(standin, journal, monkeypatch, name):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    type_, place, wanted = kinds()[name]
    id_ = place(azure)
    kind = type_(client(), Told())
    before = kind.read(id_).value
    azure.cloud.settings["operation_seconds"] = 0.3

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(_kind, "follow", killed)
        make(kind, id_, wanted, journal)
    done = undo_run(client(), journal, "web1", False, Told())
    time.sleep(0.4)
    assert kind.read(id_).value == (wanted if kind.permanent else before)
    assert bool(done.kept) is bool(kind.permanent)
    assert [entry["state"] for entry in journal.entries()] == ["undone"]


def test_an_operation_that_fails_says_why_and_stays_in_the_journal(standin, journal):
    azure = standin("article")
    azure.fault("POST .*/start", operation_error="AllocationFailed")
    with pytest.raises(AzureError, match="Cannot start 'app-off': Injected by the stand-in \\(AllocationFailed\\)"):
        make(Power(client(), Told()), machine("app-off"), "running", journal)
    assert [entry["state"] for entry in journal.entries()] == ["started"]


def test_a_long_operation_shows_its_progress_and_ends_with_the_time_limit(standin, journal, monkeypatch):
    azure = standin("article")
    monkeypatch.setattr(_operation, "_TELL_S", 0.2)
    azure.fault("POST .*/start", operation_seconds=60)
    told = Told()
    with pytest.raises(AzureError, match="no time is left"):
        make(Power(client(timeout=10), told), machine("app-off"), "running", journal)
    assert told and told[0].startswith("Start 'app-off': InProgress")


def test_an_accepted_change_without_effect_is_an_error(standin, journal):
    azure = standin("article")
    azure.document(machine("app-failed"))["_stays_failed"] = True
    with pytest.raises(
        AzureError, match="Cannot change model of 'app-failed': Azure accepted the change, but it is not"
    ):
        make(Provisioning(client(), Told()), machine("app-failed"), "Succeeded", journal)


def test_what_was_shut_down_inside_stays_deallocated(standin, journal):
    azure = standin("article")
    make(Power(client(), Told()), machine("app-rdp"), "deallocated", journal)
    done = undo_run(client(), journal, "web1", False, Told())
    assert done.restored == [] and "start it if it is needed" in done.kept[0]
    assert azure.document(machine("app-rdp"))["_power"] == "deallocated"


def test_a_power_state_that_was_not_known_keeps_nothing_else_from_being_taken_back(standin, journal):
    azure = standin("article")
    policy, times = f"{VAULT}/backupPolicies/evening", {"times": ["23:30"], "time_zone": "UTC"}
    before = make(Schedule(client(), Told()), policy, times, journal).before
    azure.fault("GET .*/app-off/instanceView", times=1, edit=lambda answer: answer.body.update(statuses=[]))
    assert make(Power(client(), Told()), machine("app-off"), "running", journal).before is None
    would = undo_run(client(), journal, "web1", True, Told())
    done = undo_run(client(), journal, "web1", False, Told())
    assert would == done and done.restored == ["backup_schedule evening"]
    assert "power app-off: its power state before the change is not known" in done.kept[0]
    assert Schedule(client(), Told()).read(policy).value == before
    assert azure.document(machine("app-off"))["_power"] == "running"


@pytest.mark.parametrize("changed", [False, True])
def test_check_mode_shows_what_is_taken_back_of_a_resource_that_was_changed_twice(standin, journal, changed):
    standin("article")
    kind, policy = Schedule(client(), Told()), f"{VAULT}/backupPolicies/evening"
    first = make(kind, policy, {"times": ["22:30"], "time_zone": "UTC"}, journal).before
    make(kind, policy.replace("backupPolicies", "backuppolicies"), {"times": ["23:30"], "time_zone": "UTC"}, journal)
    if changed:
        kind.write(policy, {"times": ["20:00"], "time_zone": "UTC"}, kind.read(policy))
        with pytest.raises(AzureError, match="someone else has changed it since.*; .*someone else has changed it"):
            undo_run(client(), journal, "web1", True, Told())
        return
    would = undo_run(client(), journal, "web1", True, Told())
    assert would == Undone(["backup_schedule evening"] * 2, []) and kind.read(policy).value["times"] == ["23:30"]
    assert undo_run(client(), journal, "web1", False, Told()) == would and kind.read(policy).value == first


def test_a_lock_refuses_to_take_a_rule_back(standin, journal):
    azure = standin("article")
    make(Rule(client(), Told()), RULE, VALUE, journal)
    with pytest.raises(Refused, match="ScopeLocked"):
        undo_run(client(), journal, "web1", False, Told())
    assert [entry["state"] for entry in journal.entries()] == ["done"]
    assert any(rule["name"] == "allow-proxy" for rule in azure.document(NSG)["properties"]["securityRules"])


def test_a_policy_is_found_by_name_and_a_way_back_that_azure_lacks_is_refused(standin, journal):
    standin("article")
    kind, item = Assignment(client(), Told()), item_of(client(), machine("app-off"))
    seen = settled(kind, item)
    with pytest.raises(AzureError, match="Azure does not move a machine from an Enhanced policy to a Standard one"):
        kind.resolve(item, "evening", seen)
    assert kind.resolve(item, "ENHANCED", seen) == seen.value
    with pytest.raises(AzureError, match="it is in another vault"):
        kind.resolve(item, f"{VAULT}-2/backupPolicies/evening", seen)
    standard = item_of(client(), machine("app-ok"))
    make(kind, standard, kind.resolve(standard, "enhanced", settled(kind, standard)), journal)
    done = undo_run(client(), journal, "web1", False, Told())
    assert done.restored == [] and "back to a Standard one" in done.kept[0]
    with pytest.raises(Refused, match="Cannot find the backup of 'app-new': no vault protects it"):
        item_of(client(), machine("app-new"))


def test_a_machine_that_someone_else_has_moved_meanwhile_is_left(standin):
    standin("article")
    kind, item = Assignment(client(), Told()), item_of(client(), machine("app-ok"))
    seen, evening = settled(kind, item), f"{VAULT}/backupPolicies/evening"
    for policy in ("DefaultPolicy", seen.value.upper()):
        kind.expect(item, policy, evening, seen)
    # A run that was killed has moved it already.
    kind.expect(item, "late", seen.value, seen)
    with pytest.raises(
        Refused, match="Cannot change policy of 'app-ok': it is 'DefaultPolicy', not 'late' as expected"
    ):
        kind.expect(item, "late", evening, seen)


def test_a_rule_is_the_same_however_azure_spells_it(standin, journal):
    azure = standin("article")
    kind = Rule(client(), Told())
    make(kind, RULE, VALUE, journal)
    rule = azure.document(NSG)["properties"]["securityRules"][-1]["properties"]
    rule.update(protocol="TCP", destinationPortRanges=["80-443"], destinationPortRange="")
    assert not make(kind, RULE, VALUE, journal).changed


def test_places_of_a_rule_are_the_same_in_any_case(standin, journal):
    """Azure writes service tags as they are listed, whatever was sent."""
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    kind, wanted = Rule(client(), Told()), {**VALUE, "destination": ["azurebackup", "storage.westeurope"]}

    def listed(response):
        for rule in response.body["properties"]["securityRules"]:
            tags = rule["properties"].get("destinationAddressPrefixes") or ()
            spelt = {"storage.westeurope": "Storage.WestEurope", "azurebackup": "AzureBackup"}
            rule["properties"]["destinationAddressPrefixes"] = [spelt.get(tag, tag) for tag in tags]

    azure.fault("GET .*/NSG-lockdown", edit=listed)
    assert make(kind, RULE, wanted, journal).changed
    assert not make(kind, RULE, wanted, journal).changed
    assert make(kind, RULE, {**wanted, "description": "Proxy"}, journal).changed
    assert undo_run(client(), journal, "web1", False, Told()).restored and kind.read(RULE).value is None


def test_the_policy_of_an_item_is_the_same_in_any_case(standin, journal):
    azure = standin("article")
    kind, item = Assignment(client(), Told()), item_of(client(), machine("app-ok"))

    def shouted(response):
        response.body["properties"]["policyId"] = response.body["properties"]["policyId"].upper()

    azure.fault("GET .*/protectedItems/[^/]+$", edit=shouted)
    assert make(kind, item, f"{VAULT}/backupPolicies/evening", journal).changed
    assert not make(kind, item, f"{VAULT}/backupPolicies/Evening", journal).changed
    assert undo_run(client(), journal, "web1", False, Told()).restored
    assert azure.document(item)["properties"]["policyName"].lower() == "defaultpolicy"


@pytest.mark.parametrize("name", kinds())
def test_another_operation_on_the_resource_is_waited_for(standin, journal, name):
    azure = standin("article")
    type_, place, wanted = kinds()[name]
    id_ = place(azure)
    azure.fault(WRITES, status=409, code="AnotherOperationInProgress", times=2)
    assert make(type_(client(), Told()), id_, wanted, journal).changed and writes(azure) == 3
    assert [entry["state"] for entry in journal.entries()] == ["done"]


@pytest.mark.parametrize("name", kinds())
def test_an_operation_that_fails_late_is_made_by_the_next_run_or_undone(standin, journal, name):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    azure.cloud.settings["operation_seconds"] = 0.2
    type_, place, wanted = kinds()[name]
    kind, id_ = type_(client(), Told()), place(azure)
    before = kind.read(id_).value
    azure.fault(WRITES, operation_error="InternalOperationError", times=1)
    if name == "rule":
        azure.fault(WRITES, status=500, times=5)
    with pytest.raises(AzureError, match=r"Cannot .*: .*(InternalOperationError|InternalServerError|not in effect)"):
        make(kind, id_, wanted, journal)
    assert [entry["state"] for entry in journal.entries()] == ["started"]
    # What failed is as before: the stand-in leaves it in the passing state.
    azure.document(machine("app-off"))["_power"] = "deallocated"
    azure.document(machine("app-failed"))["properties"]["provisioningState"] = "Failed"
    make(kind, id_, wanted, journal)
    assert kind.read(id_).value == wanted and "started" not in [entry["state"] for entry in journal.entries()]
    undo_run(client(), journal, "web1", False, Told())
    assert kind.read(id_).value == (wanted if kind.permanent else before)


REFUSALS = {
    "forbidden": {"status": 403, "code": "AuthorizationFailed"},
    "late": {"operation_error": "InternalOperationError"},
    "locked": {"status": 409, "code": "ScopeLocked"},
    "another writer": {"status": 412, "code": "PreconditionFailed"},
}


WAYS_BACK = [(name, refusal) for name, row in kinds().items() if not row[0].permanent for refusal in REFUSALS]
WAYS_BACK.remove(("rule", "late"))  # A rule is taken back at once.


@pytest.mark.parametrize(("name", "refusal"), WAYS_BACK)
def test_a_way_back_that_is_refused_is_gone_by_a_later_undo(standin, journal, name, refusal):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    azure.cloud.settings.update(operation_seconds=0.1, retry_after=0.05)
    type_, place, wanted = kinds()[name]
    kind, id_ = type_(client(), Told()), place(azure)
    before = kind.read(id_).value
    make(kind, id_, wanted, journal)
    azure.fault(WRITES, times=1, **REFUSALS[refusal])
    with pytest.raises(AzureError, match="Cannot "):
        undo_run(client(), journal, "web1", False, Told())
    assert "undone" not in [entry["state"] for entry in journal.entries()]
    if name == "power":  # What failed is as before: the stand-in leaves it in the passing state.
        azure.document(machine("app-off"))["_power"] = wanted
    assert undo_run(client(), journal, "web1", False, Told()).restored
    assert kind.read(id_).value == before
    assert {entry["state"] for entry in journal.entries()} == {"undone"}


RESTORED = [name for name, row in kinds().items() if not row[0].permanent]


@pytest.mark.parametrize("name", RESTORED)
def test_what_someone_deleted_since_keeps_nothing_else_from_being_taken_back(standin, journal, name):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    other = "power" if name == "rule" else "rule"
    for each in (other, name):
        type_, place, wanted = kinds()[each]
        make(type_(client(), Told()), place(azure), wanted, journal)
    azure.cloud.store.remove(NSG if name == "rule" else place(azure))
    shown = undo_run(client(), journal, "web1", True, Told())
    done = undo_run(client(), journal, "web1", False, Told())
    assert shown == done and len(done.restored) == len(done.kept) == 1
    assert done.restored[0].startswith(kinds()[other][0].name) and done.kept[0].startswith(kinds()[name][0].name), done
    assert {entry["state"] for entry in journal.entries()} == {"undone"}


def test_what_someone_else_has_changed_since_keeps_nothing_else_from_being_taken_back(standin, journal):
    azure = standin("article")
    item, power = item_of(client(), machine("app-ok")), Power(client(), Told())
    make(power, machine("app-off"), "running", journal)
    make(Assignment(client(), Told()), item, f"{VAULT}/backupPolicies/evening", journal)
    azure.document(item)["properties"].update(policyId=f"{VAULT}/backupPolicies/enhanced", policyName="enhanced")
    said = "Cannot undo the change of policy of .* someone else has changed it since. Taken back: power app-off"
    with pytest.raises(AzureError, match=said):
        undo_run(client(), journal, "web1", False, Told())
    assert power.read(machine("app-off")).value == "deallocated"
    assert [entry["state"] for entry in journal.entries()] == ["undone", "done"]
    assert azure.document(item)["properties"]["policyName"] == "enhanced"


def test_a_policy_that_someone_deleted_is_no_way_back(standin, journal):
    azure = standin("article")
    item = item_of(client(), machine("app-ok"))
    make(Assignment(client(), Told()), item, f"{VAULT}/backupPolicies/evening", journal)
    azure.cloud.store.remove(f"{VAULT}/backupPolicies/DefaultPolicy")
    done = undo_run(client(), journal, "web1", False, Told())
    assert done.restored == [] and "DefaultPolicy" in done.kept[0]


def test_a_subscription_that_is_not_seen_is_not_taken_for_deleted(standin, journal):
    azure = standin("article")
    make(Power(client(), Told()), machine("app-off"), "running", journal)
    azure.fault("GET .*/instanceView", status=404, code="SubscriptionNotFound")
    with pytest.raises(AzureError, match="SubscriptionNotFound"):
        undo_run(client(), journal, "web1", False, Told())
    assert [entry["state"] for entry in journal.entries()] == ["done"]


class Answers:
    """A client that has these documents."""

    def __init__(self, **documents):
        self.documents = documents

    def get(self, path, version):
        found = self.documents.get(path.rpartition("/")[2])
        if found is None:
            raise AzureError("Cannot read it", 404)
        return found


def test_the_extension_is_found_by_its_type_and_where_only_the_agent_reports_it(standin):
    standin("article")
    kind = Extension(client(), Told())
    assert kind.of(machine("app-ext")) == [f"{machine('app-ext')}/extensions/VMSnapshotLinux"]
    assert kind.of(machine("app-new")) == []
    listed = {"publisher": "Microsoft.Azure.RecoveryServices", "type": "VMSnapshot", "provisioningState": "Failed"}
    other = {**listed, "publisher": "Contoso"}
    named = [{"name": "backup", "properties": listed}, {"name": "x", "properties": other}]
    kind = Extension(Answers(extensions={"value": named}, instanceView={}), Told())
    assert kind.of("/vm") == ["/vm/extensions/backup"]
    reported = {"name": "VMSnapshot", "type": "Microsoft.Azure.RecoveryServices.VMSnapshot"}
    kind = Extension(Answers(extensions={}, instanceView={"extensions": [reported]}), Told())
    assert kind.of("/vm") == ["/vm/extensions/VMSnapshot"]
    assert kind.read("/vm/extensions/VMSnapshot").value == {"type": "VMSnapshot", "state": None}
    assert kind.read("/vm/extensions/other").value is None


def group(*rules):
    properties = [{"direction": d, "access": a, "priority": p} for d, a, p in rules]
    return {"name": "g", "properties": {"securityRules": [{"name": str(p), "properties": p} for p in properties]}}


@pytest.mark.parametrize(
    ("rules", "access", "priority"),
    [
        ([], "Allow", 200),
        ([("Outbound", "Allow", 200)], "Allow", 201),
        ([("Inbound", "Allow", 200)], "Allow", 200),
        ([("Outbound", "Deny", 200)], "Allow", 199),
        ([("Outbound", "Deny", 150), ("Outbound", "Allow", 149)], "Allow", 148),
        ([("Outbound", "Deny", 200)], "Deny", 201),
    ],
)
def test_a_free_priority_comes_before_what_denies(rules, access, priority):
    assert free_priority(group(*rules), "Outbound", access, 200) == priority


def test_a_priority_of_another_rule_is_refused():
    rules = group(("Outbound", "Deny", 200), ("Inbound", "Allow", 300))
    rules["properties"]["securityRules"][0]["properties"]["direction"] = "outbound"
    rules["properties"]["securityRules"][0]["name"] = "deny"
    for name, direction, priority in (("Deny", "Outbound", 200), ("new", "Inbound", 200), ("new", "Outbound", 300)):
        refuse_taken(rules, name, direction, priority)
    with pytest.raises(Refused, match=r"Cannot write rule 'new': rule 'deny' has its priority 200 \(Outbound\)"):
        refuse_taken(rules, "new", "Outbound", 200)
    for priority in (99, 4097):
        with pytest.raises(Refused, match=f"its priority {priority} is not from 100 to 4,096"):
            refuse_taken(rules, "new", "Outbound", priority)


def test_all_priorities_are_taken():
    rules = group(*(("Outbound", "Allow", priority) for priority in range(100, 4097)))
    with pytest.raises(AzureError, match="none is free before 4,097"):
        free_priority(rules, "Outbound", "Allow", 200)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"protectionState": "ProtectionStopped", "policyId": None}, "protection of the machine is stopped"),
        ({"protectionState": "ProtectionStopped", "policyId": ""}, "protection of the machine is stopped"),
        ({"isScheduledForDeferredDelete": True}, "its item is deleted; undelete it in its vault"),
        ({"protectionState": "SoftDeleted"}, "its item is deleted; undelete it in its vault"),
    ],
)
def test_a_machine_without_backups_gets_no_policy(standin, change, said):
    azure = standin("article")
    next(one for one in azure.cloud.store.all() if one["name"].endswith(";app-ok"))["properties"].update(change)
    azure.cloud.store.touch()
    kind = Assignment(client(), Told())
    with pytest.raises(Refused, match=said):
        item = item_of(client(), machine("app-ok"))
        kind.resolve(item, "evening", kind.read(item))


def test_the_item_of_a_machine_may_be_in_a_vault_of_another_subscription(standin):
    standin("members")
    found = item_of(client(), machine("central").replace("prod-app", "APP"))
    assert found.split("/")[2] == "44444444-4444-4444-4444-444444444444"
    with pytest.raises(Refused, match="its item is deleted"):
        item_of(client(), machine("deleted-softly").replace("prod-app", "app"))


def test_a_policy_of_databases_is_refused(standin):
    azure = standin("article")
    azure.document(f"{VAULT}/backupPolicies/evening")["properties"]["backupManagementType"] = "AzureWorkload"
    kind, item = Assignment(client(), Told()), item_of(client(), machine("app-ok"))
    with pytest.raises(Refused, match="Cannot assign policy 'evening': it is not a policy of virtual machines"):
        kind.resolve(item, "evening", kind.read(item))


@pytest.mark.parametrize("path", ["web1", "@example.com/x", ".example.com/subscriptions/x", ""])
def test_what_is_no_path_is_never_asked_for(standin, path):
    azure = standin("article")
    with pytest.raises(AzureError, match="it is not a resource id of Azure"):
        client().get(path, "2022-11-01")
    assert all(entry.principal == "" for entry in azure.log)


def test_no_free_priority_is_said():
    with pytest.raises(AzureError, match="none is free before 100"):
        free_priority(group(("Outbound", "Deny", 100)), "Outbound", "Allow", 200)


def test_a_backup_is_followed_to_the_end_of_its_snapshot_and_of_its_job(standin, journal):
    azure = standin("article")
    told = Told()
    backup = _backup.Backup(client(), item_of(client(), machine("app-ok")), told)
    azure.cloud.settings["transfer_seconds"] = 600
    job = backup.begin(7, journal, "web1")
    assert backup.running(backup.today()) == job
    early = backup.result(job, whole=False)
    assert (early["status"], early["tasks"]["Take Snapshot"]) == ("InProgress", "Completed")
    azure.cloud.now = lambda: time.time() + 600
    assert backup.result(job, whole=True)["status"] == "Completed" and _backup.failure(early) is None
    assert "Take Snapshot: Completed" in told and "Transfer data to vault: Completed" in told
    (entry,) = journal.entries()
    assert (entry["kind"], entry["state"]) == ("backup", "done")
    assert undo_run(client(), journal, "web1", False, Told()).kept == [
        f"backup {entry['id'].rpartition('/')[2]}: {_backup.PERMANENT}"
    ]


def test_a_backup_that_takes_longer_than_it_is_followed_goes_on(standin, journal, monkeypatch):
    azure = standin("article")
    azure.cloud.settings["transfer_seconds"] = 600
    backup = _backup.Backup(client(), item_of(client(), machine("app-ok")), Told())
    job = backup.begin(7, journal, "web1")
    backup.result(job, whole=False)
    monkeypatch.setattr(_backup, "_EVERY_S", 1000)
    with pytest.raises(AzureError) as why:
        backup.result(job, whole=True)
    assert str(why.value) == (
        "Cannot follow the backup of 'app-ok': it is under way (Take Snapshot: Completed, Transfer data to vault:"
        " InProgress): no time is left to wait 1,000 s, of 300 s for all (timeout)"
    )
    with pytest.raises(AzureError, match="^Cannot back up 'app-ok': another backup is under way .Take Snapshot: Com"):
        backup.wait(job)


@pytest.mark.parametrize("hour", [0, 11, 12, 23])
def test_jobs_are_found_in_languages_without_am_and_pm(standin, monkeypatch, hour):
    """Ansible sets the language of the environment, and what %p is in it."""

    class Moment(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz).replace(hour=hour)

        def __format__(self, form):
            return super().__format__(form.replace("%p", ""))

    azure = standin("article")
    azure.cloud.now = lambda: datetime.datetime.now(datetime.timezone.utc).replace(hour=hour).timestamp()
    (item,) = (one for one in azure.cloud.store.of_type(ITEMS) if one["name"].endswith(";app-ok"))
    job = new_job(azure.cloud, item, "Backup")
    monkeypatch.setattr(_backup.datetime, "datetime", Moment)
    backup = _backup.Backup(client(), item["id"], Told())
    assert backup.running(backup.today()) == job["id"]


def test_a_backup_that_fails_ends_with_the_words_of_the_service(standin, journal):
    standin("article")
    backup = _backup.Backup(client(), item_of(client(), machine("app-rdp")), Told())
    result = backup.result(backup.begin(7, journal, "web1"), whole=False)
    assert result["status"] == "Failed" and result["errors"][0]["code"] == "GuestAgentSnapshotTaskStatusError"
    assert "(GuestAgentSnapshotTaskStatusError)" in _backup.failure(result)


def test_a_backup_whose_answer_is_lost_is_not_begun_twice(standin, journal):
    azure = standin("article")
    azure.cloud.settings.update(operation_seconds=0, transfer_seconds=600)
    azure.fault("POST .*/backup$", drop=True, times=1)
    item = item_of(client(), machine("app-ok"))
    backup = _backup.Backup(client(), item, Told())
    job = backup.begin(7, journal, "web1")
    assert backup.running(backup.today()) == job
    assert sum(entry.method == "POST" and entry.status == 202 for entry in azure.log) == 1


@pytest.mark.parametrize(
    ("principal", "fault", "said"),
    [(0, {"status": 412, "code": "PreconditionFailed"}, "PreconditionFailed"), (1, {}, "AuthorizationFailed")],
)
def test_a_backup_that_azure_refuses_has_not_begun(standin, journal, principal, fault, said):
    azure = standin("article", principal=principal)
    if fault:
        azure.fault("POST .*/backup$", **fault)
    backup = _backup.Backup(client(), item_of(client(), machine("app-ok")), Told())
    with pytest.raises(AzureError, match=said):
        backup.begin(7, journal, "web1")
    assert backup.running(backup.today()) is None
    assert [entry["state"] for entry in journal.entries()] == ["undone"]


def test_a_backup_that_is_throttled_begins_once(standin, journal, monkeypatch):
    azure, slept = standin("article"), []
    backup = _backup.Backup(client(), item_of(client(), machine("app-ok")), Told())
    azure.fault("POST .*/backup$", status=429, retry_after=3, times=2)
    azure.cloud.settings["operation_seconds"] = 0
    monkeypatch.setattr(_client.time, "sleep", slept.append)
    backup.begin(7, journal, "web1")
    assert [seconds for seconds in slept if seconds >= 1] == [3, 3]
    assert sum(entry.method == "POST" and entry.status == 202 for entry in azure.log) == 1


def test_a_backup_whose_run_was_killed_is_followed_by_the_next_one(standin, journal, monkeypatch):
    azure = standin("article")
    azure.cloud.settings.update(operation_seconds=0, transfer_seconds=600)
    item = item_of(client(), machine("app-ok"))

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(_backup, "follow", killed)
        _backup.Backup(client(), item, Told()).begin(7, journal, "web1")
    backup = _backup.Backup(client(), item, Told())
    assert backup.result(backup.running(backup.today()), whole=False)["tasks"]["Take Snapshot"] == "Completed"
    assert undo_run(client(), journal, "web1", False, Told()).kept


def test_the_number_of_backups_in_a_day_is_limited(standin, journal):
    standin("article")
    item = item_of(client(), machine("app-ok"))
    backup = _backup.Backup(client(), item, Told())
    before = len(backup.today())
    backup.result(backup.begin(7, journal, "web1"), whole=True)
    jobs = backup.today()
    assert len(jobs) == before + 1
    _backup.refuse_too_many(jobs, before + 2, item)
    with pytest.raises(Refused, match=f"Cannot back up 'app-ok': .* and {before + 1} are allowed"):
        _backup.refuse_too_many(jobs, before + 1, item)


def test_a_damaged_journal_is_named(tmp_path):
    (tmp_path / "azure-journal").mkdir()
    (tmp_path / "azure-journal" / "r.json").write_text("{")
    with pytest.raises(ValueError, match="Cannot read '.*/azure-journal/r.json'"):
        Journal(str(tmp_path), "r").entries()
    with pytest.raises(ValueError, match="Cannot use the run id '../r'"):
        Journal(str(tmp_path), "../r")


_ENTRY = {"host": "web1", "kind": "power", "id": "/x", "before": None, "after": "running"}
_ENTRY |= {"state": "done", "created": "2026-03-01T00:00:00Z", "at": "2026-03-01T00:00:00Z"}


def _entries(*entries):
    return json.dumps({"schema": 1, "entries": entries})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting value"),
        ("[]", "list indices"),
        ("null", "NoneType"),
        ('{"schema": 1, "entries": ' + "[" * 100_000, "nested too deeply"),
        (_entries(1), "not a journal of schema 1"),
        (_entries([]), "not a journal of schema 1"),
        (_entries({}), "not a journal of schema 1"),
        (_entries(_ENTRY | {"host": None}), "not a journal of schema 1"),
        (_entries(_ENTRY | {"id": 5}), "not a journal of schema 1"),
        (_entries(_ENTRY | {"state": "gone"}), "not a journal of schema 1"),
        (_entries(_ENTRY | {"operation": 1}), "not a journal of schema 1"),
        (_entries({name: value for name, value in _ENTRY.items() if name != "before"}), "not a journal of schema 1"),
        ("\ud83d", "Expecting value"),
    ],
)
def test_a_damaged_journal_hides_no_other_one(tmp_path, text, said):
    Journal(str(tmp_path), "good").begin(host="web1", kind="power", id="/x", before=None, after="running")
    path = tmp_path / "azure-journal" / "r.json"
    path.write_text(text, "utf-8", "surrogatepass")
    (path.with_name("of someone else.json")).write_text("{")
    with pytest.raises(ValueError, match=f"Cannot read '{path}': .*{said}"):
        Journal(str(tmp_path), "r").entries()
    found = {run["run_id"]: run for run in runs(str(tmp_path))}
    assert set(found) == {"good", "r"} and found["good"]["damaged"] is None
    assert said in found["r"]["damaged"] and found["r"]["touched"] == []
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["r"]["created"])


def test_runs_are_listed_the_newest_first(tmp_path, monkeypatch):
    for moment, name in (("2026-03-01T00:00:00Z", "zz"), ("2026-03-02T00:00:00Z", "aa")):
        monkeypatch.setattr(_journal, "now", lambda moment=moment: moment)
        journal = Journal(str(tmp_path), name)
        journal.begin(host="web1", kind="power", id="/x", before=None, after="running")
    journal.mark(0, "undone")
    found = runs(str(tmp_path))
    assert [(run["run_id"], run["created"], run["undone"]) for run in found] == [
        ("aa", "2026-03-02T00:00:00Z", True),
        ("zz", "2026-03-01T00:00:00Z", False),
    ]
    assert found[1]["touched"] == [{"host": "web1", "kind": "power", "id": "/x", "state": "started"}]
    assert runs(str(tmp_path / "none")) == []


def _record(arguments):
    report, number = arguments
    Journal(report, "r").begin(host=f"h{number}", kind="power", id="/x", before=None, after=None)


def test_many_hosts_write_one_journal(tmp_path):
    with multiprocessing.get_context("fork").Pool(8) as pool:
        pool.map(_record, [(str(tmp_path), number) for number in range(40)])
    journal = Journal(str(tmp_path), "r")
    assert sorted(entry["host"] for entry in journal.entries()) == sorted(f"h{number}" for number in range(40))
    assert (tmp_path / "azure-journal" / "r.json").stat().st_mode & 0o777 == 0o600


class Moment:
    """Ends the process at the call of a number to Azure, before it is sent or after it was answered."""

    def __init__(self, patch, number, answered):
        self.left, self.struck = number, False
        once = _client.Client._once

        def counted(client, *arguments):
            self.left -= 1
            if self.left == 0 and not answered:
                self.struck = True
                raise Killed
            answer = once(client, *arguments)
            if self.left == 0:
                self.struck = True
                raise Killed
            return answer

        patch.setattr(_client.Client, "_once", counted)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("name", kinds())
def test_a_run_may_be_killed_at_each_call(standin, tmp_path, monkeypatch, name, answered):
    """The next run finishes, and an undo takes all back: after that run, and at once."""
    azure = standin("article")
    type_, place, wanted = kinds()[name]
    moments = 0
    for then in ("again", "undo"):
        for number in range(1, 20):
            azure.cloud.reset()
            azure.cloud.settings.update(operation_seconds=0.05, retry_after=0.05)
            azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
            id_, journal = place(azure), Journal(str(tmp_path), f"{then}-{number}")
            kind = type_(client(), Told())
            before = kind.read(id_).value
            with monkeypatch.context() as patch:
                moment = Moment(patch, number, answered)
                try:
                    make(type_(kind.client, Told()), id_, wanted, journal)
                except Killed:
                    pass
            if not moment.struck:
                break
            moments += 1
            if then == "again":
                make(type_(client(), Told()), id_, wanted, journal)
                assert kind.read(id_).value == wanted
                assert {entry["state"] for entry in journal.entries()} == {"done"}
            undo_run(client(), journal, "web1", False, Told())
            time.sleep(0.1)
            left = kind.read(id_).value
            assert (
                left == (wanted if kind.permanent and then == "again" else before) or kind.permanent and left == wanted
            )
            assert {entry["state"] for entry in journal.entries()} <= {"undone"}
    assert moments >= 6
