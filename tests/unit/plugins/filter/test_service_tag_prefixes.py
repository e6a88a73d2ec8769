# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of service tags, from a document in the form that Microsoft publishes."""

import json

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.vmbackup.azure.plugins.filter.service_tag_prefixes import service_tag_prefixes


def tag(name, *listed):
    service, _dot, region = name.partition(".")
    properties = {"changeNumber": 1, "region": region.lower(), "systemService": f"Azure{service}"}
    return {"name": name, "id": name, "properties": {**properties, "addressPrefixes": list(listed)}}


DOCUMENT = {
    "changeNumber": 301,
    "cloud": "Public",
    "values": [
        tag("AzureBackup", "20.38.0.0/17", "2603:1000::/46"),
        tag("Storage.WestEurope", "52.239.140.0/23", "52.239.142.0/23", "13.69.40.0/24", "13.69.40.16/28"),
        tag("Storage.NorthEurope", "13.69.41.0/24"),
    ],
}


def test_networks_are_collapsed_and_in_order():
    assert service_tag_prefixes(DOCUMENT, ["Storage.WestEurope"]) == ["13.69.40.0/24", "52.239.140.0/22"]


def test_several_tags_are_collapsed_together():
    both = ["Storage.WestEurope", "storage.northeurope"]
    assert service_tag_prefixes(DOCUMENT, both) == ["13.69.40.0/23", "52.239.140.0/22"]
    assert service_tag_prefixes(DOCUMENT, ",".join(both)) == ["13.69.40.0/23", "52.239.140.0/22"]


def test_each_version_by_itself():
    assert service_tag_prefixes(DOCUMENT, "AzureBackup") == ["20.38.0.0/17"]
    assert service_tag_prefixes(DOCUMENT, "AzureBackup", 6) == ["2603:1000::/46"]


def test_the_file_as_a_text_with_a_byte_order_mark():
    assert service_tag_prefixes("\ufeff" + json.dumps(DOCUMENT), ["AzureBackup"]) == ["20.38.0.0/17"]


def test_a_tag_that_is_not_there_with_those_that_are_close():
    with pytest.raises(AnsibleFilterError, match=r"'Storage\.WestEurop'.*did you mean Storage\.WestEurope"):
        service_tag_prefixes(DOCUMENT, ["Storage.WestEurop"])


@pytest.mark.parametrize(
    "document", ["", "<html>", "[]", "{}", '{"values": []}', '{"values": [1]}', {"values": [{"name": "x"}]}]
)
def test_what_is_no_file_of_service_tags(document):
    with pytest.raises(AnsibleFilterError, match="Cannot read the service tags: not "):
        service_tag_prefixes(document, ["AzureBackup"])


def test_a_file_that_is_nested_too_deeply():
    with pytest.raises(AnsibleFilterError, match="Cannot read the service tags: the file is nested too deeply"):
        service_tag_prefixes("[" * 200_000, ["AzureBackup"])


def test_a_tag_whose_networks_are_none():
    for wrong in ("300.0.0.0/8", 5):
        with pytest.raises(AnsibleFilterError, match=f"Cannot read the service tag 'Bad': '{wrong}'"):
            service_tag_prefixes({"values": [tag("Bad", wrong)]}, ["bad"])
