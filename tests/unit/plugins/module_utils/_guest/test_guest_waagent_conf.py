# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that is judged is the file that is edited, and so is all that it says of the agent's directory."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_conf as remedy
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_service
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import waagent_conf
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import Facts, conf

UNIT = "/usr/lib/systemd/system/walinuxagent.service"
DEFAULT, OEM = "/etc/waagent.conf", "/usr/share/oem/waagent.conf"
ELSEWHERE = "/etc/azure/waagent.conf"
FLATCAR = {"/etc/os-release": "ID=flatcar\n"}


def unit(option):
    return {UNIT: f"[Service]\nExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon {option}\n"}


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({DEFAULT: "A=1\n"}, DEFAULT),
        ({**unit(f"-configuration-path:{ELSEWHERE}"), ELSEWHERE: "A=1\n", DEFAULT: "A=2\n"}, ELSEWHERE),
        ({**unit(f"--configuration-path:{ELSEWHERE}"), ELSEWHERE: "A=1\n", DEFAULT: "A=2\n"}, ELSEWHERE),
        ({**unit(f"/configuration-path:{ELSEWHERE};x"), ELSEWHERE: "A=1\n"}, ELSEWHERE),
        ({**unit("-configuration-path:"), DEFAULT: "A=1\n"}, DEFAULT),
        ({**FLATCAR, DEFAULT: "A=1\n", OEM: "A=2\n"}, OEM),
        ({"/etc/os-release": "ID=debian\n", DEFAULT: "A=1\n", OEM: "A=2\n"}, DEFAULT),
    ],
)
def test_one_file_is_judged_and_edited(tree, files, path):
    host = tree(files)
    facts = Facts()
    conf.collect(host, {}, facts)
    assert facts["path"] == remedy.find(host) == path


def test_no_other_file_is_edited_in_place_of_a_missing_one(tree):
    with pytest.raises(ChangeError, match=f"Cannot find '{OEM}': no waagent.conf on this host"):
        remedy.find(tree({**FLATCAR, DEFAULT: "A=1\n"}))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("A=1\n", "/var/lib/waagent/disable_agent"),
        ("Lib.Dir=/opt/w/ # ours\n", "/opt/w/disable_agent"),
        ("Lib.Dir=None\n", "/var/lib/waagent/disable_agent"),
    ],
)
def test_the_marker_lies_where_the_active_file_says(tree, text, path):
    host = tree({**unit(f"-configuration-path:{ELSEWHERE}"), ELSEWHERE: text, DEFAULT: "Lib.Dir=/x\n"})
    assert waagent_service.disable_marker(host) == path


def test_the_extension_knows_no_option(tree):
    host = tree({**unit(f"-configuration-path:{ELSEWHERE}"), ELSEWHERE: "A=1\n", DEFAULT: "B=1\n"})
    path, entries, error = waagent_conf.extension(host)
    assert (path, [entry.key for entry in entries], error) == (DEFAULT, ["B"], None)
