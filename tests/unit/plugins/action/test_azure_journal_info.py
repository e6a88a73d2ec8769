# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs in Azure are those of hosts."""

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.action import azure_journal_info
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import Journal


@pytest.mark.parametrize(
    ("hosts", "listed"),
    [
        (None, {"schedule", "assigned", "started", "other", "damaged"}),
        (["web1", "localhost"], {"assigned", "started", "damaged"}),
        (["localhost"], {"started", "damaged"}),
        (["web1"], {"assigned", "damaged"}),
        ([], {"damaged"}),
    ],
)
def test_a_run_of_schedule_is_not_one_of_localhost(monkeypatch, tmp_path, hosts, listed):
    for run, host, kind in (
        ("schedule", "localhost", "policy_assignment"),
        ("assigned", "web1", "policy_assignment"),
        ("started", "localhost", "power"),
        ("other", "web2", "power"),
    ):
        Journal(str(tmp_path), run).begin(host=host, kind=kind, id="/x", before=None, after=None)
    (tmp_path / "azure-journal/damaged.json").touch()
    options = {"report_dir": str(tmp_path), "hosts": hosts}
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    action = azure_journal_info.ActionModule.__new__(azure_journal_info.ActionModule)
    monkeypatch.setattr(action, "validate_argument_spec", lambda **_spec: (None, options))
    assert {run["run_id"] for run in action.run()["runs"]} == listed
