# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of messages and signatures: of their form, with sources, and with checks that exist."""

import re

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry, _signatures
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks import _messages
from ansible_collections.vmbackup.azure.plugins.plugin_utils._knowledge import rows
from windows_states import EVENTS_READ

CHECKS = {check.id for check in _registry.every_check()}


@pytest.mark.parametrize("row", rows("messages"), ids=lambda row: row["cause"])
def test_a_row_of_messages(row):
    assert row.keys() <= {"after", "cause", "codes", "found", "numbers", "of", "says", "texts", "source"}
    assert row["cause"] in CHECKS and row["source"].startswith("https://")
    assert row.get("codes") or row.get("texts") or row.get("numbers")
    assert row.get("codes") or not row.keys() & {"after", "says"}
    assert set(row.get("after", ())) <= CHECKS
    for text in (*row.get("texts", ()), *row.get("says", ())):
        assert re.compile(text) and not re.search(text, "Enable Succeeded", re.IGNORECASE)


def test_the_probe_reads_the_events_of_each_row():
    of_events = [row for row in _signatures.known().values() if row["log"] == _signatures.EVENT]
    unread = {row["name"]: set(row.get("ids", ())) - EVENTS_READ[row.get("kind", row["name"])] for row in of_events}
    assert of_events and not any(unread.values()), unread


@pytest.mark.parametrize("row", list(_signatures.known().values()), ids=lambda row: row["name"])
def test_a_row_of_signatures(row):
    assert row.keys() <= set(
        "name log kind ids any items also without cleared_by check explains unspecific within_s harmless source".split()
    )
    assert row["log"] in ("agent", "system", "windows_agent", _signatures.EVENT) and row["source"].startswith(
        "https://"
    )
    assert (
        bool(row.get("any") or row.get("ids") or row.get("items"))
        or row["log"] == _signatures.EVENT
        and "kind" not in row
    )
    assert not row.keys() & {"ids", "kind"} or row["log"] == _signatures.EVENT
    assert row.get("harmless") or row["check"] in CHECKS
    assert set(row.get("explains", ())) <= CHECKS


@pytest.mark.parametrize("row", rows("versions"), ids=lambda row: f"{row['of']} {row['kind']} {row.get('last', '')}")
def test_a_row_of_versions(row):
    parts = {"python": {"last", "python", "because"}, "bad": {"first", "last", "where", "because"}}
    assert row.keys() == parts.get(row["kind"], {"feature", "first"}) | {"kind", "of", "source"}
    assert row["source"].keys() == {"title", "url"} and row["source"]["url"].startswith("https://")


def test_the_probe_gets_groups_as_their_texts():
    given = {row["name"]: row for row in _signatures.for_probe()}
    assert ["UpdateGSErrors: 0"] in given["provisioning_failed"]["cleared_by"]
    assert ["goal_state"] not in given["provisioning_failed"]["cleared_by"]
    assert not given["no_space"].keys() & {"source", "check"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("OSError: [Errno 12] Cannot allocate memory", "memory_use"),
        ("UserErrorExtensionFailedOutOfMemoryError", "memory_use"),
        ("[Errno 28] No space left on device: '/var/lib/waagent/x'", "disk_space"),
        ("<urlopen error [Errno -2] Name or service not known>", "dns_resolution"),
        ("Tunnel connection failed: 407 Proxy Authentication Required", "proxy_reachable"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "ca_bundle"),
        ("ModuleNotFoundError: No module named 'crypt'", "ext_python_supported"),
        ("b'lsblk: symbol lookup error: lsblk: undefined symbol: scols_new_table'", "lsblk"),
        ("CRP timeout limit has reached, will not take snapshot.", "command_in_time"),
        ("The COM+ System Application service cannot be started", "comsysapp"),
        ("VSS Writers in bad state", "vss_writers"),
    ],
)
def test_what_a_message_names(text, cause):
    assert cause in [row.cause for row in _messages.rows_for(text)]


@pytest.mark.parametrize("text", ["Enable Succeeded", "snapshot failed", "No module named 'requests'", ""])
def test_a_message_that_says_nothing_of_its_cause(text):
    assert [row.cause for row in _messages.rows_for(text)] == []


def test_a_code_names_the_check_of_its_row():
    assert _messages.coded("ExtensionFailedOutOfMemoryError") == ["memory_use"]
    assert _messages.coded("NoSuchCode") == []
