# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the distribution's package manager between two looks of the module at the agent."""

from __future__ import annotations

import html
import re

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import excerpt, mask
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _other_action

MODULE = "vmbackup.azure.agent_version"
_ZYPPER_ERROR = re.compile(r'<message type="error">([^<]*)')
_REASON_LENGTH = 500


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        first = self._look(task_vars)
        if first.get("failed"):
            return first
        package = self._package(first, task_vars)
        if package.get("failed"):
            # The module's words are masked, those of a package manager are not.
            return {
                **first,
                **mask(package),
                "msg": f"Cannot install '{first['package']}': {_reason(package)}",
            }
        result = self._execute_module(module_name=MODULE, task_vars=task_vars)
        changed = bool(package.get("changed"))
        if result.get("failed"):
            return {**result, "package_changed": changed, "changed": bool(result.get("changed")) or changed}
        result.update(
            package_changed=changed,
            changed=result["changed"] or changed,
            # As it was found, before any package was touched.
            compliant=first["compliant"] and not changed,
        )
        if not result["minimum_met"] and not self._task.check_mode:
            result.update(failed=True, msg=_too_old(result, self._task.args.get("state")))
        return result

    def _look(self, task_vars):
        """Run the module in check mode: its answer decides whether a package is needed."""
        check_mode, self._task.check_mode = self._task.check_mode, True
        try:
            return self._execute_module(module_name=MODULE, task_vars=task_vars)
        finally:
            self._task.check_mode = check_mode

    def _package(self, facts, task_vars):
        state = self._task.args.get("state")
        if state is None or state == "present" and facts["installed"]:
            return {}
        arguments = {"name": facts["package"], "state": state}
        return _other_action.run(self, "ansible.builtin.package", arguments, task_vars)


def _reason(package):
    """The message of the package's module, with what the manager said: dnf's list and zypper's XML are not in it."""
    message = str(package.get("msg", "")).strip()
    said = package.get("failures") or map(html.unescape, _ZYPPER_ERROR.findall(package.get("stdout") or ""))
    said = [words for words in (" ".join(str(words).split()) for words in said) if words.rstrip(".") not in message]
    return excerpt(f"{message.rstrip('.')}: {'; '.join(said)}" if said else message, _REASON_LENGTH)


def _too_old(result, state):
    running = result["goal_state"] or result["installed"]
    found = f"the agent is {running}" if running else "the host has no agent"
    advice = "state=latest upgrades the package"
    if state == "latest":
        advice = "its package is the newest of the package sources"
    return f"Cannot reach the version '{result['minimum']}': {found}; {advice}"
