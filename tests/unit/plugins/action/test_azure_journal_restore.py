# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has nothing to undo in Azure does not sign in to it."""

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.action import azure_journal_restore
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _azure_action
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import UNDONE, Journal


@pytest.mark.parametrize("host", ["web1", "web2"])
def test_nobody_signs_in_for_what_was_undone_or_is_anothers(monkeypatch, tmp_path, host):
    journal = Journal(str(tmp_path), "night")
    journal.mark(journal.begin(host="web1", kind="power", id="/x", before=None, after=None), UNDONE)
    options = {"report_dir": str(tmp_path), "run_id": "night"}
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    monkeypatch.setattr(_azure_action, "settle", lambda *_arguments: pytest.fail("signs in"))
    action = azure_journal_restore.ActionModule.__new__(azure_journal_restore.ActionModule)
    monkeypatch.setattr(action, "validate_argument_spec", lambda **_spec: (None, options))
    found = action.run(task_vars={"inventory_hostname": host})
    assert (found["changed"], found["restored"], found["kept"]) == (False, [], [])
