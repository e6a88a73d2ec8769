# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the role network_path, against the stand-in."""

import json

import pytest
import yaml
from test_azure_acts import NSG
from test_azure_fix import REPO
from test_azure_module import play

LOCK = f"{NSG.partition('/providers')[0]}/providers/Microsoft.Authorization/locks/keep"
PLAY = {"hosts": "localhost", "gather_facts": False, "roles": ["vmbackup.azure.network_path"]}
GIVEN = {
    "network_path_security_group": NSG,
    "network_path_sources": ["10.0.0.5"],
    "network_path_destinations": ["Internet", "Storage.WestEurope"],
    "network_path_run_id": "method-a",
}


def run(tmp_path, azure, *arguments, book=None, **variables):
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump([book or PLAY]))
    given = {"network_path_report_dir": str(tmp_path / "report"), **variables}
    result = play(tmp_path, azure, "-e", json.dumps(given), *arguments, playbook=playbook)
    return result.returncode, " ".join(result.stdout.split())


def rules(azure):
    found = {rule["name"]: rule["properties"] for rule in azure.document(NSG)["properties"]["securityRules"]}
    return {name: value for name, value in found.items() if name.startswith("allow-proxy")}


def test_a_rule_for_each_destination_once_and_taken_back(standin, tmp_path):
    azure = standin("article")
    azure.cloud.store.remove(LOCK)
    before = rules(azure)
    assert run(tmp_path, azure, "--check", **GIVEN)[0] == 0 and rules(azure) == before
    status, text = run(tmp_path, azure, **GIVEN)
    assert status == 0, text
    made = rules(azure)
    assert set(made) - set(before) == {"allow-proxy", "allow-proxy-Storage.WestEurope"}
    assert {name: made[name]["destinationAddressPrefix"] for name in set(made) - set(before)} == {
        "allow-proxy": "Internet",
        "allow-proxy-Storage.WestEurope": "Storage.WestEurope",
    }
    one = made["allow-proxy"]
    assert (one["sourceAddressPrefix"], one["destinationPortRange"], one["direction"]) == (
        "10.0.0.5",
        "80-443",
        "Outbound",
    )
    assert len({rule["priority"] for rule in made.values()}) == len(made)
    assert "changed:" in text and "changed:" not in run(tmp_path, azure, **GIVEN)[1] and rules(azure) == made

    restore = {"run_id": "method-a", "report_dir": str(tmp_path / "report")}
    undo = {"hosts": "localhost", "gather_facts": False, "tasks": [{"vmbackup.azure.azure_journal_restore": restore}]}
    status, text = run(tmp_path, azure, book=undo)
    assert status == 0 and rules(azure) == before, text


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 0, "Neither routes nor a rule: the Azure host takes the snapshots of managed disks"),
        ({"network_path_security_group": NSG}, 2, "Cannot write the rule 'allow-proxy': give network_path_sources"),
        ({"network_path_service_tags": ["Storage"]}, 2, "give network_path_service_tags_file"),
    ],
)
def test_off_by_default_and_what_is_missing_is_said(standin, tmp_path, given, status, words):
    azure = standin("article")
    before = rules(azure)
    found, text = run(tmp_path, azure, **given)
    assert (found, words in text) == (status, True), text
    assert "changed:" not in text and rules(azure) == before


def of_a_proxy(tmp_path, azure, url, **given):
    """Only in check mode, and as far as the rule: the client is this machine."""
    variables = {
        "proxy_setup_url": url,
        "proxy_setup_clients": "guest",
        "proxy_setup_destination": "Storage.WestEurope",
        "ansible_connection": "local",
        "ansible_become": False,
        **given,
    }
    arguments = ("-i", "guest,", "--check", "--diff", "-e", json.dumps(variables))
    return " ".join(play(tmp_path, azure, *arguments, playbook=REPO / "playbooks/proxy.yml").stdout.split())


@pytest.mark.parametrize("group", [NSG, ""])
def test_a_rule_takes_no_name_of_a_proxy(standin, tmp_path, group):
    shown = of_a_proxy(tmp_path, standin("article"), "http://proxy.example:3128", proxy_setup_security_group=group)
    assert "(item=Storage.West" not in shown
    refused = (
        f"Cannot let the proxy out through '{NSG}': its rules know no names; give the proxy's IPv4 address" in shown
    )
    assert refused is bool(group), shown
    assert ("Set the agent's own proxy" in shown) is not refused


def test_the_proxy_playbook_names_the_rule_alike(standin, tmp_path):
    azure = standin("article")
    azure.cloud.store.remove(LOCK)
    shown = of_a_proxy(tmp_path, azure, "http://10.0.0.5:3128", proxy_setup_security_group=NSG)
    assert '"source": [ + "10.0.0.5" + ]' in shown and "changed: [guest -> localhost] => (item=Storage.West" in shown
