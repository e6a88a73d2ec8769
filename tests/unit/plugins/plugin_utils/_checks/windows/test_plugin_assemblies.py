# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plugin_assemblies: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, PLUGIN, edited, failed_run

ID = "plugin_assemblies"
OTHER = {"extension.shared_assemblies": [{"name": "Microsoft.WindowsAzure.Storage", "version": "4.3.0.0"}]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({**OTHER, f"{PLUGIN}.storage_library": "8.1.4.0", **failed_run("x")}, "warn", "another version"),
        ({**OTHER, f"{PLUGIN}.storage_library": "8.1.4.0"}, "ok", ""),
        ({**OTHER, f"{PLUGIN}.storage_library": "4.3.0", **failed_run("x")}, "ok", ""),
        ({**OTHER, **failed_run("x")}, "ok", ""),
        (failed_run("x"), "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["extension.versions", "extension.shared_assemblies"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
