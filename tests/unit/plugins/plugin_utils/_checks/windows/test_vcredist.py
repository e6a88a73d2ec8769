# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vcredist: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "vcredist"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.vc_runtimes": []}, "ok", "installs it"),
        ({**failed_run("ExtensionVCRedistInstallationFailure: x")}, "fail", "could not install"),
        (
            {"backup.vc_runtimes": [], "events.installer_errors": [event(10005, "Microsoft Visual C++ 2013 x64")]},
            "fail",
            "Windows Installer failed",
        ),
        ({"events.installer_errors": [event(10005, "Microsoft Visual C++ 2013 x64")]}, "ok", ""),
        ({"backup.vc_runtimes": [], **failed_run("Programm beendet (-1073741515)")}, "fail", "cannot load"),
        (failed_run("Programm beendet (-1073741515)"), "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        ("Microsoft Visual C++ 2013 x64 Minimum Runtime - 12.0.40664", True),
        ("Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.38.33135", True),
        ("Microsoft Visual C++ 2022 X64 Minimum Runtime - 14.51.36247", True),
        ("Microsoft Visual C++ v14 Redistributable (x64) - 14.51.36247", True),
        ("Microsoft Visual C++ v14 Redistributable (x86) - 14.51.36247", False),
        ("Microsoft Visual C++ 2022 X86 Minimum Runtime - 14.51.36247", False),
        ("Microsoft Visual C++ 2012 Redistributable (x64) - 11.0.61030", False),
        ("Microsoft Visual C++ 2008 Redistributable - x64 9.0.30729.6161", False),
    ],
)
def test_names_of_the_runtime(name, usable):
    crashed = failed_run("Programm beendet (-1073741515)")
    found = verdict(ID, edited({"backup.vc_runtimes": [{"name": name, "version": "1"}], **crashed}))
    assert found.status == ("ok" if usable else "fail"), found


@pytest.mark.parametrize("fact", ["backup.vc_runtimes"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
