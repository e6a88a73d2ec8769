# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_presnapshot on Windows: what the Azure host answered, by status and log of the extension."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, STATUS, edited, failed_run

ID = "host_presnapshot"


def logged(answer, day=23):
    return {
        "extension.log.lines": [f"2026-11-{day}T08:00:29Z\t[Error]:\tDoSnapshot responseBody: StatusCode:{answer}, x"]
    }


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            failed_run("NoNetwork: x hostStatusCodePreSnapshot=200, hostStatusCodeDoSnapshot=500, "),
            "warn",
            "answered 500",
        ),
        (failed_run('{"Key": "x"} hostStatusCodeDoSnapshot": "557"'), "warn", "empty"),
        (failed_run("NoNetwork: x hostStatusCodePreSnapshot=200, hostStatusCodeDoSnapshot=200, "), "ok", ""),
        (failed_run("NoNetwork: x hostStatusCodeDoSnapshot=409, "), "ok", ""),
        ({**failed_run("NoNetwork"), **logged(503)}, "warn", "answered 503"),
        ({**failed_run("NoNetwork"), **logged(503, day=22)}, "ok", ""),
        (logged(503), "ok", ""),
        ({STATUS: None}, "not_applicable", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_nothing_is_to_be_repaired_in_the_guest():
    found = verdict(ID, edited(failed_run("hostStatusCodeDoSnapshot=500")))
    assert advice_of(found).startswith("Nothing has to be repaired in the guest")
    assert verdict("ext_status", edited(failed_run("hostStatusCodeDoSnapshot=500"))).status == "warn"


@pytest.mark.parametrize("fact", ["extension.versions", "extension.log"])
def test_missing_fact(fact):
    assert verdict(ID, edited({fact: GONE})).status == "unknown"
