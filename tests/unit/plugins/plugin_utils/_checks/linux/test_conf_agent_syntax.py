# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, probed
from support import advice_of, fix_of, guest, verdict

ID = "conf_agent_syntax"


def judged(tmp_path, text, version="2.9.1.1"):
    agent = {"version": {"value": version, "read_from": "x"}}
    return verdict(ID, guest(**probed(tmp_path, {CONF: text}), agent=agent))


@pytest.mark.parametrize(
    "text",
    [
        "Extensions.Enabled=y\nAutoUpdate.Enabled=n\n",
        "Extensions.Enabled=no\n",
        "Extensions.Enable=y\n",
        "OS.OpensslPath=None   # the system's\n",
        "ResourceDisk.MountOptions=compress=lzo\n",
        "Extensions.Enabled=y\r\n",
        "Extensions.Enabled=y\nExtensions.Enabled=y\n",
        "Extensions.Enabled=n\nExtensions.Enabled=y\n",
        "\ufeff# comment\nExtensions.Enabled=y\n",
        "Debug.Whatever=y\nMy.Own.Key=y\n",
        " Logs.Verbose = n\n",
    ],
)
def test_harmless_lines(tmp_path, text):
    assert judged(tmp_path, text).status == "ok"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lib.Dir=/opt/waagent\nLib.Dir=/var/lib/waagent\n", "more than once"),
        ("HttpProxy.Host='p'\n", "keeps its quotation marks"),
        ('HttpProxy.Host="p"\r\n', "carriage return"),
        ("HttpProxy.Port=abc\n", "is not a number"),
        ("HttpProxy.host=p\n", "HttpProxy.Host is meant"),
        ("HttpProxyHost=p\n", "HttpProxy.Host is meant"),
        ("\ufeffLib.Dir=/opt/waagent\n", "Lib.Dir is not a key"),
    ],
)
def test_lines_that_are_misread(tmp_path, text, words):
    found = judged(tmp_path, text)
    assert found.status == "warn" and words in found.why


@pytest.mark.parametrize(
    ("version", "line", "status"),
    [
        ("2.2.13", "OS.OpensslPath=None   # the system's\n", "fail"),
        ("2.2.14", "ResourceDisk.Format=y #added\n", "warn"),
        ("2.2.19", "OS.OpensslPath=None   # the system's\n", "ok"),
        ("2.2.11", "OS.OpensslPath=None   # the system's\n", "ok"),
    ],
)
def test_comments_behind_values_and_the_agents_of_2017(tmp_path, version, line, status):
    """WALinuxAgent issue 763."""
    assert judged(tmp_path, line, version).status == status


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "HttpProxy.Host=a\nHttpProxy.Host=b\n",
        "HttpProxy.Host='p'\n",
        'HttpProxy.Host="p"\r\n',
        "HttpProxy.Host='p'\nOS.OpensslPath='x'\n",
    ],
)
def test_what_a_line_means_is_certain(tmp_path, text):
    assert fix_of(judged(tmp_path, text)) == ("waagent_conf", {"normalize": True})


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# x\nHttpProxy.Hots=p\n", "line 2"),
        ("HttpProxy.Port=abc\n", "line 1"),
        ("HttpProxy.Host='p'\nHttpProxy.Port=abc\n", "line 2"),
        ("HttpProxy.Port=abc\nHttpProxyHost=p\n", "lines 1, 2"),
    ],
)
def test_what_a_line_means_is_unclear(tmp_path, text, lines):
    assert f"{lines} of {CONF}" in advice_of(judged(tmp_path, text))


def test_comments_that_old_agents_keep_are_taken_away(tmp_path):
    found = judged(tmp_path, "OS.OpensslPath=None   # the system's\n", "2.2.13")
    assert fix_of(found) == ("waagent_conf", {"normalize": True})
