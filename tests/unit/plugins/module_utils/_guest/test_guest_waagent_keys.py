# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One table of keys: what the probe knows may be set, and what may be set the probe knows."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_values
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import waagent_keys as keys
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import waagent_syntax
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _conf_lines

OF_PAST_AGENTS = ["Home.Dir", "LBProbeResponder", "Role.StateConsumer", "CGroups.EnforceLimits", "OS.SshdConfigPath"]
OF_THE_CODE_ONLY = ["Extensions.GoalStateHistoryCleanupPeriod", "Debug.SelfUpdateHotfixFrequency"]
SLIPS = ["Extensions.Enable", "HttpProxy.Hots", "Debug.EnableFastTrak", "debug.EnableFastTrack", "My.Key"]


def unknown(key):
    entries = waagent_syntax.agent_entries(f"{key}=x\n".encode())
    return "unknown_key" in [remark["kind"] for remark in _conf_lines.remarks("", entries)]


@pytest.mark.parametrize("key", sorted(keys.KEYS) + ["Debug.OfTomorrow"])
def test_both_sides_know(key):
    assert not unknown(key)
    waagent_values.check_key(key, force=False)


@pytest.mark.parametrize("key", OF_PAST_AGENTS + OF_THE_CODE_ONLY)
def test_keys_of_every_release_are_in_the_table(key):
    assert key in keys.KEYS


@pytest.mark.parametrize("key", SLIPS)
def test_both_sides_take_a_slip_for_one(key):
    assert unknown(key)
    with pytest.raises(ChangeError, match="the agent has no such key"):
        waagent_values.check_key(key, force=False)


def test_what_matters_is_in_the_table_with_a_default_of_its_type():
    types = {keys.SWITCH: bool, keys.INTEGER: int, keys.PORT: int}
    for key, default in keys.DEFAULTS.items():
        assert default is None or isinstance(default, types.get(keys.KEYS[key], str)), key
