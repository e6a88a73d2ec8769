# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that a guest says acts on a terminal: not by a module of ours, not by what takes its result on."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.action.apply_remedy import ActionModule
from ansible_collections.vmbackup.azure.plugins.module_utils._change import module
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.visible import visible
from ansible_collections.vmbackup.azure.plugins.plugin_utils._connection import plain

CASES = [
    ("plain ä€😀", "plain ä€😀"),
    ("a\nb\tc", "a\nb\tc"),
    ("\x1b[2J", "\\x1b[2J"),
    ("\x9b31m", "\\x9b31m"),
    ("\u202eabc\u2066", "\\u202eabc\\u2066"),
    ("a\rb\x00", "a\\rb\\x00".replace("\\r", "\\x0d")),
    ("\u2028\ufeff\U000e0001", "\\u2028\\ufeff\\U000e0001"),
    ("\udcff", "\\udcff"),
    ("a ##vso[task.setvariable variable=x]y", "a # #vso[task.setvariable variable=x]y"),
    ("###[error]x ##[group]", "## #[error]x # #[group]"),
    ("::add-mask::x\n::error file=a:1::b", ": :add-mask::x\n: :error file=a:1::b"),
    ("word ::Stop-Commands::x", "word : :Stop-Commands::x"),
    ("::1 fe80::1 std::map::at ::ffff:10.0.0.4 ## 3 #[x]", "::1 fe80::1 std::map::at ::ffff:10.0.0.4 ## 3 #[x]"),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_a_text(text, shown):
    assert visible(text) == shown
    assert visible({text: [text, (text, 1), None]}) == {shown: [shown, [shown, 1], None]}


def test_a_reason_is_on_one_line():
    assert plain(ValueError("a\x9bb\u202e\n  c")) == "a\\x9bb\\u202e c"


@pytest.mark.parametrize("fails", [True, False])
def test_a_result_of_a_module(monkeypatch, capsys, fails):
    def work(_params, _context):
        if fails:
            raise ChangeError("Cannot edit '/etc/\x9b2J'", before={"a": "\u202e"})
        return {"changed": False, "after": {"a": "\u202e\x9b2J"}, "warnings": ["\u2066"]}

    monkeypatch.setattr("ansible.module_utils.basic._ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": {}}).encode())
    monkeypatch.setattr("ansible.module_utils.basic._ANSIBLE_PROFILE", "legacy", raising=False)
    monkeypatch.setattr(module.surroundings, "settle", lambda: None)
    with pytest.raises(SystemExit):
        module.run("test", {}, work)
    result = capsys.readouterr().out
    for raw in ("\x9b", "\u202e", "\u2066", "u202e", "u009b", "u2066"):
        assert raw not in result.replace("\\\\u", "")
    assert ("Cannot edit '/etc/\\\\x9b2J'" in result) == fails


def test_what_a_remedy_of_windows_says(monkeypatch):
    action = ActionModule.__new__(ActionModule)
    options = {"remedy": "win_bcdragent", "parameters": {}, "run_id": "night"}
    loader = type("Loader", (), {"action_loader": type("Actions", (), {"has_plugin": lambda *_names: False})()})
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})
    monkeypatch.setattr(action, "validate_argument_spec", lambda **_spec: (None, options), raising=False)
    monkeypatch.setattr(action, "_shared_loader_obj", loader, raising=False)
    monkeypatch.setattr(action, "_execute_module", lambda **_how: {"msg": "\x9b\u202e"}, raising=False)
    assert action.run(task_vars={}) == {"msg": "\\x9b\\u202e"}
