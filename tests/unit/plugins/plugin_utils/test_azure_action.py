# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all actions that change Azure have in common."""

from types import SimpleNamespace

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction, resource_id

SECRET = "Zq1vanilla"
SETTINGS = {"settings": {"script": f"az login --client-secret {SECRET}"}, "proxyUrl": f"http://me:{SECRET}@proxy:3128"}


class Made(AzureAction):
    def act(self, options):
        return self.shown(
            SimpleNamespace(changed=True, before=SETTINGS, after={"errors": [{"message": f"?sig={SECRET}"}]})
        )


class Refused(AzureAction):
    def act(self, options):
        raise ValueError(f"Cannot read 'https://me:{SECRET}@vault.example'")


@pytest.mark.parametrize("kind", [Made, Refused])
def test_no_result_has_a_secret_of_azure(monkeypatch, tmp_path, kind):
    options = {"run_id": "night", "report_dir": str(tmp_path)}
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    monkeypatch.setattr(kind, "validate_argument_spec", lambda *_arguments, **_rules: (None, options))
    action = kind.__new__(kind)
    action._task = SimpleNamespace(diff=True, check_mode=False)
    result = action.run(task_vars={"inventory_hostname": "web1"})
    assert result["run_id"] == "night" and SECRET not in str(result) and "***" in str(result)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web1/", True),
        ("/SUBSCRIPTIONS/s/resourcegroups/g/providers/Microsoft.RecoveryServices/vaults/v/backupPolicies/p", True),
        ("web1", False),
        ("/subscriptions/s/resourceGroups/g", False),
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web1?x=1", False),
        ("https://example.com/subscriptions/s/resourceGroups/g/providers/T/virtualMachines/w", False),
    ],
)
def test_resource_ids(given, made):
    if made:
        assert resource_id("id", given) == given.rstrip("/")
    else:
        with pytest.raises(ValueError, match="as id: a resource id reads"):
            resource_id("id", given)
