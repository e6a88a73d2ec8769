# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong between the reader and Azure is one clear sentence, and costs no more facts than it must."""

import datetime
import email.utils
import fnmatch
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _client, _details
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts import _starts
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._client import Client
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._gather import gather
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._login import settle
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._selection import Selection
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from reading import read

SUBSCRIPTION = "/subscriptions/22222222-2222-2222-2222-222222222222"
OTHER = "33333333-3333-3333-3333-333333333333"
GRAPH = "ResourceGraph/resources"
MACHINES = f"{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines"
pytestmark = pytest.mark.usefixtures("no_waiting")


def gaps(found):
    return {gap["what"]: (gap["permission"], gap["reason"]) for gap in found["gaps"]}


def refused(**options):
    with pytest.raises(AzureError) as caught:
        gather(Client(settle(options), 300), Selection())
    return str(caught.value)


# Waiting


def test_it_waits_as_long_as_azure_asks(standin):
    azure = standin("article")
    azure.fault("instanceView", status=429, times=1, retry_after=2)
    started = time.monotonic()
    found, machines = read()
    assert found["gaps"] == [] and machines["app-ok"]["agent"]["status"] == "Ready"
    assert time.monotonic() - started >= 2


def test_it_does_not_wait_longer_than_it_may(standin):
    azure = standin("article")
    azure.fault("/locks", status=429, retry_after=3600)
    started = time.monotonic()
    found, machines = read()
    assert time.monotonic() - started < 300
    permission, reason = gaps(found)["locks"]
    assert permission is None and "no time is left to wait 3,600 s, of 300 s" in reason
    assert "locks" not in machines["app-ok"] and machines["app-ok"]["agent"]["status"] == "Ready"


def test_the_quota_of_resource_graph_is_obeyed(standin):
    azure = standin("article")
    azure.cloud.settings.update(graph_quota=1, graph_window=1.0)
    found, machines = read()
    assert found["gaps"] == [] and machines["app-ok"]["protection"]["items"]
    queries = [entry.status for entry in azure.log if GRAPH in entry.path]
    assert queries.count(200) == 3 and queries.count(429) <= 1


def test_pages_that_are_too_large_get_smaller(standin):
    azure = standin("article")
    azure.cloud.settings["graph_bytes"] = 9000
    found, machines = read()
    assert found["gaps"] == [] and len(machines) == 9


def test_a_slow_answer_is_given_up(standin, monkeypatch):
    monkeypatch.setattr(_client, "_REQUEST_S", 10)
    azure = standin("article")
    azure.fault("/locks", delay=15)
    found, machines = read()
    assert gaps(found)["locks"][0] is None and "timed out" in gaps(found)["locks"][1]
    assert machines["app-ok"]["missing"]["locks"] == gaps(found)["locks"][1]


def test_a_wait_in_the_middle_of_pages_and_until_a_time(standin):
    azure = standin("article")
    azure.cloud.settings["page_size"] = 1
    views = "GET .*/virtualMachines$"
    moment = email.utils.format_datetime(
        datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3), usegmt=True
    )
    asked = []

    def throttled_at_page_three(response):
        asked.append(response.status)
        if len(asked) == 3:
            response.status, response.body = 429, {"error": {"code": "TooManyRequests", "message": "Wait."}}
            response.headers["Retry-After"] = moment

    azure.fault(views, edit=throttled_at_page_three)
    pages = list(_client.Client(settle({}), 300).listed(MACHINES, "2022-11-01"))
    assert len(pages) == len(asked) - 1 == 9 and len({page["id"] for page in pages}) == 9
    assert datetime.datetime.now(datetime.timezone.utc) >= email.utils.parsedate_to_datetime(moment)


def test_no_time_to_wait_is_no_wish_to_be_asked_at_once(standin, monkeypatch):
    azure, slept = standin("article"), []

    def at_once(response):
        if response.status == 429:
            response.headers["Retry-After"] = "0"

    azure.fault("/locks$", status=429, times=3, edit=at_once)
    monkeypatch.setattr(_client._pauses, "longer", lambda attempt: attempt / 100)
    monkeypatch.setattr(_client.time, "sleep", slept.append)
    assert "locks" in read()[1]["app-ok"] and [one for one in slept if one] == [0.01, 0.02, 0.03]


def with_link(make):
    """Changes the link to the next page."""

    def edit(response):
        if isinstance(response.body, dict) and "nextLink" in response.body:
            response.body["nextLink"] = make(response.body["nextLink"])

    return edit


def listed(azure, edit):
    azure.cloud.settings["page_size"] = 2
    azure.fault("GET .*/virtualMachines$", edit=edit)
    return list(Client(settle({}), 300).listed(MACHINES, "2022-11-01"))


def test_a_link_may_spell_its_own_address_in_another_way(standin):
    azure = standin("article")
    assert len(listed(azure, with_link(lambda link: link.replace("https://", "HTTPS://")))) == 9
    links = [
        "https://management.azure.com:443/a?$skiptoken=x",
        "https://Management.Azure.com/a",
        "HTTPS://management.azure.com",
    ]
    assert {_client._origin(link) for link in links} == {"https://management.azure.com"}


@pytest.mark.parametrize(
    "place",
    [
        "https://127.0.0.2:{port}/",
        "https://127.0.0.1:{port}@127.0.0.2/",
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}.example.com/",
        "https://127.0.0.1:{port}\\@127.0.0.2/",
        "/subscriptions",
    ],
)
def test_the_token_goes_to_no_other_address(standin, place):
    azure = standin("article")
    port = azure.url.rpartition(":")[2]
    with pytest.raises(AzureError, match="Cannot read '/subscriptions/.*': Azure continues at another address"):
        listed(azure, with_link(lambda link: link.replace(f"https://127.0.0.1:{port}/", place.format(port=port))))


def test_a_redirection_is_not_followed(standin):
    def elsewhere(response):
        response.status, response.headers["Location"] = 307, "https://127.0.0.2/"

    with pytest.raises(AzureError, match="Cannot read '/subscriptions/.*': HTTP 307"):
        listed(standin("article"), elsewhere)


def test_pages_that_go_round_in_a_circle(standin):
    first = []
    azure = standin("article")
    with pytest.raises(AzureError, match="Cannot read '/subscriptions/.*': its pages go round in a circle"):
        listed(azure, with_link(lambda link: first.append(link) or first[0]))
    assert azure.calls("GET", "/virtualMachines") == 2

    def same_token(response):
        response.body = {**response.body, "$skipToken": "MA==", "totalRecords": 9}

    azure.fault(GRAPH, edit=same_token)
    assert refused() == f"Cannot read '{_client.GRAPH}': its pages go round in a circle"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"value": None}, None),
        ([], "the answer is not a JSON object"),
        (None, "the answer is not JSON"),
        ({"value": ["machine"]}, "Azure answered in another form"),
        ({"value": [{"properties": None}]}, "Azure answered in another form"),
    ],
)
def test_an_answer_of_another_form_is_one_sentence(standin, body, said):
    azure = standin("article")

    def odd(response):
        response.body = body

    azure.fault("/locks$", edit=odd)
    azure.fault("instanceView$", edit=odd)
    azure.fault("backupJobs/", edit=odd)
    found, machines = read()
    assert machines["app-ok"]["vm"]["id"]
    assert said is None or said in str(found["gaps"])


# Errors of the service


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 500}, {"status": 504}, {"drop": True}, {"cut": True}])
def test_a_passing_fault_is_not_seen(standin, fault):
    azure = standin("article")
    azure.fault(GRAPH, times=2, **fault)
    azure.fault("/locks", times=2, **fault)
    found, machines = read()
    assert found["gaps"] == [] and len(machines) == 9


def test_a_lasting_fault_costs_its_own_facts_only(standin):
    azure = standin("article")
    azure.fault("/locks", status=503)
    found, machines = read()
    path = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/locks"
    assert gaps(found) == {
        "locks": (None, f"Cannot read '{path}': Injected by the stand-in (ServerUnavailable)"),
    }
    assert all(list(state["missing"]) == ["locks"] for state in machines.values())
    assert azure.calls("GET", "/locks") == 5


def test_an_answer_that_breaks_off_is_not_called_a_failed_sign_in(standin):
    azure = standin("article")
    azure.fault("/locks", cut=True)
    permission, reason = gaps(read()[0])["locks"]
    assert permission is None and reason.startswith("Cannot read '/subscriptions/") and "the answer broke off" in reason
    assert azure.calls("GET", "/locks") == 5


def test_without_resource_graph_there_is_nothing_to_say(standin):
    standin("article").fault(GRAPH, drop=True)
    assert refused() == (
        "Cannot read '/providers/Microsoft.ResourceGraph/resources': Remote end closed connection without response"
    )


def test_a_query_of_backups_that_fails_leaves_the_machines(standin):
    azure = standin("article")
    # The first query is that of the machines; the others are side by side.
    azure.fault(GRAPH, times=1, every=2, status=400, code="BadRequest")
    found, machines = read(agent_status=False)
    lost = set(gaps(found))
    assert lost in ({"protection", "policy", "vault", "jobs"}, {"denials"})
    assert machines["app-ok"]["vm"]["power"] == "running" and not lost & set(machines["app-ok"])


def test_an_api_version_that_a_cloud_does_not_know(standin):
    azure = standin("article")
    azure.fault("/locks", status=400, code="InvalidApiVersionParameter", message="The api-version is invalid.")
    found, _machines = read()
    assert gaps(found)["locks"][1].endswith("The api-version is invalid (InvalidApiVersionParameter)")
    assert azure.calls("GET", "/locks") == 1


# Log-in


def test_a_token_that_was_taken_back_is_renewed(standin):
    azure = standin("article")
    azure.fault("/locks", status=401, times=1)
    assert read()[0]["gaps"] == []
    azure.fault("/locks", status=401)
    assert "ExpiredAuthenticationToken" in gaps(read()[0])["locks"][1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"secret": "not-this-one"}, "AADSTS7000215: Invalid client secret provided"),
        ({"client_id": "bbbbbbbb-0000"}, "AADSTS700016: Application with identifier 'bbbbbbbb-0000' was not found"),
        ({"tenant": "99999999-9999"}, "of tenant '99999999-9999': Unable to get authority configuration"),
    ],
)
def test_who_azure_does_not_know(standin, capfd, options, said):
    standin("article")
    sentence = refused(**options)
    assert sentence.startswith("Cannot sign in to Azure as '") and said in sentence
    assert "\n" not in sentence and "not-this-one" not in sentence
    assert capfd.readouterr() == ("", "")


def test_a_variable_that_is_empty_is_none(standin, monkeypatch):
    standin("article")
    for name in ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_SECRET", "AZURE_TENANT", "AZURE_TENANT_ID"):
        monkeypatch.setenv(name, "")
    assert refused().startswith("Cannot sign in to Azure")


@pytest.mark.parametrize("package", ["azure.core", "azure.identity"])
def test_a_missing_package_is_named_with_the_command(standin, monkeypatch, package):
    standin("article")
    monkeypatch.setitem(sys.modules, package, None)
    sentence = refused()
    assert package in sentence and sentence.startswith("Cannot read Azure: ")
    assert sentence.endswith(f"{sys.executable} -m pip install azure-core azure-identity")


@pytest.mark.parametrize(
    ("cloud", "said"),
    [
        ("AzureMoon", "does not list it"),
        ("https://127.0.0.1:1", "Connection refused"),
        ("StandInCloud", ""),
    ],
)
def test_clouds(standin, cloud, said):
    standin("article")
    if said:
        assert said in refused(cloud_environment=cloud)
    else:
        assert gather(Client(settle({"cloud_environment": cloud}), 300), Selection(names=("app-ok",)), False)["vms"]


def test_a_cloud_whose_service_is_out_of_order(standin):
    standin("article").fault("/metadata/endpoints", status=503)
    assert "Injected by the stand-in" in refused()


# Permissions and places


def test_what_may_not_be_read_is_missing_and_not_absent(standin):
    """The principal sees machines and networks, and no vault: nothing says that the machines are not protected."""
    standin("conditions", principal=2)
    found, machines = read()
    assert len(found["vms"]) == 19 and found["gaps"]
    state = machines["unprotected"]
    assert state["missing"]["protection"] == (
        "forbidden:Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read"
    )
    assert state["missing"]["locks"] == "forbidden:Microsoft.Authorization/locks/read"
    assert state["missing"]["denials"] == "forbidden:Microsoft.PolicyInsights/policyStates/read"
    assert not {"protection", "policy", "vault", "jobs", "locks", "denials"} & set(state)
    assert state["network"] and state["agent"]["status"] == "Ready"
    assert machines["ade"]["missing"]["encryption.ade.readable"] == "forbidden:Microsoft.KeyVault/vaults/read"
    for gap in found["gaps"]:
        assert gap["scope"].lower().startswith("/subscriptions/") and gap["permission"].endswith("/read")


def test_reader_and_backup_reader_suffice(standin):
    azure = standin("conditions", principal=1)
    found, machines = read()
    assert found["gaps"] == [] and machines["unprotected"]["protection"] == {"items": [], "former": []}
    asking = (GRAPH, "/token", "/backupStatus")
    assert {entry.method for entry in azure.log if not any(one in entry.path for one in asking)} == {"GET"}


READ_RIGHTS = "Microsoft.Authorization/permissions/read"


@pytest.mark.parametrize(
    ("fault", "permission", "reason"),
    [
        ({"status": 503}, None, f"Cannot read '{SUBSCRIPTION}/providers/Microsoft.Authorization/permissions': "),
        ({"status": 403, "code": "AuthorizationFailed"}, READ_RIGHTS, "forbidden:Microsoft.RecoveryServices/"),
    ],
)
def test_permissions_that_cannot_be_read_are_not_missing_ones(standin, fault, permission, reason):
    standin("conditions").fault("/permissions$", **fault)
    found, machines = read(subscriptions=(SUBSCRIPTION.rpartition("/")[2],))
    assert gaps(found)["permissions"][0] == permission
    state = machines["unprotected"]
    assert state["missing"]["protection"].startswith(reason) and "protection" not in state
    assert diagnose(state)["verdict"] == "unknown"
    assert "protection" not in machines["healthy"]["missing"]
    (missed,) = _starts.missed(Client(settle({}), 300), [SUBSCRIPTION.rpartition("/")[2]])
    assert (missed["scope"], missed["permission"]) == (SUBSCRIPTION, permission)
    assert missed["reason"].startswith(f"Cannot read '{SUBSCRIPTION}/providers/Microsoft.Authorization/permissions': ")


def test_who_may_read_one_group_only(standin, monkeypatch):
    """The lists of the subscription are refused; the machines of the group are asked for all the same."""
    from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _gather

    monkeypatch.setattr(_gather, "_FEW", 3)
    azure = standin("article", principal=2)
    found, machines = read()
    assert len(machines) == 8 and machines["app-ok"]["agent"]["status"] == "Ready"
    assert azure.calls("GET", "/resourceGroups/prod-app/providers/Microsoft.Compute/virtualMachines") == 1
    assert machines["app-ok"]["missing"]["network"] == "forbidden:Microsoft.Network/virtualNetworks/read"


HIDDEN = "; one that may not be read (Microsoft.Compute/virtualMachines/read) is not shown either"


def test_no_permission_at_all(standin):
    azure = standin("article")
    for principal in azure.cloud.principals.values():
        principal.rights = []
    found, machines = read()
    (gap,) = found["gaps"]
    assert machines == {} and gap["reason"] == f"Azure shows no virtual machine that is wanted{HIDDEN}"


def test_machines_by_name_group_and_id(standin):
    standin("conditions")
    found, machines = read(names=("healthy", "nobody"), resource_groups=("APP", "no-group"))
    assert list(machines) == ["healthy"]
    assert [(gap["scope"], gap["permission"], gap["reason"]) for gap in found["gaps"]] == [
        ("no-group", None, f"Cannot find a virtual machine of the resource group 'no-group' in Azure{HIDDEN}"),
        ("nobody", None, f"Cannot find the virtual machine 'nobody' in Azure{HIDDEN}"),
    ]
    twins, _by_name = read(names=("Twin",))
    assert len(twins["vms"]) == 2
    wanted = twins["vms"][1]["vm"]["id"]
    assert [state["vm"]["id"] for state in read(ids=(wanted.upper(),))[0]["vms"]] == [wanted]
    (only,) = read(subscriptions=(OTHER,))[0]["vms"]
    assert only["vm"]["subscription"] == OTHER


def test_names_that_azure_cannot_have(standin):
    with pytest.raises(AzureError, match="Cannot select virtual machines: 'x' or true' is neither a name nor an id"):
        Selection(names=("x' or true",))


def test_a_stale_copy_of_resource_graph(standin):
    """Resource Graph may be late; the instance view is not."""
    azure = standin("article")
    read()
    azure.cloud.settings["graph_lag"] = 3600
    machine = f"{SUBSCRIPTION}/resourceGroups/prod-app/providers/Microsoft.Compute/virtualMachines/app-ok"
    azure.document(machine)["_power"] = "deallocated"
    azure.cloud.store.touch()
    azure.cloud.store.remove(machine.replace("app-ok", "app-win"))
    found, machines = read()
    assert machines["app-ok"]["vm"]["power"] == "deallocated"
    assert "ResourceNotFound" in machines["app-win"]["missing"]["agent"]
    assert read(agent_status=False)[1]["app-ok"]["vm"]["power"] == "running"


def test_a_job_whose_error_resource_graph_does_not_show_is_asked_for(standin):
    azure = standin("article")
    azure.cloud.settings["graph_job_errors"] = False
    _found, machines = read()
    job = machines["app-agent"]["jobs"][0]
    assert job["errors"][0]["code"] == "UserErrorGuestAgentStatusUnavailable" and job["tasks"]
    assert read(agent_status=False)[1]["app-agent"]["jobs"][0]["errors"] == []


def findings(state):
    return {one["id"]: one["status"] for one in diagnose(state)["findings"]}


@pytest.mark.parametrize(
    ("on", "machine", "missing", "check"),
    [
        ("GET .*/keys/", "keys-good", "encryption.sets.key", "disk_keys"),
        ("/backupResourceEncryptionConfig", "keys-good", "vault.key_status", "vault_key"),
        ("/restorePointCollections/", "points", "points.collections.count", "restore_points"),
    ],
)
@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 403, "code": "AuthorizationFailed"}])
def test_a_detail_that_is_refused_is_not_known(standin, on, machine, missing, check, fault):
    standin("conditions").fault(on, **fault)
    found, machines = read()
    state = machines[machine]
    assert missing in state["missing"] and findings(state)[check] == "unknown"
    # Once, where it is: what was asked for may be in another subscription than the machine.
    assert {gap["what"] for gap in found["gaps"]} == {"details"}
    assert all(fnmatch.fnmatch(gap["scope"], "/subscriptions/*/providers/*") for gap in found["gaps"])
    assert all((gap["permission"] is None) is (fault["status"] == 503) for gap in found["gaps"])


def test_details_are_left_out_by_choice(standin):
    standin("conditions")
    found, machines = read(agent_status=False)
    assert found["gaps"] == []
    assert machines["keys-good"]["missing"] == dict.fromkeys(
        ("agent", "encryption.sets.key", "vault.key_status"), "not_asked"
    )
    assert machines["points"]["missing"]["points.collections.count"] == "not_asked"
    assert machines["keys-off"]["encryption"]["sets"] != [] and findings(machines["keys-off"])["disk_keys"] == "unknown"
    assert findings(machines["keys-gone"])["disk_keys"] == "fail"  # Its rotation has failed.


def test_details_are_asked_for_however_many_subscriptions_there_are(standin):
    azure = standin("article")
    azure.cloud.settings["graph_job_errors"] = False
    for principal in azure.cloud.principals.values():
        principal.rights[0]["scope"] = ""
    machine = azure.document(f"{MACHINES.replace('/providers', '/resourceGroups/prod-app/providers')}/app-ok")
    for number in range(20):
        place = f"/subscriptions/44444444-4444-4444-4444-{number:012}"
        azure.cloud.store.put({**machine, "id": machine["id"].replace(SUBSCRIPTION, place)})
    _found, machines = read()
    assert azure.calls("GET", "/locks") == 21
    assert machines["app-agent"]["jobs"][0]["errors"][0]["code"] == "UserErrorGuestAgentStatusUnavailable"


def test_details_of_too_many_machines_are_a_gap(standin, monkeypatch):
    monkeypatch.setattr(_details, "_FEW", 0)
    monkeypatch.setattr(_details, "_LEAST", 0)
    azure = standin("conditions")
    azure.cloud.settings["graph_job_errors"] = False
    found, machines = read()
    said = "Azure was asked for 0 of 6 details (errors of failed jobs, numbers of restore points)"
    assert found["gaps"] == [{"scope": "", "what": "details", "permission": None, "reason": said}]
    assert machines["points"]["missing"]["points.collections.count"] == said
    assert findings(machines["points"])["restore_points"] == "unknown"
    assert findings(machines["points"])["last_job"] == "warn"
    assert findings(machines["keys-off"])["disk_keys"] == "fail"


def test_an_answer_of_another_form_costs_its_section_only(standin):
    azure = standin("article")
    machine = f"{SUBSCRIPTION}/resourceGroups/prod-app/providers/Microsoft.Compute/virtualMachines/app-ok"
    azure.document(machine)["properties"]["storageProfile"] = {"osDisk": {"name": "os", "managedDisk": "odd"}}
    azure.cloud.store.touch()
    state = read()[1]["app-ok"]
    assert state["missing"]["disks"].startswith("Azure answered in another form: AttributeError")
    assert state["agent"]["status"] == "Ready" and state["vm"]["id"] == machine


def test_secrets_do_not_get_into_a_state(standin):
    azure = standin("article")
    machine = f"{SUBSCRIPTION}/resourceGroups/prod-app/providers/Microsoft.Compute/virtualMachines/app-ok"
    azure.document(machine)["tags"] = {"db_password": "hunter2"}
    azure.document(f"{machine}/extensions/VMSnapshotLinux")["properties"]["settings"] = {"key": "hunter2"}
    azure.document(machine)["properties"]["userData"] = "hunter2"
    azure.cloud.store.touch()
    assert "hunter2" not in str(read()[0])
