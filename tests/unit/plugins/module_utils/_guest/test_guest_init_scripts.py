# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's service without systemd, as it is judged and as it is started."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.scripts import ScriptService
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import init_scripts

GATE = "/etc/default/walinuxagent"
SCRIPT = {"/etc/init.d/walinuxagent": "#!/bin/sh\n. /etc/default/walinuxagent\n# WALINUXAGENT_ENABLED\n"}
OPENRC = {"/etc/init.d/waagent": "#!/sbin/openrc-run\n"}
UPSTART = {"/etc/init/walinuxagent.conf": "start on runlevel [2345]\nexec /usr/sbin/waagent -daemon\n"}


@pytest.mark.parametrize(
    ("files", "name", "kind", "enabled"),
    [
        (SCRIPT, "walinuxagent", "sysvinit", False),
        ({**SCRIPT, "/etc/rc3.d/S91walinuxagent": ""}, "walinuxagent", "sysvinit", True),
        ({**SCRIPT, "/etc/rc3.d/K91walinuxagent": ""}, "walinuxagent", "sysvinit", False),
        ({**OPENRC, "/etc/runlevels/default/other": ""}, "waagent", "openrc", False),
        ({**OPENRC, "/etc/runlevels/default/waagent": ""}, "waagent", "openrc", True),
        (UPSTART, "walinuxagent", "upstart", True),
        ({**UPSTART, "/etc/init/walinuxagent.override": "manual\n"}, "walinuxagent", "upstart", False),
    ],
)
def test_judged_and_changed_alike(tree, files, name, kind, enabled):
    host = tree(files)
    stated = init_scripts.describe(host)
    assert (stated["name"], stated["kind"], stated["enabled"] == "enabled") == (name, kind, enabled)
    service = ScriptService.find(init_scripts.SERVICES, lambda argv, **_options: Result(0, "", ""), host.root)
    assert service.name == name and service.is_openrc is (kind == "openrc")
    assert service.state()["enabled"] is enabled


def test_no_script(tree):
    with pytest.raises(ChangeError, match="neither a unit nor a start script"):
        ScriptService.find(("waagent",), root=tree(SCRIPT).root)


@pytest.mark.parametrize(
    ("text", "value", "opened"),
    [
        ("WALINUXAGENT_ENABLED=0\n", "0", "WALINUXAGENT_ENABLED=1\n"),
        ("WALINUXAGENT_ENABLED=1\n", "1", None),
        ('WALINUXAGENT_ENABLED="1" # on\n', "1", None),
        ("export WALINUXAGENT_ENABLED='0' # off\n", "0", "export WALINUXAGENT_ENABLED=1 # off\n"),
        ("\tWALINUXAGENT_ENABLED=1;\n", "1", None),
        ("WALINUXAGENT_ENABLED=\n", "", "WALINUXAGENT_ENABLED=1\n"),
        # The shell keeps the carriage return, and what it compares with 1 is not 1.
        ("WALINUXAGENT_ENABLED=1\r\n", "1\r", "WALINUXAGENT_ENABLED=1\n"),
        ("WALINUXAGENT_ENABLED=1\nWALINUXAGENT_ENABLED=no\n", "no", "WALINUXAGENT_ENABLED=1\n" * 2),
        ("# WALINUXAGENT_ENABLED=0\nOTHER_WALINUXAGENT_ENABLED=0\n", None, None),
    ],
)
def test_the_switch_is_read_and_set_alike(tree, text, value, opened):
    host = tree({**SCRIPT, GATE: text})
    assert init_scripts.gate(host, init_scripts.describe(host))["value"] == value
    data = init_scripts.open_gate(text.encode())
    assert data == (text if opened is None else opened).encode()
    again = init_scripts.gate(tree({GATE: data}), init_scripts.describe(host))
    assert again["value"] in (None, "1")
