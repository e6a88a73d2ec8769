# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long operations in every form that services of Azure give them, against the stand-in."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _client
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts import _backup, _change, _kind, _operation
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import change, settled
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._item import Assignment, item_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import Journal
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._machine import Power
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._undo import undo_run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from reading import Client, settle

GROUPS = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups"
VAULT = f"{GROUPS}/prod-backup/providers/Microsoft.RecoveryServices/vaults/prod-vault"
OFF = f"{GROUPS}/prod-app/providers/Microsoft.Compute/virtualMachines/app-off"
OK = f"{GROUPS}/prod-app/providers/Microsoft.Compute/virtualMachines/app-ok"
LOCATION, OWN = "Location", "Azure-AsyncOperation"
START = "POST .*/start"
ASKED = "GET .*/operation"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(_change, "EVERY_S", 0.05)
    monkeypatch.setattr(_operation, "_EVERY_S", 0.05)
    monkeypatch.setattr(_backup, "_EVERY_S", 0.05)


@pytest.fixture
def journal(tmp_path):
    return Journal(str(tmp_path), "run-1")


def quiet(_sentence):
    """What an operation tells."""


def client(timeout=300):
    return Client(settle({}), timeout)


def started(journal, timeout=300):
    kind = Power(client(timeout), quiet)
    change(kind, OFF, "running", settled(kind, OFF, journal), journal, "web1")
    return kind.read(OFF).value


def without(*names):
    """Takes headers from an answer."""

    def edit(response):
        for name in names:
            response.headers.pop(name, None)

    return edit


def saying(**words):
    """Puts words into the body of an answer, and takes those that are None from it."""

    def edit(response):
        body = {**(response.body or {}), **words}
        response.body = {name: value for name, value in body.items() if value is not None}

    return edit


@pytest.mark.parametrize("lost", [(LOCATION,), (OWN,), (OWN, LOCATION)])
@pytest.mark.parametrize("seconds", [0, 1.0])
def test_an_operation_is_followed_however_it_is_named(standin, journal, lost, seconds):
    azure = standin("article")
    azure.fault(START, edit=without(*lost), operation_seconds=seconds)
    assert started(journal) == "running"
    assert [entry["state"] for entry in journal.entries()] == ["done"]
    if len(lost) == 1:
        assert azure.calls("GET", "/operation") >= 1


def test_an_operation_without_any_address_may_take_longer_than_a_few_readings(standin, journal, monkeypatch):
    monkeypatch.setattr(_change, "_READS", 2)
    azure = standin("article")
    azure.fault(START, edit=without(OWN, LOCATION, "x-ms-retry-after-ms"), operation_seconds=1.0)
    assert started(journal) == "running"


@pytest.mark.parametrize(
    ("lost", "answer", "said"),
    [
        (
            LOCATION,
            {"status": "Failed", "error": {"code": "AllocationFailed", "message": "No room."}},
            "No room (AllocationFailed)",
        ),
        (LOCATION, {"status": "Failed"}, "Azure gives no reason (Failed)"),
        (LOCATION, {"status": "Failed", "error": {"code": None, "message": None}}, "Azure gives no reason (Failed)"),
        (LOCATION, {"status": "Failed", "error": "odd"}, "Azure gives no reason (Failed)"),
        (
            LOCATION,
            {
                "status": "Failed",
                "error": {"code": "Outer", "message": "o", "details": [{"code": "Inner", "message": "i"}]},
            },
            "i (Inner)",
        ),
        (LOCATION, {"status": "Canceled"}, "Azure gives no reason (Canceled)"),
        (LOCATION, {"status": "Invalid"}, "Azure gives no reason (Invalid)"),
        (LOCATION, {"status": "failed"}, "Azure gives no reason (failed)"),
    ],
)
def test_an_operation_that_fails_says_so_in_one_sentence(standin, journal, lost, answer, said):
    azure = standin("article")
    azure.fault(START, edit=without(lost), operation_seconds=60)
    azure.fault(ASKED, edit=saying(error=answer.get("error"), status=answer["status"]))
    with pytest.raises(AzureError) as why:
        started(journal)
    assert str(why.value) == f"Cannot start 'app-off': {said}"
    assert [entry["state"] for entry in journal.entries()] == ["started"]


def test_a_location_that_answers_with_the_error_of_the_operation(standin, journal):
    azure = standin("article")
    azure.fault(START, edit=without(OWN), operation_error="AllocationFailed")
    with pytest.raises(AzureError, match=r"^Cannot start 'app-off': Injected by the stand-in \(AllocationFailed\)$"):
        started(journal)


def test_an_answer_without_a_status_is_the_end(standin, journal):
    azure = standin("article")
    azure.fault(START, edit=without(LOCATION), operation_seconds=0)
    azure.fault(ASKED, edit=saying(status=None))
    assert started(journal) == "running"


def test_azure_is_not_asked_without_a_pause(standin, journal):
    """Retry-After: 0 means soon."""
    azure = standin("article")

    def now(response):
        response.headers.pop("x-ms-retry-after-ms", None)
        response.headers["Retry-After"] = "0"

    azure.fault(START, edit=now, operation_seconds=1.0)
    azure.fault(ASKED, edit=now)
    assert started(journal) == "running"
    assert azure.calls("GET", "/operation") <= 1.0 / _operation._EVERY_S + 1


def test_an_operation_at_another_address_is_not_followed(standin, journal):
    azure = standin("article")

    def elsewhere(response):
        response.headers[OWN] = "https://example.com/operations/1"

    azure.fault(START, edit=elsewhere)
    with pytest.raises(AzureError, match="Cannot start 'app-off': Azure continues at another address"):
        started(journal)


def test_a_run_that_was_killed_follows_a_location_to_its_end(standin, journal, monkeypatch):
    azure = standin("article")
    azure.fault(START, edit=without(OWN), operation_seconds=0.6)

    class Killed(BaseException):
        """The process ends here."""

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(_kind, "follow", killed)
        started(journal)
    assert "operation" in journal.entries()[0]
    assert started(journal) == "running" and azure.calls("POST", "/start") == 1
    assert [entry["state"] for entry in journal.entries()] == ["done"]
    assert undo_run(client(), journal, "web1", False, quiet).restored == ["power app-off"]


@pytest.mark.parametrize("words", [{"properties": None}, {"properties": {"jobId": None}}, {"properties": {}}])
def test_a_backup_whose_job_is_not_named_is_found(standin, journal, words):
    azure = standin("article")
    azure.cloud.settings["transfer_seconds"] = 600
    azure.fault(ASKED, edit=saying(**words))
    backup = _backup.Backup(client(), item_of(client(), OK), quiet)
    assert backup.begin(7, journal, "web1") == backup.running(backup.today())
    assert [entry["state"] for entry in journal.entries()] == ["done"]


def test_a_backup_of_which_only_the_location_is_known(standin, journal):
    azure = standin("article")
    azure.cloud.settings["transfer_seconds"] = 600
    azure.fault("POST .*/backup$", edit=without(OWN))
    backup = _backup.Backup(client(), item_of(client(), OK), quiet)
    assert backup.begin(7, journal, "web1") == backup.running(backup.today())


def test_a_backup_without_any_job_says_so(standin, journal):
    azure = standin("article")
    azure.cloud.settings.update(snapshot_seconds=0, transfer_seconds=0)
    azure.fault(ASKED, edit=saying(properties=None))
    backup = _backup.Backup(client(), item_of(client(), OK), quiet)
    backup.today = list
    with pytest.raises(AzureError, match="Cannot follow the backup of '.*app-ok': Azure began it, but names no job"):
        backup.begin(7, journal, "web1")


def test_a_policy_is_assigned_by_a_location(standin, journal):
    azure = standin("article")
    azure.fault("PUT .*/protectedItems/", edit=without(OWN), operation_seconds=0.5)
    kind, item = Assignment(client(), quiet), item_of(client(), OK)
    wanted = kind.resolve(item, "evening", settled(kind, item))
    assert change(kind, item, wanted, settled(kind, item), journal, "web1").changed
    assert kind.read(item).value == wanted and azure.calls("PUT", "/protectedItems/") == 1


def test_throttling_and_a_new_token_in_the_middle_of_an_operation(standin, journal, monkeypatch):
    azure, slept = standin("article"), []
    azure.fault(START, operation_seconds=0.5)
    azure.fault(ASKED, status=429, retry_after=2, times=1)
    azure.fault(ASKED, status=401, times=1, every=2)
    sleep = _client.time.sleep
    monkeypatch.setattr(_client.time, "sleep", lambda seconds: slept.append(seconds) or sleep(min(seconds, 0.1)))
    assert started(journal) == "running" and slept.count(2) == 1
