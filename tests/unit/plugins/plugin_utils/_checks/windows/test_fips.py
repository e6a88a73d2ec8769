# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fips: the policy alone is no finding, an exception that names it is."""

from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "fips"
EXCEPTION = "System.InvalidOperationException: x is not part of the FIPS validated cryptographic algorithms"


def test_the_policy_alone_is_no_finding():
    assert diagnose(edited({"security.fips": 1}))["verdict"] == "ready"


def test_the_name_of_the_policy_is_one_word_in_each_language():
    text = (
        "System.InvalidOperationException: Esta implementaci\u00f3n no forma parte de los algoritmos validados por FIPS"
    )
    assert diagnose(edited({"security.fips": 1, **failed_run(text)}))["first_cause"] == ID
    assert diagnose(edited(failed_run("x: the module fipsy.dll")))["first_cause"] == "ext_status"


def test_an_exception_that_names_it_is_the_cause():
    crash = event(1026, f"Application: IaaSBcdrExtension.exe\nException Info: {EXCEPTION}")
    result = diagnose(edited({"security.fips": 1, "events.dotnet_crashes": [crash], **failed_run("x: y")}))
    assert result["first_cause"] == ID


def test_missing_fact():
    assert verdict(ID, edited({"security.fips": GONE})).status == "unknown"
