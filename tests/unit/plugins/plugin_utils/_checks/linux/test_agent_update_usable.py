# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
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


def test_the_agent_does_not_come_up():
    unit = {"active": "activating", "sub": "auto-restart"}
    assert verdict(ID, healthy(STOPPED, downloaded=[BAD], unit=unit)).status == "fail"


def test_an_agent_that_was_stopped_says_nothing():
    assert verdict(ID, healthy(STOPPED, downloaded=[BAD])).status == "warn"


def test_the_log_names_it():
    line = saying("version_blacklisted", "Agent WALinuxAgent-2.2.12 is blacklisted - skipping download")
    assert verdict(ID, healthy(line)).status == "warn"


def test_missing():
    assert verdict(ID, without("downloaded")).status == "unknown"
