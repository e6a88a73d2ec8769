# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import saying, tree
from network_states import fabric, proxy_answer, storage
from snapshot_states import snapshot
from support import advice_of, guest, verdict

ID = "dns_resolution"
UNKNOWN = {
    "addresses": [],
    "dns_error": "cannot be resolved: unknown",
    "connected": False,
    "error": "x",
}


def test_names_resolve():
    assert verdict(ID, guest(fabric=fabric(storage=storage()))).status == "ok"


def test_names_do_not_resolve():
    assert verdict(ID, guest(fabric=fabric(storage=storage(**UNKNOWN)))).status == "warn"


def test_the_proxy_resolves():
    section = fabric(storage=storage(**UNKNOWN), proxies=[proxy_answer(status=200)])
    assert verdict(ID, guest(fabric=section)).status == "ok"


def test_the_agents_last_word_counts_on_a_disk():
    said, silent = tree(saying("address_not_resolved")), tree()
    said["fabric"] = silent["fabric"] = {"saved_routes": []}
    assert verdict(ID, said).status == "warn"
    assert verdict(ID, silent).status == "not_applicable"


PIN = {"name": "x.blob.core.windows.net", "address": "20.0.0.1", "read_from": "/etc/hosts:4"}


def test_a_pinned_name_whose_address_does_not_answer():
    silent = storage(connected=False, error="timed out")
    found = verdict(ID, guest(fabric=fabric(storage=silent, pinned_names=[PIN])))
    assert found.status == "warn" and found.evidence[0].source == "/etc/hosts:4: x.blob.core.windows.net: address"
    assert "/etc/hosts" in advice_of(found)
    other = dict(PIN, address="10.9.9.9")
    for section in (fabric(storage=storage(), pinned_names=[PIN]), fabric(storage=silent, pinned_names=[other])):
        assert verdict(ID, guest(fabric=section)).status == "ok"


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("md-x", 76, "fail"),
        ("md-x", 121, "not_applicable"),
        ("md-x", 1, "not_applicable"),
        ("app", 76, "not_applicable"),
    ],
)
def test_a_pinned_name_of_a_disk_after_a_backup_that_did_not_reach_storage(name, code, status):
    raw = snapshot(extension={"status.code": code})
    raw["mode"] = "tree"
    raw["fabric"] = {"pinned_names": [dict(PIN, name=f"{name}.blob.core.windows.net")]}
    assert verdict(ID, raw).status == status


def test_nothing_was_asked():
    assert verdict(ID, guest(fabric=fabric())).status == "not_applicable"
    assert verdict(ID, guest()).status == "unknown"
