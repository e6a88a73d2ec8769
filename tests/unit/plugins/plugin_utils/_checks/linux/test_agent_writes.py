# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, saying, tree, without
from support import advice_of, verdict

ID = "agent_writes"
FULL = saying("no_space", "[Errno 28] No space left on device: '/var/lib/waagent/events/1.tmp'")


def test_the_last_word_on_a_saved_disk():
    assert verdict(ID, tree(FULL)).status == "fail"
    found = verdict(ID, tree(saying("read_only", "[Errno 30] Read-only file system")))
    assert found.status == "fail" and "fsck" in advice_of(found)
    assert verdict(ID, tree()).status == "ok"


def test_a_running_system_is_measured():
    assert verdict(ID, healthy(FULL)).status == "not_applicable"


def test_no_log():
    assert verdict(ID, tree(log=None)).status == "not_applicable"


def test_missing():
    state = without("log")
    state["mode"] = "tree"
    assert verdict(ID, state).status == "unknown"


def test_a_write_that_the_system_refuses_for_another_reason_than_space():
    refused = saying("write_failed", "[Errno 117] Structure needs cleaning: '/var/lib/waagent/events/1.tmp'")
    for state in (tree(refused), healthy(refused)):
        found = verdict(ID, state)
        assert found.status == "fail" and "chattr -i" in advice_of(found)
