# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/etc/environment and vmbackup.conf: lossless, idempotent, read back by the reader that counts."""

import configparser

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import environment_proxy, vmbackup_conf
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.environment_file import EnvironmentFile
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.vmbackup_conf import VmbackupConf
from hypothesis import given
from hypothesis import strategies as st

PROXY = "http://proxy:3128"
INI_LINE = st.one_of(
    st.sampled_from(
        ["[SnapshotThread]", "[Monitor]", "[x]", "", "# c", "; c", "timeout = 60", "timeout: 61", "TIMEOUT=62"]
    ),
    st.text(alphabet="ab=:[]%;# \t", max_size=8),
)


@given(st.binary(max_size=200))
def test_environment_round_trip(data):
    assert EnvironmentFile(data).data == data


@given(st.lists(st.text(alphabet="http_proxy=#\"' \texport", max_size=20), max_size=6), st.sampled_from(["", "\n"]))
def test_environment_set_reads_back_once(lines, end):
    conf = EnvironmentFile(("\n".join(lines) + end).encode())
    conf.set("http_proxy", PROXY)
    assert conf.get("http_proxy") == PROXY
    once = conf.data
    conf.set("http_proxy", PROXY)
    assert conf.data == once
    conf.unset("http_proxy")
    assert conf.get("http_proxy") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"http_proxy=http://proxy:3128\n"),
        (b"A=1", b"A=1\nhttp_proxy=http://proxy:3128\n"),
        (b'http_proxy="http://old:1"\nA=1\n', b'http_proxy="http://proxy:3128"\nA=1\n'),
        (b"export http_proxy=http://old:1\n", b"export http_proxy=http://proxy:3128\n"),
        (b"http_proxy=a\nA=1\nhttp_proxy=b\n", b"A=1\nhttp_proxy=http://proxy:3128\n"),
        (b"#http_proxy=a\n", b"#http_proxy=a\nhttp_proxy=http://proxy:3128\n"),
    ],
)
def test_environment_writing(before, after):
    conf = EnvironmentFile(before)
    conf.set("http_proxy", PROXY)
    assert conf.data == after


@pytest.mark.parametrize(
    "url",
    [
        "proxy:3128",
        "http://proxy",
        "ftp://proxy:21",
        "http://proxy:0",
        "http://proxy:99999",
        "http://p:1/path",
        "http://p q:1",
        'http://p:1"',
    ],
)
def test_proxies_that_the_agent_would_ignore_are_refused(url):
    params = {"state": "present", "http_proxy": url, "https_proxy": None}
    with pytest.raises(ChangeError, match="Cannot set 'http_proxy'"):
        environment_proxy._urls(params)


@pytest.mark.parametrize("url", [PROXY, "http://u:p%40w@proxy.example:8080/", "http://[fd00::1]:3128"])
def test_proxies_that_it_takes(url):
    urls = environment_proxy._urls({"state": "present", "http_proxy": url, "https_proxy": None})
    assert urls == {"http_proxy": url, "https_proxy": url}


def test_the_platform_is_always_kept_out_of_the_proxy():
    wanted = environment_proxy._wanted({"http_proxy": PROXY, "https_proxy": PROXY}, ["*.internal", " a "], {})
    assert wanted["no_proxy"] == wanted["NO_PROXY"] == ".internal,a,168.63.129.16,169.254.169.254"


def test_present_exceptions_are_kept_when_none_are_given():
    wanted = environment_proxy._wanted(
        {"http_proxy": PROXY, "https_proxy": PROXY}, None, {"no_proxy": "x, 168.63.129.16"}
    )
    assert wanted["no_proxy"] == "x,168.63.129.16,169.254.169.254"


def test_the_drop_in_escapes_what_systemd_would_expand():
    wanted = environment_proxy._wanted({"http_proxy": "http://u:p%40w@h:1", "https_proxy": PROXY}, [], {})
    assert b'Environment="http_proxy=http://u:p%%40w@h:1"' in environment_proxy.render(wanted)


@given(st.lists(INI_LINE, max_size=10), st.sampled_from(["", "\n"]))
def test_a_normalised_ini_file_is_readable_and_stays(lines, end):
    conf = VmbackupConf(("\n".join(lines) + end).encode())
    readable = conf.error() is None
    before = conf.data
    conf.normalize()
    if readable:
        assert conf.data == before
    assert conf.error() is None or "%" in "".join(lines)  # a reference to nothing is for a person to decide
    once = conf.data
    conf.normalize()
    assert conf.data == once


@given(st.lists(INI_LINE, max_size=10), st.sampled_from(["60", "/mnt/a%b", "True"]))
def test_a_set_option_is_what_configparser_reads(lines, value):
    conf = VmbackupConf("\n".join(lines).encode())
    if conf.error() is not None:
        return
    others = {k: v for k, v in conf.values().items() if k != "mountstoskip"}
    conf.set("SnapshotThread", "MountsToSkip", value)
    parser = configparser.ConfigParser()
    parser.read_string(conf.data.decode())
    assert parser.get("SnapshotThread", "mountstoskip") == value
    assert {k: v for k, v in conf.values().items() if k != "mountstoskip"} == others
    once = conf.data
    conf.set("SnapshotThread", "MountsToSkip", value)
    assert conf.data == once


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("isanysnapshotfailed", False, "False"),
        ("timeout", "600", "600"),
        ("MountsToSkip", ["/a", " /b"], "/a,/b"),
        ("MountsToSkip", "/a, /b", "/a,/b"),
        ("SnapshotMethod", "onlyHost", "onlyHost"),
        ("seqsnapshot", 2, "2"),
    ],
)
def test_vmbackup_values(key, value, text):
    assert vmbackup_conf.to_text("SnapshotThread", key, value) == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fsfreeze", True),
        ("OnAppFailureDoFsFreeze", True),
        ("timeout", "soon"),
        ("timeout", 0),
        ("MountsToSkip", "/"),
        ("MountsToSkip", "data"),
        ("SnapshotMethod", "onlyhost"),
        ("Run", True),
        ("isanysnapshotfailed", "0"),
    ],
)
def test_vmbackup_values_that_are_refused(key, value):
    with pytest.raises(ChangeError, match=f"Cannot set '{key}'"):
        vmbackup_conf.to_text("SnapshotThread", key, value)


def test_a_broken_file_is_not_edited_blindly(tmp_path):
    path = tmp_path / "vmbackup.conf"
    path.write_text("timeout=1\n")
    with pytest.raises(ChangeError, match="normalize=true repairs it"):
        vmbackup_conf.plan(str(path), "SnapshotThread", {"timeout": "90"})
    step = vmbackup_conf.plan(str(path), "SnapshotThread", {"timeout": "90"}, normalize=True).steps[0]
    assert step.data == b"[SnapshotThread]\ntimeout = 90\n"


def test_taking_an_option_out_of_no_file_makes_none(tmp_path):
    assert not vmbackup_conf.plan(str(tmp_path / "none"), "SnapshotThread", {"timeout": None}).changed
