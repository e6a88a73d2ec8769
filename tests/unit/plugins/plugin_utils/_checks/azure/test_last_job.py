# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Effect
from azure_states import FAILED_JOB, ITEM, JOB, azure_state
from support import advice_of, verdict

ID = "last_job"
ERROR = FAILED_JOB["errors"][0]


def failed(**change):
    return azure_state(jobs=[{**FAILED_JOB, "errors": [{**ERROR, **change}]}, JOB])


def test_a_success_makes_history_of_what_was_before():
    found = verdict(ID, azure_state())
    assert (found.status, found.effect, found.since) == ("ok", Effect.WORKED, JOB["started"])


def test_not_while_the_agent_is_silent():
    for raw in (azure_state(agent={"status": "Not Ready"}), azure_state(missing={"agent": "not asked"})):
        found = verdict(ID, raw)
        assert (found.status, found.effect) == ("ok", None)


def test_its_code():
    found = verdict(ID, failed())
    assert (found.status, found.error_code) == ("warn", ERROR["code"])
    assert found.error_code in found.why and advice_of(found)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "usererrorguestagentstatusunavailable"}, "UserErrorGuestAgentStatusUnavailable"),
        ({"code": None, "title": None, "number": "400094"}, "BCMV2VMNotFound"),
        ({"code": None, "title": "Some words", "number": "380008"}, "AzureVmOffline"),
        ({"code": "BrandNew", "title": None}, "BrandNew"),
        ({"code": None, "title": None, "number": None}, None),
    ],
)
def test_codes_in_all_forms(change, code):
    assert verdict(ID, failed(**change)).error_code == code


def test_the_services_advice_goes_first():
    assert advice_of(verdict(ID, failed(recommendations=["Do this."]))) == "Do this."


def test_a_failure_without_error():
    found = verdict(ID, azure_state(jobs=[{**FAILED_JOB, "errors": []}]))
    assert (found.status, found.error_code) == ("warn", None)


def test_a_running_job_says_nothing_yet():
    running = {**JOB, "status": "InProgress", "ended": None}
    assert verdict(ID, azure_state(jobs=[running, FAILED_JOB])).status == "warn"
    assert verdict(ID, azure_state(jobs=[running])).status == "not_applicable"
    assert verdict(ID, azure_state(jobs=[{**FAILED_JOB, "operation": "Restore"}])).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"jobs": "not asked"})).status == "unknown"


@pytest.mark.parametrize(("word", "ranks"), [("ProtectionError", True), ("ProtectionStopped", False)])
def test_the_code_of_a_job_counts_unless_protection_was_stopped(word, ranks):
    raw = azure_state(jobs=[FAILED_JOB], protection={"items": [{**ITEM, "protection_state": word}]})
    assert verdict(ID, raw).error_code == (FAILED_JOB["errors"][0]["code"] if ranks else None)
