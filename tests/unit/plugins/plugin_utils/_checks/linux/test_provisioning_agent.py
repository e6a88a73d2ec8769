# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, probed
from support import fix_of, guest, verdict

ID = "provisioning_agent"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("# default", "ok"),
        ("Provisioning.Agent=auto", "ok"),
        ("Provisioning.Agent=cloud-init", "ok"),
        ("Provisioning.Agent=disabled", "ok"),
        ("Provisioning.Agent=cloudinit", "warn"),
    ],
)
def test_known_ways(tmp_path, line, status):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: line + "\n"}))).status == status


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


def test_the_fix(tmp_path):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: "Provisioning.Agent=cloudinit\n"})))
    assert fix_of(found) == ("waagent_conf", {"settings": {"Provisioning.Agent": "auto"}}) and found.fix.confirm
