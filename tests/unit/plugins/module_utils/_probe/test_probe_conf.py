# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import conf

UNIT = "/usr/lib/systemd/system/walinuxagent.service"


def kinds(facts):
    return [(remark["kind"], remark["key"], remark["line"]) for remark in facts["remarks"]]


def test_settings_carry_value_text_and_line(tree, section):
    facts = section(conf, tree({"/etc/waagent.conf": "# x\nExtensions.Enabled=N\nHttpProxy.Host=u:secret@p\n"}))
    assert facts["kind"] == "file" and facts["path_from"] == "default" and facts["agent_error"] is None
    assert facts["settings"]["Extensions.Enabled"] == {"value": False, "text": "N", "line": 2}
    assert facts["settings"]["HttpProxy.Host"]["value"] == "***@p"
    assert facts["settings"]["Lib.Dir"] == {"value": "/var/lib/waagent", "text": None, "line": None}
    assert "secret" not in repr(facts)


def test_the_unit_can_name_another_file(tree, section):
    facts = section(
        conf,
        tree(
            {
                UNIT: "[Service]\nExecStart=/usr/bin/python3 /usr/sbin/waagent -daemon\n",
                "/etc/systemd/system/walinuxagent.service.d/x.conf": "[Service]\nExecStart=\n"
                "ExecStart=/usr/sbin/waagent -daemon -configuration-path:/opt/w.conf\n",
                "/opt/w.conf": "HttpProxy.Host=p\n",
                "/etc/waagent.conf": "HttpProxy.Host=q\n",
            }
        ),
    )
    assert facts["path"] == "/opt/w.conf"
    assert facts["path_from"] == "/etc/systemd/system/walinuxagent.service.d/x.conf:3: ExecStart"
    assert facts["settings"]["HttpProxy.Host"]["value"] == "p"
    assert facts["extension"]["path"] == "/etc/waagent.conf" and facts["extension"]["proxy_host"] == "q"


@pytest.mark.parametrize(
    ("release", "path"),
    [("ID=flatcar\n", "/usr/share/oem/waagent.conf"), ("ID=ubuntu\n", "/etc/waagent.conf")],
)
def test_the_path_depends_on_the_distribution(tree, section, release, path):
    facts = section(conf, tree({"/etc/os-release": release, path: "A=b\n"}))
    assert (facts["path"], facts["kind"], facts["extension"]["path"]) == (path, "file", path)


def test_missing_empty_and_binary_files(tree, section):
    facts = section(conf, tree({"/usr/bin/env": ""}))
    assert facts["kind"] == "missing" and "settings" in facts.missing
    facts = section(conf, tree({"/etc/waagent.conf": ""}))
    assert facts["agent_error"] == {"reason": "the file is empty", "line": None}
    facts = section(conf, tree({"/etc/waagent.conf": b"A=1\n\xff\xfe\x00\n"}))
    assert facts["agent_error"]["line"] == 2 and facts["extension"]["error"]["line"] == 2
    assert "settings" not in facts


def test_a_part_of_a_system_may_lack_the_file(tree, section):
    with pytest.raises(_probe.Missing, match="does not contain the system's programs"):
        section(conf, tree({"/etc/os-release": "ID=debian\n"}))


def test_no_regular_file(tree, section, tmp_path):
    host = tree({"/etc/hostname": "h\n"})
    os.mkfifo(tmp_path / "etc/waagent.conf")
    assert section(conf, host)["kind"] == "fifo"
    os.unlink(tmp_path / "etc/waagent.conf")
    os.symlink("/nowhere", tmp_path / "etc/waagent.conf")
    assert section(conf, tree({}))["kind"] == "dangling link"


def test_remarks_name_kind_key_and_line(tree, section):
    text = (
        "\ufeffProvisioning.Agent=auto\n"
        "OS.OpensslPath=None   # system's\n"
        " Logs.Verbose = true\n"
        "Extensions.Enable=n\n"
        "HttpProxy.Port=abc\n"
        "HttpProxy.Host='p'\n"
        'Lib.Dir="/x"\r\n'
        "Extensions.Enabled=y\n"
        "  # a = b\n"
        "Extensions.Enabled=n\n"
        "ResourceDisk.MountOptions=compress=lzo\n"
        "Debug.Whatever=y\n"
    )
    facts = section(conf, tree({"/etc/waagent.conf": text}))
    assert kinds(facts) == [
        ("byte_order_mark", None, 1),
        ("unknown_key", "\ufeffProvisioning.Agent", 1),
        ("inline_comment", "OS.OpensslPath", 2),
        ("blanks_around_equals", "Logs.Verbose", 3),
        ("indented", "Logs.Verbose", 3),
        ("not_y_or_n", "Logs.Verbose", 3),
        ("unknown_key", "Extensions.Enable", 4),
        ("not_an_integer", "HttpProxy.Port", 5),
        ("quotes_kept", "HttpProxy.Host", 6),
        ("quote_before_carriage_return", "Lib.Dir", 7),
        ("indented_comment", "# a", 9),
        ("duplicate", "Extensions.Enabled", 10),
        ("equals_in_value", "ResourceDisk.MountOptions", 11),
    ]
    assert facts["extension"]["error"]["line"] == 3


def test_ordinary_files_get_no_remark(tree, section):
    facts = section(conf, tree({"/etc/waagent.conf": "# a = b\nExtensions.Enabled=y\nAutoUpdate.Enabled=n\n\n"}))
    assert facts["remarks"] == [] and facts["extension"]["error"] is None
