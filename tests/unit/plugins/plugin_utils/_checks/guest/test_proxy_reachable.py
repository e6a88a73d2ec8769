# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import saying, tree
from network_states import TIMED_OUT, fabric, proxy_answer
from support import guest, verdict
from windows_states import STATUS, edited, failed_run

ID = "proxy_reachable"


def test_no_proxy_and_missing():
    assert verdict(ID, guest(fabric=fabric())).status == "not_applicable"
    assert verdict(ID, guest()).status == "unknown"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"status": 200}, "ok", ""),
        ({"status": 403}, "ok", ""),
        ({"status": 407}, "warn", "answers 407"),
        ({"connected": False, "error": "connection refused", "status": None}, "warn", "connection refused"),
        ({"status": None, "answer": "closed without an answer"}, "warn", "does not answer as a proxy"),
        ({"status": 403, "target_is_storage": True}, "warn", "status 403"),
        ({"status": 200, "target_is_storage": True}, "ok", ""),
        (
            {"status": 200, "target_is_storage": True, "tls_error": "TLS: unknown issuer"},
            "warn",
            "opens TLS",
        ),
    ],
)
def test_answers(changes, status, words):
    found = verdict(ID, guest(fabric=fabric(proxies=[proxy_answer(**changes)])))
    assert found.status == status and words in found.why


def test_hosts_with_one_proxy_and_answer_share_a_key():
    found = verdict(ID, guest(fabric=fabric(proxies=[proxy_answer()])))
    assert found.key == "10.0.0.5:3128: answers 407: it asks for credentials, which the agent cannot give"


def test_without_the_host_plugin_nothing_replaces_it():
    assert verdict(ID, guest(fabric=fabric(plugin=TIMED_OUT, proxies=[proxy_answer()]))).status == "fail"


@pytest.mark.parametrize(("method", "status"), [("onlyGuest", "fail"), ("firstHostThenGuest", "warn")])
def test_the_guest_takes_the_snapshot(method, status):
    extension = {"conf": {"options": {"SnapshotMethod": method}}, "status": None}
    assert verdict(ID, guest(fabric=fabric(proxies=[proxy_answer()]), extension=extension)).status == status


NO_WINDOWS_ANSWER = {"fabric.proxies": [proxy_answer(connected=False, error="timed out", status=None)]}
GUEST_FIRST = {"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_SZ", "value": "firstGuestThenHost"}}}
STUCK = {f"{STATUS}.status": "transitioning", f"{STATUS}.time": "2026-11-20T02:00:00Z"}


@pytest.mark.parametrize(
    ("edits", "status", "words"),
    [
        ({}, "warn", "timed out"),
        (failed_run("ExtensionSnapshotFailedNoNetwork: x"), "fail", "because of the network"),
        (failed_run("Verbindung mit x.blob.core.windows.net:443 fehlgeschlagen"), "fail", "because of the network"),
        (GUEST_FIRST, "fail", "firstGuestThenHost"),
        (STUCK, "fail", "never finished"),
    ],
)
def test_windows_snapshots_that_need_the_proxy(edits, status, words):
    found = verdict(ID, edited({**NO_WINDOWS_ANSWER, **edits}))
    assert (found.status, words in found.why) == (status, True), found


@pytest.mark.parametrize(("seconds", "status"), [(None, "ok"), (0.2, "ok"), (3.1, "ok"), (4.6, "warn"), (9.4, "warn")])
def test_a_proxy_that_takes_its_time(seconds, status):
    found = verdict(ID, guest(fabric=fabric(proxies=[proxy_answer(status=200, seconds=seconds)])))
    assert found.status == status


def test_a_disk_has_the_agents_word_on_the_proxy():
    assert verdict(ID, tree(saying("proxy_refused", "Tunnel connection failed: 503"))).status == "warn"
    assert verdict(ID, tree()).status == "unknown"


@pytest.mark.parametrize(
    ("via", "proxy", "status"),
    [("proxy", "px.example:8080", "warn"), ("proxy", "10.0.0.9:8080", "unknown"), ("direct", None, "unknown")],
)
def test_only_the_name_of_the_proxy_was_left_to_be_resolved(via, proxy, status):
    raw = tree(saying("address_not_resolved"))
    raw["fabric"] = {}
    raw["proxy"] = {"paths": {"agent": {"via": via, "proxy": proxy, "read_from": "/etc/waagent.conf:3"}}}
    assert verdict(ID, raw).status == status
