# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks on the journal find the module of the host's platform."""

from types import SimpleNamespace

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.action import journal_info, journal_restore


@pytest.mark.parametrize("name", ["journal_info", "journal_restore"])
@pytest.mark.parametrize(("shell", "prefix"), [({"_IS_WINDOWS": True}, "win_"), ({}, "")])
def test_the_module_of_the_platform(monkeypatch, name, shell, prefix):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    plugin = {"journal_info": journal_info, "journal_restore": journal_restore}[name]
    action = plugin.ActionModule.__new__(plugin.ActionModule)
    action._task = SimpleNamespace(action=f"vmbackup.azure.{name}")
    action._connection = SimpleNamespace(_shell=SimpleNamespace(**shell))
    action._execute_module = lambda module_name, task_vars: {"ran": module_name, "with": task_vars, "runs": []}
    assert action.run(task_vars={"a": 1}) == {"ran": f"vmbackup.azure.{prefix}{name}", "with": {"a": 1}, "runs": []}


RUN = {"run_id": "20261123T020000Z-1f2e3d4c", "created": "2026-11-23T02:00:00Z", "undone": False}


@pytest.mark.parametrize(
    ("answer", "fails"),
    [
        ({"runs": [RUN]}, False),
        ({}, True),
        ({"runs": "x"}, True),
        ({"runs": ["x"]}, True),
        ({"runs": [RUN, {"run_id": "x"}]}, True),
        ({"runs": [{**RUN, "created": 1}]}, True),
        ({"runs": [{**RUN, "created": "~"}]}, True),
        ({"runs": [{**RUN, "run_id": "x y"}]}, True),
        ({"runs": [{**RUN, "run_id": "{{ x }}"}]}, True),
        ({"runs": [{**RUN, "run_id": []}]}, True),
    ],
)
def test_an_answer_that_is_no_list_of_runs_fails_its_host(monkeypatch, answer, fails):
    monkeypatch.setattr(journal_info.JournalAction, "run", lambda *_arguments: answer)
    result = journal_info.ActionModule.__new__(journal_info.ActionModule).run()
    assert result.get("failed", False) is fails and (fails or result is answer)
