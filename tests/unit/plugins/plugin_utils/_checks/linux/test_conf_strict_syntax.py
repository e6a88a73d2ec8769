# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, UNIT, probed
from support import advice_of, fix_of, guest, verdict

ID = "conf_strict_syntax"
PROXY = "HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n"


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        (PROXY, "ok", ""),
        ("HttpProxy.Host = 10.0.0.5\nHttpProxy.Port=3128\n", "warn", "does not see the proxy"),
        (PROXY + "  # a = b\n", "warn", "does not see the proxy"),
        ("Logs.Verbose = n\n", "ok", "nothing is lost"),
        ("  # a = b\nHttpProxy.Host=None\n", "ok", "nothing is lost"),
        ("HttpProxy.Host= 10.0.0.5\nHttpProxy.Port=3128\n", "warn", "reads another HttpProxy.Host"),
        ("ResourceDisk.MountOptions=compress=lzo\n", "ok", ""),
        (PROXY.replace("\n", "\r\n"), "ok", ""),
    ],
)
def test_the_extensions_reading(tmp_path, text, status, words):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: text})))
    assert found.status == status and words in found.why
    assert fix_of(found) == (("waagent_conf", {"normalize": True}) if status == "warn" else None)


def test_evidence_names_the_line(tmp_path):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: "# x\nA = b\n"})))
    assert found.evidence[0].source == "/etc/waagent.conf:2"


@pytest.mark.parametrize(("text", "status"), [(PROXY, "warn"), ("A=b\n", "ok")])
def test_a_file_of_another_path(tmp_path, text, status):
    unit = "[Service]\nExecStart=/usr/sbin/waagent -daemon -configuration-path:/opt/w.conf\n"
    found = verdict(ID, guest(**probed(tmp_path, {UNIT: unit, "/opt/w.conf": text})))
    assert found.status == status
    assert fix_of(found) is None if status == "ok" else "ln -s /opt/w.conf /etc/waagent.conf" in advice_of(found)


def test_a_file_that_nobody_can_read(tmp_path):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: ""}))).status == "not_applicable"
    assert verdict(ID, guest()).status == "unknown"
