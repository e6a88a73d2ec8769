# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers are kept of the tasks that give one, by the one callback that shows them."""

import types

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _answers


class Result:
    """What a callback is told. Looking at what the task found makes a copy of it, and is counted."""

    def __init__(self, action, found):
        self.task, self.looks, self._found = types.SimpleNamespace(action=action), 0, found

    @property
    def result(self):
        self.looks += 1
        return self._found


@pytest.fixture
def showing(monkeypatch):
    monkeypatch.setattr(_answers, "_Shown", type("_Shown", (), {"by": None, "screen": None}))
    answers = _answers.Answers()
    answers.begin()
    return answers


def test_an_answer_is_kept(showing):
    showing.keep(Result("vmbackup.azure.fleet_report", {"answer": "12 hosts"}))
    assert showing.tells("vmbackup.azure.fleet_report")


def test_what_others_found_is_not_looked_at(showing):
    other = Result("ansible.builtin.ping", {"answer": "pong"})
    showing.keep(other)
    assert other.looks == 0 and not showing.tells("vmbackup.azure.fleet_report")


def test_one_callback_that_shows_answers_looks(showing):
    second, result = _answers.Answers(), Result("vmbackup.azure.findings_info", {"verdict": "ready"})
    second.begin()
    second.keep(result)
    assert result.looks == 0
