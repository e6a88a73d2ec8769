# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package manager between two looks at the agent: what it changed is said, whatever comes after."""

import pytest
from ansible_collections.vmbackup.azure.plugins.action.agent_version import ActionModule


def test_a_package_that_changed_is_told_though_the_second_look_fails(monkeypatch):
    action = ActionModule.__new__(ActionModule)
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})
    monkeypatch.setattr(action, "_look", lambda _vars: {"package": "waagent", "compliant": False}, raising=False)
    monkeypatch.setattr(action, "_package", lambda _facts, _vars: {"changed": True}, raising=False)
    monkeypatch.setattr(action, "_execute_module", lambda **_options: {"failed": True, "msg": "no"}, raising=False)
    result = action.run(task_vars={})
    assert result == {"failed": True, "msg": "no", "package_changed": True, "changed": True}


ZYPPER = (
    "<?xml version='1.0'?>\n<stream>\n<message type=\"error\">System management is locked by the application with pid "
    "7 (/usr/bin/packagekitd).\nClose this application before trying again.</message>\n"
    '<message type="info">&apos;Loading&apos;</message>\n</stream>\n'
)


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        ({"msg": "Failed to install some", "failures": ["No package a available."]}, "No package a available."),
        (
            {"msg": "Zypper run command failed with return code 7.", "stdout": ZYPPER},
            "System management is locked by the application with pid 7 (/usr/bin/packagekitd). "
            "Close this application before trying again.",
        ),
    ],
)
def test_what_the_package_manager_said_is_in_the_message(monkeypatch, package, reason):
    message = failed_install(monkeypatch, package)
    assert message == f"Cannot install 'waagent': {package['msg'].rstrip('.')}: {reason}"


def test_a_message_that_says_it_all_is_not_said_twice(monkeypatch):
    said = "No provider of '+a' found."
    stdout = '<message type="error">No provider of &apos;+a&apos; found.</message>'
    assert failed_install(monkeypatch, {"msg": said, "stdout": stdout}) == f"Cannot install 'waagent': {said}"


def test_secrets_of_a_package_source_are_masked_and_the_message_is_bounded(monkeypatch):
    failures = ["Cannot reach http://user:Sesame-4711@mirror.example/"] + ["no mirror is left"] * 1000
    message = failed_install(monkeypatch, {"msg": "Failed", "failures": failures})
    assert "mirror.example" in message and "Sesame" not in message and len(message) < 600


def failed_install(monkeypatch, package):
    action = ActionModule.__new__(ActionModule)
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})
    monkeypatch.setattr(action, "_look", lambda _vars: {"package": "waagent", "compliant": False}, raising=False)
    monkeypatch.setattr(action, "_package", lambda _facts, _vars: {"failed": True, **package}, raising=False)
    return action.run(task_vars={})["msg"]
