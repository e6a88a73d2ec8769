# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""applocker: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, STATUS, edited, event, failed_run

ID = "applocker"
NIGHT = "2026-11-23T01:00:00Z"
BLOCKS = event(8004, r"C:\PACKAGES\PLUGINS\X.EXE")
BLOCKED = {"events.applocker_blocks": [event(8004, r"C:\PACKAGES\PLUGINS\X.EXE", time=NIGHT)]}


def rule(condition, sid="S-1-1-0", action="Allow"):
    return f'<X UserOrGroupSid="{sid}" Action="{action}"><Conditions>{condition}</Conditions></X>'


def path(place, **who):
    return rule(f'<FilePathCondition Path="{place}"/>', **who)


def publisher(name):
    return rule(f'<FilePublisherCondition PublisherName="{name}" ProductName="*"/>')


def applocker(*rules):
    """Edits that enforce these rules for programs."""
    return {
        "security.applocker": {"Exe": {"enforcement": 1, "rules": list(rules)}},
        "services.AppIDSvc": {"state": "Running", "read_from": "x"},
    }


WINDIR = path(r"%WINDIR%\*")
EXCEPTED = path(r"%OSDRIVE%\Packages\*", action="Deny") + "<Exceptions><FilePathCondition/></Exceptions>"


UNSET = {"security.applocker": {"Exe": {"enforcement": None, "rules": [WINDIR]}}}
AUDITED = {"security.applocker": {"Exe": {"enforcement": 0, "rules": [WINDIR]}}}


def all_but(place):
    """A rule for all paths with an exception."""
    return path("*") + f'<Exceptions><FilePathCondition Path="{place}"/></Exceptions>'


def scripts(*rules):
    return {"security.applocker": {"Script": {"enforcement": 1, "rules": list(rules)}}}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {"events.applocker_blocks": [event(8004, r"%OSDRIVE%\PACKAGES\PLUGINS\X\IAASBCDREXTENSION.EXE")]},
            "fail",
            "AppLocker blocked",
        ),
        ({"events.applocker_blocks": [event(8004, r"%OSDRIVE%\GAMES\X.EXE")]}, "ok", ""),
        ({"events.applocker_script_blocks": [event(8007, r"C:\Packages\Plugins\x.cmd")]}, "fail", "AppLocker blocked"),
        ({"events.code_integrity_blocks": [event(3077, r"C:\Packages\Plugins\x.exe")]}, "fail", "WDAC"),
        ({"events.code_integrity_blocks": [event(3077, r"C:\Packages\Plugins\x.exe", time=NIGHT)]}, "ok", ""),
        (BLOCKED, "ok", ""),
        ({**BLOCKED, **failed_run("x: y")}, "ok", ""),
        ({"events.applocker_blocks": [BLOCKS], **failed_run("x: y")}, "fail", "AppLocker blocked"),
        ({"events.code_integrity_blocks": [{**BLOCKS, "id": 3077, "time": NIGHT}], **failed_run("x: y")}, "ok", ""),
        ({**BLOCKED, f"{STATUS}.status": "transitioning"}, "ok", ""),
        ({**BLOCKED, f"{STATUS}.status": "transitioning", f"{STATUS}.time": NIGHT}, "fail", "AppLocker blocked"),
        ({**applocker(WINDIR)}, "fail", "no rule allows"),
        ({**applocker(WINDIR, path("*", sid="S-1-5-32-544"))}, "ok", ""),
        ({**applocker(WINDIR, path(r"%OSDRIVE%\Packages\*"))}, "ok", ""),
        ({**applocker(WINDIR, path(r"%OSDRIVE%\Packages\*", sid="S-1-5-21-1-2-3-1000"))}, "fail", "no rule allows"),
        ({**applocker(WINDIR, path("*", action="Deny"))}, "fail", "no rule allows"),
        ({**applocker(WINDIR, publisher("O=MICROSOFT CORPORATION, L=REDMOND"))}, "ok", ""),
        ({**applocker(WINDIR, publisher("O=OTHERS"))}, "fail", "no rule allows"),
        ({**applocker(path("*"), path(r"C:\windowsazure\*", action="Deny"))}, "fail", "rules deny"),
        (
            {**applocker(path("*"), path(r"%OSDRIVE%\Packages\Plugins\*", action="Deny", sid="S-1-5-18"))},
            "fail",
            "deny",
        ),
        ({**applocker(path("*"), path(r"%OSDRIVE%\Packages\*", action="Deny", sid="S-1-5-32-545"))}, "ok", ""),
        ({**applocker(path("*"), path(r"%OSDRIVE%\Packages\old.exe", action="Deny"))}, "ok", ""),
        ({**applocker(path("*"), EXCEPTED)}, "ok", ""),
        ({**applocker(path("*"), path(r"%OSDRIVE%\Packages\Plugins\Contoso.Agent\*", action="Deny"))}, "ok", ""),
        ({**applocker(path("*"), path(r"C:\Packages\*", action="Deny")), "services.AppIDSvc": None}, "ok", ""),
        ({**applocker(path("*")), **scripts(path(r"C:\Packages\*", action="Deny"))}, "fail", "rules deny"),
        ({**applocker()}, "ok", ""),
        ({**applocker(), **UNSET}, "fail", "no rule allows"),
        ({**applocker(), **AUDITED}, "ok", ""),
        ({**UNSET, "services.AppIDSvc": None}, "ok", ""),
        ({**applocker(path(r"%OSDRIVE%\Packages\*", sid="S-1-5-11"))}, "ok", ""),
        ({**applocker(path(r"D:\Packages\*", sid="S-1-5-6"))}, "ok", ""),
        ({**applocker(path(r"%OSDRIVE%\Packages\*", sid="S-1-5-4"))}, "fail", "no rule allows"),
        ({**applocker(path("*"), path(r"C:\Packages\*", action="Deny", sid="S-1-5-11"))}, "fail", "rules deny"),
        ({**applocker(all_but(r"%OSDRIVE%\Packages\*"))}, "fail", "no rule allows"),
        ({**applocker(all_but(r"%OSDRIVE%\Tools\*"))}, "ok", ""),
        ({**applocker(all_but(r"%OSDRIVE%\Packages\*"), publisher("O=MICROSOFT CORPORATION"))}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"events.code_integrity_blocks": [event(3077, r"C:\Packages\Plugins\x.exe")]}, "App Control policy"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["security.applocker"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
