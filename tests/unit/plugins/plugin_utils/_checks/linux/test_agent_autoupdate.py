# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, probed
from support import fix_of, guest, verdict

ID = "agent_autoupdate"
NEW, OLD = "AutoUpdate.UpdateToLatestVersion", "AutoUpdate.Enabled"


@pytest.mark.parametrize(
    ("text", "status", "key"),
    [
        ("# default", "ok", OLD),
        (f"{OLD}=n", "warn", OLD),
        (f"{OLD}=y", "ok", OLD),
        (f"{NEW}=n", "warn", NEW),
        (f"{NEW}=n\n{OLD}=y", "warn", NEW),
        (f"{NEW}=y\n{OLD}=n", "ok", NEW),
        (f"{NEW}=yes\n{OLD}=n", "warn", OLD),
        (f"{OLD}=no", "ok", OLD),
    ],
)
def test_the_switch_that_decides(tmp_path, text, status, key):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: text + "\n"})))
    assert found.status == status and found.evidence[0].source.endswith(": " + key)


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


def test_the_fix_sets_the_newer_switch_and_needs_agreement(tmp_path):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: f"{OLD}=n\n"})))
    assert fix_of(found) == ("waagent_conf", {"settings": {NEW: True, OLD: None}}) and found.fix.confirm
