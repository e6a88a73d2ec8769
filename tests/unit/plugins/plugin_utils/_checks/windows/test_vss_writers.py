# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vss_writers: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited, event, failed_run

ID = "vss_writers"
CLUSTER = "{1072ae1c-e5a7-4ea1-9e4a-6f7964656570}"
ASR = {"id": "{be000cbe-11fe-4426-9c58-531aa6355fc4}", "state": 1}
REJECTED = {"events.vss_errors": [event(8229, "0x800423f3", "Klasse: {2707761B-2324-473D-88EB-EB007A359533}")]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.writers.0.state": 8}, "fail", "have failed"),
        ({"backup.writers.0.state": 5}, "ok", ""),
        ({"backup.writers.0.state": 2}, "warn", "wait"),
        ({"backup.writers": []}, "fail", "no writers"),
        ({"backup.writers.0": {"id": "{1072ae1c-e5a7-4ea1-9e4a-6f7964656570}", "state": 9}}, "ok", ""),
        (
            {"backup.writers.0": {"id": "{e8132975-6f93-4464-a53e-1050253ae220}", "state": 11}},
            "fail",
            "System Writer (CryptSvc)",
        ),
        ({**REJECTED, **failed_run("x: y")}, "fail", "DFS Replication service writer (DFSR)"),
        (REJECTED, "ok", ""),
        ({"events.vss_errors": [event(8229, "0x800423f4")], **failed_run("x: y")}, "fail", "see the event"),
        ({"events.vss_errors": [event(8229, CLUSTER)], **failed_run("x: y")}, "ok", ""),
        ({"events.vss_errors": [event(8193, "x", "0x80070539")], **failed_run("x: y")}, "fail", "valid account"),
        ({"events.vss_errors": [event(8193, "x", "0x80070539")]}, "ok", ""),
        ({"backup.writers": [ASR], **failed_run("x: y")}, "fail", "System Writer (CryptSvc) is not among"),
        ({"backup.writers": [ASR]}, "ok", ""),
        ({"backup.writers": [ASR], "services.CryptSvc.start": 4}, "warn", "System Writer (CryptSvc) is not among"),
        ({"services.CryptSvc.start": 4}, "ok", ""),
        ({"backup.writers.0": {"id": "{12345678-0000-0000-0000-000000000000}", "state": 11}}, "fail", "{12345678"),
        ({"backup.writers.0": {"id": "{75dfb225-e2e4-4d39-9ac9-ffaff65ddf06}", "state": 8}}, "fail", "Writer (VSS)"),
        ({"backup.writers.0": {"id": "{cd3f2362-8bef-46c7-9181-d62844cdc0b2}", "state": 7}}, "fail", "(WSearch)"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"backup.writers": []}, "vssadmin list writers"),
        ({"events.vss_errors": [event(8193, "x", "0x80070539")], **failed_run("x: y")}, "ProfileList"),
        ({"backup.writers": [ASR], **failed_run("x: y")}, "Run 'Restart-Service CryptSvc'"),
        ({"backup.writers": [ASR], "services.CryptSvc.start": 4, **failed_run("x: y")}, "config CryptSvc start= auto"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


def test_what_windows_logged_of_a_writer_that_is_not_there_is_shown():
    told = {
        "events.vss_errors": [event(8193, "XML document is too long", "{E8132975-6F93-4464-A53E-1050253AE220}")],
        "events.crypto_errors": [event(513, "AddCoreCsiFiles")],
    }
    found = verdict(ID, edited({"backup.writers": [ASR], **told, **failed_run("x: y")}))
    shown = str(found.evidence)
    assert "too long" in shown and "AddCoreCsiFiles" in shown


@pytest.mark.parametrize("fact", ["backup.writers"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
