# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package manager between two looks at the agent: what it changed is said, whatever comes after."""

from ansible_collections.vmbackup.azure.plugins.action.agent_version import ActionModule


def test_a_package_that_changed_is_told_though_the_second_look_fails(monkeypatch):
    action = ActionModule.__new__(ActionModule)
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})
    monkeypatch.setattr(action, "_look", lambda _vars: {"package": "waagent", "compliant": False}, raising=False)
    monkeypatch.setattr(action, "_package", lambda _facts, _vars: {"changed": True}, raising=False)
    monkeypatch.setattr(action, "_execute_module", lambda **_options: {"failed": True, "msg": "no"}, raising=False)
    result = action.run(task_vars={})
    assert result == {"failed": True, "msg": "no", "package_changed": True, "changed": True}
