# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _gaps
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import PLATFORMS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue
from ansible_collections.vmbackup.azure.plugins.plugin_utils._rehearsal import rehearse


@pytest.mark.parametrize("platform", PLATFORMS)
def test_most_checks_have_been_decided_by_facts_of_the_declared_form(platform):
    """Not those that ask for a name that is data, such as that of a service."""
    findings = rehearse(platform)["findings"]
    assert {finding["id"] for finding in findings} >= set(catalogue(platform).checks)
    assert sum(finding["status"] != "unknown" for finding in findings) > 0.7 * len(findings)
    assert not any(finding["gap"] == _gaps.FORM for finding in findings)
