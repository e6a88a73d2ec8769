# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, saying, without
from support import verdict

ID = "agent_update_usable"


def entry(version, blacklisted, **more):
    return {
        "version": version,
        "complete": True,
        "blacklisted": blacklisted,
        "failure_count": 3 if blacklisted else 0,
        "was_fatal": blacklisted,
        "reason": "x" if blacklisted else None,
        "read_from": f"/var/lib/waagent/WALinuxAgent-{version}",
        **more,
    }


BAD, GOOD = entry("2.10.0.8", True), entry("2.9.1.1", False)


def test_none_given_up():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, healthy(downloaded=[GOOD])).status == "ok"


def test_the_newest_is_given_up_and_an_older_one_works():
    found = verdict(ID, healthy(downloaded=[BAD, GOOD]))
    assert found.status == "warn" and "2.10.0.8" in found.why
    assert found.evidence[0].source.endswith("WALinuxAgent-2.10.0.8/error.json")


def test_only_an_old_one_is_given_up():
    assert verdict(ID, healthy(downloaded=[entry("2.11.0.1", False), BAD])).status == "ok"


UNIT = {"active": "activating", "sub": "auto-restart"}


def test_the_agent_does_not_come_up():
    assert verdict(ID, healthy(STOPPED, downloaded=[BAD], unit=UNIT)).status == "fail"


@pytest.mark.parametrize(
    ("installed", "status"), [("2.9.1.1", "fail"), ("2.10.0.8", "ok"), ("2.11.1.4", "ok"), (None, "fail")]
)
def test_a_version_that_is_not_newer_than_the_installed_one(installed, status):
    facts = {"installed": installed and {"version": installed, "read_from": "version.py"}, "downloaded": [BAD]}
    assert verdict(ID, healthy(STOPPED, unit=UNIT, **facts)).status == status
    line = saying("version_blacklisted", "Agent WALinuxAgent-2.10.0.8 is permanently blacklisted")
    assert verdict(ID, healthy(line, **facts)).status == ("ok" if status == "ok" else "warn")


@pytest.mark.parametrize(("uses", "status"), [(False, "ok"), (True, "fail")])
def test_updates_are_off(uses, status):
    assert verdict(ID, healthy(STOPPED, downloaded=[BAD], unit=UNIT, uses_downloads=uses)).status == status


def test_an_agent_that_was_stopped_says_nothing():
    assert verdict(ID, healthy(STOPPED, downloaded=[BAD])).status == "warn"


def test_the_log_names_it():
    line = saying("version_blacklisted", "Agent WALinuxAgent-2.2.12 is blacklisted - skipping download")
    assert verdict(ID, healthy(line)).status == "warn"


def test_missing():
    assert verdict(ID, without("downloaded")).status == "unknown"
