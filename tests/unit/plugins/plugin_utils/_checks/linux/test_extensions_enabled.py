# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import saying
from network_states import CONF, probed
from support import advice_of, fix_of, guest, verdict

ID = "extensions_enabled"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Extensions.Enabled=n", "fail"),
        ("Extensions.Enabled=N # off", "fail"),
        ("Extensions.Enabled=y\nExtensions.Enabled=n", "fail"),
        ("Extensions.Enabled=n\nExtensions.Enabled=None", "ok"),
        ("Extensions.Enabled=y", "ok"),
        ("# Extensions.Enabled=n", "ok"),
        ("Extensions.Enabled=no", "ok"),
        ("Extensions.Enabled=false", "ok"),
        ("Extensions.Enabled=0", "ok"),
        ("Extensions.Enable=n", "ok"),
        ("extensions.enabled=n", "ok"),
    ],
)
def test_only_y_and_n_count(tmp_path, line, status):
    """azure-docs issue 42262."""
    found = verdict(ID, guest(**probed(tmp_path, {CONF: line + "\n"})))
    fix = ("waagent_conf", {"settings": {"Extensions.Enabled": True}}) if status == "fail" else None
    assert found.status == status and fix_of(found) == fix


def test_the_agent_still_has_the_former_setting(tmp_path):
    raw = guest(**probed(tmp_path, {CONF: "Extensions.Enabled=y\n"}))
    raw["agent"] = {"status": None, **saying("extensions_disabled")}
    raw["agent"]["log"]["read_from"] = "/var/log/waagent.log"
    found = verdict(ID, raw)
    assert found.status == "fail" and fix_of(found) is None and "Restart" in advice_of(found)


def test_missing(tmp_path):
    assert verdict(ID, guest(**probed(tmp_path, {"/usr/bin/env": "x"}))).status == "unknown"
