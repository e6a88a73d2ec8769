# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the agent reads only at its start: every file of its configuration, with the time of its last change."""

import os
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import waagent_conf
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Missing
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _start_files

UNIT = "/lib/systemd/system/walinuxagent.service"
SYSTEMD, SCRIPT = {"kind": "systemd"}, {"kind": "sysvinit", "fragment": "/etc/init.d/waagent"}


@pytest.fixture
def described(tree, monkeypatch):
    # Ages are whole seconds: none may pass.
    now = int(time.time())
    monkeypatch.setattr(_start_files.time, "time", lambda: now)

    def describe(files, service, ages):
        host = tree(files)
        for path, age in ages.items():
            os.utime(host.path(path), (0, now - age))
        with pytest.raises(Missing, match="needs a running system"):
            _start_files.describe(host, waagent_conf.load(host), service)
        monkeypatch.setattr(host, "need_live", lambda: None)
        return [(file["path"], file["age_s"]) for file in _start_files.describe(host, waagent_conf.load(host), service)]

    return describe


def test_the_unit_with_its_drop_ins_and_environment_files(described):
    folder = "/etc/systemd/system/walinuxagent.service.d"
    files = {
        "/etc/waagent.conf": "",
        UNIT: "[Service]\nEnvironmentFile=-/etc/default/agent\nEnvironmentFile=-/etc/none\n",
        folder + "/proxy.conf": "[Service]\nEnvironment=A=b\n",
        # What these say, systemd goes by at once.
        folder + "/restart.conf": "[Unit]\nStartLimitBurst=20\n[Service]\nRestart=always\nRestartSec=5\n",
        "/etc/systemd/system.control/walinuxagent.service.d/50-TasksMax.conf": "[Service]\nTasksMax=400\n",
        "/etc/default/agent": "A=b\n",
    }
    ages = {"/etc/default/agent": 10, "/etc/waagent.conf": 20, UNIT: 30, folder + "/proxy.conf": 40}
    assert described(files, SYSTEMD, ages) == list(ages.items())


@pytest.mark.parametrize(
    ("name", "setting", "counts"),
    [
        ("10-Slice", "[Unit]\n[Service]\nSlice=azure.slice", False),
        ("11-CPUAccounting", "[Service]\nCPUAccounting=yes", False),
        ("12-CPUQuota", "[Service]\nCPUQuota=75%", False),
        ("13-MemoryAccounting", "[Service]\nMemoryAccounting=yes", False),
        ("20-proxy", "[Service]\nCPUQuota=75%\nEnvironment=https_proxy=http://10.0.0.9:8080", True),
        ("20-user", "[Service]\nUser=nobody", True),
    ],
)
def test_what_the_agent_itself_writes_for_its_unit(described, name, setting, counts):
    path = f"/lib/systemd/system/walinuxagent.service.d/{name}.conf"
    files = {"/etc/waagent.conf": "", UNIT: "[Service]\nRestart=always\n", path: setting + "\n"}
    found = [file for file, _age in described(files, SYSTEMD, {path: 10, "/etc/waagent.conf": 20})]
    assert found == ([path] if counts else []) + ["/etc/waagent.conf"]


def test_a_script_with_its_defaults(described):
    files = {"/etc/waagent.conf": "", "/etc/init.d/waagent": "", "/etc/default/walinuxagent": ""}
    ages = {"/etc/init.d/waagent": -10, "/etc/waagent.conf": 20, "/etc/default/walinuxagent": 30}
    assert described(files, SCRIPT, ages) == list(ages.items())


def test_another_waagent_conf_and_no_service(described):
    files = {"/etc/os-release": "ID=flatcar\n", "/usr/share/oem/waagent.conf": ""}
    assert described(files, None, {"/usr/share/oem/waagent.conf": 5}) == [("/usr/share/oem/waagent.conf", 5)]
