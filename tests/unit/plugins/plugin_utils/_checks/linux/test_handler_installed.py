# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying
from snapshot_states import not_installed, snapshot, without
from support import verdict


@pytest.mark.parametrize("code", [1001, 1002, 1003, 1004, 1005, 1012])
def test_the_agent_could_not_fetch_or_unpack_it(code):
    raw = snapshot(extension={"installed.status.code": code, "installed.status.status": "NotReady"})
    assert verdict("handler_installed", raw).status == "fail"


def test_failures_of_the_extension_itself_are_not_of_this_kind():
    raw = snapshot(extension={"installed.status.code": 1009, "installed.status.status": "NotReady"})
    assert verdict("handler_installed", raw).status == "ok"


def test_missing_facts():
    assert verdict("handler_installed", without(snapshot(), "extension", "installed")).status == "unknown"


def test_the_agents_log_tells_it_where_there_is_no_extension():
    raw = snapshot(extension=not_installed())
    raw["agent"] = healthy(saying("extension_not_fetched"))["agent"]
    assert verdict("handler_installed", raw).status == "fail"
    raw["agent"] = healthy()["agent"]
    assert verdict("handler_installed", raw).status == "not_applicable"
