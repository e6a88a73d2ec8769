# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks._fabric import reached
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import GuestState
from network_states import TIMED_OUT, cut_off, fabric
from support import advice_of, guest, verdict
from windows_states import UNREACHED, agent_log, edited

ID = "wire_http_80"


def test_it_answers():
    assert verdict(ID, guest(fabric=fabric())).status == "ok"
    assert verdict(ID, guest("windows", fabric=fabric())).status == "ok"


def test_it_cannot_be_reached():
    found = verdict(ID, guest(fabric=cut_off()))
    assert found.status == "fail" and "timed out" in found.why


def test_without_root_a_refusal_proves_nothing():
    raw = guest(fabric=cut_off())
    raw["privileged"] = False
    assert verdict(ID, raw).status == "unknown"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_version_list": False, "via": "1.1 squid"}, "in place of the wire server"),
        ({"is_version_list": False, "status": 404}, "status 404"),
        ({"is_version_list": False, "status": 503, "via": "1.1 squid"}, "status 503"),
        ({"is_version_list": False, "status": None, "answer_error": "timed out"}, "does not answer"),
    ],
)
def test_wrong_answers(changes, words):
    found = verdict(ID, guest(fabric=fabric(wire=changes)))
    assert found.status == "fail" and words in found.why


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_error_that_the_agent_tries_again_after(status):
    for system in ("linux", "windows"):
        raw = guest(system, fabric=fabric(wire={"is_version_list": False, "status": status, "via": None}))
        found = verdict(ID, raw)
        assert found.status == "warn" and f"status {status}" in found.why
        assert reached(GuestState(raw)) is True
        raw["fabric"]["wire_http"]["via"] = "1.1 proxy"
        assert reached(GuestState(raw)) is False


def test_a_tree_does_not_say_it():
    found = verdict(ID, guest(mode="tree", missing={"fabric": "live"}))
    assert found.status == "unknown" and found.why.endswith("needs a running system")


def test_the_host_plugin_alone_is_not_its_matter():
    assert verdict(ID, guest(fabric=fabric(plugin=TIMED_OUT))).status == "ok"


def test_the_agents_last_word_counts_on_a_disk():
    assert verdict(ID, tree(saying("wire_unanswered"))).status == "fail"
    assert verdict(ID, tree()).status == "unknown"
    assert verdict(ID, healthy(saying("wire_unanswered"))).status == "unknown"


def test_windows():
    found = verdict(ID, edited(UNREACHED))
    assert found.status == "fail" and "timed out" in found.why


@pytest.mark.parametrize("status", [401, 403])
def test_it_refuses_this_caller(status):
    refused = {"status": status, "is_version_list": False, "via": None}
    for system in ("linux", "windows"):
        raw = guest(system, fabric=fabric())
        raw["fabric"]["wire_http"].update(refused)
        assert verdict(ID, raw).status == "ok"
    raw["fabric"]["wire_http"]["via"] = "1.1 proxy"
    assert verdict(ID, raw).status == "fail"


def test_it_refuses_the_agent_as_well():
    refused = {f"fabric.wire_http.{name}": value for name, value in (("status", 401), ("is_version_list", False))}
    line = "[1] [11/23/2026 08:03:01.1] [ERROR] GetVersions() failed with exception: x (HttpStatusCode: Unauthorized)"
    found = verdict(ID, edited({**refused, **agent_log(line)}))
    assert found.status == "fail" and "proxyAgentSettings" in advice_of(found)
    healed = {**agent_log(line), "agent.aggregate.uploaded": "2026-11-23T08:04:01Z"}
    assert verdict(ID, edited({**refused, **healed})).status == "ok"
    assert verdict(ID, edited(agent_log(line))).status == "ok"


def test_it_answers_late():
    raw = guest(fabric=fabric())
    raw["fabric"]["wire_http"]["seconds"] = 3.2
    assert verdict(ID, raw).status == "ok"
    raw["fabric"]["wire_http"]["seconds"] = 4.1
    assert verdict(ID, raw).status == "warn"
