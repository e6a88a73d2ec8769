# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""waagent.conf: nothing lost, and both readers agree on what was written."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_conf, waagent_values
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.waagent_conf_edit import (
    WaagentConf,
    agent_settings,
    decode,
    extension_settings,
)
from hypothesis import given, settings
from hypothesis import strategies as st

KEYS = ["HttpProxy.Host", "Extensions.Enabled", "Lib.Dir"]
BLANKS = st.sampled_from(["", " ", "\t", "  "])
STATEMENT = st.builds(
    lambda a, key, b, c, value, tail, end: f"{a}{key}{b}={c}{value}{tail}{end}",
    BLANKS,
    st.sampled_from(KEYS + ["Other.Key", "two words", ""]),
    BLANKS,
    BLANKS,
    st.sampled_from(["v", '"v"', "'v'", "None", "", "a=b", '" v "', "y", "n", "31 28"]),
    st.sampled_from(["", " # note", "#note", " #a=b"]),
    st.sampled_from(["", "\r"]),
)
LINE = st.one_of(
    STATEMENT,
    st.builds(
        lambda blank, mark, text: blank + mark + text,
        BLANKS,
        st.just("#"),
        st.sampled_from([" a=b", "Lib.Dir=None", "x"]),
    ),
    st.text(alphabet="aé=#\"' \t\r\x0b\xa0\ufeff", max_size=12),
)
FILE = st.builds(
    lambda bom, lines, end: (bom + "\n".join(lines) + end).encode(),
    st.sampled_from(["", "\ufeff"]),
    st.lists(LINE, max_size=12),
    st.sampled_from(["", "\n"]),
)


@given(st.binary(max_size=200))
def test_reading_and_writing_loses_nothing(data):
    assert WaagentConf(data).data == data


@given(FILE, st.sampled_from(KEYS), st.sampled_from(["value", "10.0.0.4", "/x/y"]))
def test_a_set_key_is_read_alike_and_alone(data, key, value):
    conf = WaagentConf(data)
    try:
        conf.unbreak()
    except Refused:
        return
    conf.set(key, value)
    assert conf.values()[key] == value
    extension = extension_settings(conf.text)
    assert extension is not None and extension[key] == value
    again = WaagentConf(conf.data)
    again.unbreak()
    again.set(key, value)
    assert again.data == conf.data


@given(FILE, st.sampled_from(KEYS))
def test_setting_one_key_leaves_all_others(data, key):
    conf = WaagentConf(data)
    conf.set(key, "value")
    before, after = agent_settings(decode(data)), conf.values()

    def bare(name):
        return name.lstrip("\ufeff").strip()

    # Behind a byte order mark the agent misses the key; setting it mends that line.
    others = {k: v for k, v in before.items() if bare(k) != key}
    assert others == {k: v for k, v in after.items() if bare(k) != key}


@given(FILE, st.sampled_from(KEYS))
def test_an_unset_key_is_gone_for_both(data, key):
    conf = WaagentConf(data)
    conf.unset(key)
    assert key not in conf.values()
    assert key not in (extension_settings(conf.text) or {})


@settings(max_examples=500)
@given(FILE)
def test_normalised_files_are_read_alike(data):
    conf = WaagentConf(data)
    try:
        conf.normalize()
    except Refused:
        return
    agent, extension = conf.values(), extension_settings(conf.text)
    assert extension is not None
    for key, value in agent.items():
        if value is None or not ({" ", "="} & set(value) or len(value.split()) > 1):
            assert extension[key] == value
    once = conf.data
    conf.normalize()
    assert conf.data == once


@pytest.mark.parametrize(
    ("line", "agent", "extension"),
    [
        ("K=v", "v", "v"),
        ("K = v", "v", "gives up"),
        (" K=v", "v", "v"),
        ("K=v # note", "v", "v"),
        ("K=a#b", "a", "a#b"),
        ('K="v"', "v", "v"),
        ('K=" v "', "v", ""),
        ("K='v'", "'v'", "'v'"),
        ("K=v\r", "v", "v"),
        ('K="v"\r', 'v"', "v"),
        ("K=a=b", "a=b", "a"),
        ("K=", "", ""),
        ("K= v", "v", ""),
        ("K=1\nK=None", None, None),
    ],
)
def test_the_readers_are_those_of_agent_and_extension(line, agent, extension):
    assert agent_settings(line)["K"] == agent
    assert (extension_settings(line) or {"K": "gives up"})["K"] == extension


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A=1\nK=x\nB=2", "A=1\nK=v\nB=2"),
        ("#K=None\nB=2\n", "#K=None\nK=v\nB=2\n"),
        ("B=2", "B=2\nK=v\n"),
        ("B=2\r\n#K=x\r\n", "B=2\r\n#K=x\r\nK=v\n"),
        ("K=1\nB=2\nK=3\n", "B=2\nK=v\n"),
        ("K = x # why\n", "# why\nK=v\n"),
        ('K="v"\n', 'K="v"\n'),
        ("\ufeffK=x\n", "K=v\n"),
    ],
)
def test_where_a_key_is_written(before, after):
    conf = WaagentConf(before.encode())
    conf.set("K", "v")
    assert conf.text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"  # a=b\nK = v\r\n", b"# a=b\nK=v\n"),
        (b"K='10.0.0.4'\n", b"K=10.0.0.4\n"),
        (b"\xef\xbb\xbf# caf\xe9\nK=1\nK=2\n", b"# caf\xc3\xa9\nK=2\n"),
        (b"export K=v\n", b"# export K=v\n"),
        (b"Extensions.Enabled=no\n", b"Extensions.Enabled=no\n"),
        (b"Lib.Dir=/x # a\rb c=d\n", b"# a b c=d\nLib.Dir=/x\n"),
    ],
)
def test_what_normalising_does(before, after):
    conf = WaagentConf(before)
    conf.normalize()
    assert conf.data == after


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("Extensions.Enabled", True, "y"),
        ("Extensions.Enabled", "No", "n"),
        ("HttpProxy.Port", "03128", "3128"),
        ("HttpProxy.Host", "proxy.example.com", "proxy.example.com"),
        ("HttpProxy.Host", "fd00::1", "fd00::1"),
        ("HttpProxy.Port", "None", "None"),
        ("Provisioning.Agent", "auto", "auto"),
        ("OS.OpensslPath", "None", "None"),
    ],
)
def test_values_by_type(key, value, text):
    assert waagent_values.to_text(key, value) == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Extensions.Enabled", "maybe"),
        ("Extensions.Enabled", "None"),
        ("HttpProxy.Port", "0"),
        ("HttpProxy.Port", "65536"),
        ("HttpProxy.Port", "31 28"),
        ("HttpProxy.Host", "http://h"),
        ("HttpProxy.Host", "h:1"),
        ("HttpProxy.Host", "a b"),
        ("Lib.Dir", "relative"),
        ("Provisioning.Agent", "cloudinit"),
        ("AutoUpdate.GAFamily", "a#b"),
        ("AutoUpdate.GAFamily", ""),
        ("AutoUpdate.GAFamily", "a\nExtensions.Enabled=n"),
    ],
)
def test_values_that_are_refused(key, value):
    with pytest.raises(ChangeError, match=f"Cannot set '{key}'"):
        waagent_values.to_text(key, value)


def test_a_refused_host_is_not_repeated():
    with pytest.raises(ChangeError) as caught:
        waagent_values.to_text("HttpProxy.Host", "user:geheim@proxy")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("key", ["Extensions.Enable", "extensions.enabled", "HttpProxy.Hots"])
def test_a_near_miss_is_named(key):
    with pytest.raises(ChangeError, match="did you mean"):
        waagent_values.check_key(key, force=False)
    waagent_values.check_key(key, force=True)


PROXY = {"HttpProxy.Host": None, "HttpProxy.Port": None}
ABSENT = dict.fromkeys(waagent_conf.OPTIONS) | {"settings": PROXY, "state": "absent", "normalize": False}
BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        b"HttpProxy.Host=h\nHttpProxy.Port=1\n",
        b"HttpProxy.Host=h",
        b"HttpProxy.Host=h\r\n\r\n",
        b"\n \t\nHttpProxy.Port=1\nHttpProxy.Port=2\n\n",
        BOM + b"HttpProxy.Host=h\n",
        BOM + b"\nHttpProxy.Host=h",
        b"\x0b\x0c HttpProxy.Port = 1",
    ],
)
def test_what_is_left_of_a_file_of_proxy_lines_is_one_that_the_agent_starts_with(tmp_path, content, normalize):
    path, store = tmp_path / "waagent.conf", str(tmp_path / "journal")
    path.write_bytes(content)
    wanted = {**ABSENT, "path": str(path), "normalize": normalize, "force": False}

    def work(check=False, **changed):
        return waagent_conf.work({**wanted, **changed}, transaction.Context("waagent_conf", check, None, store))

    assert work(check=True)["changed"] and path.read_bytes() == content
    assert set(work()["after"].values()) == {None}
    left = path.read_bytes()
    assert any(line.startswith(b"#") for line in left.splitlines())
    assert agent_settings(decode(left)) == extension_settings(decode(left)) == {}
    assert not work()["changed"]
    assert work(settings={"Extensions.Enabled": True}, state="present")["after"] == {"Extensions.Enabled": "y"}
    assert b"#" in path.read_bytes()
    for _each in range(2):
        restore.work({"run_id": "latest"}, transaction.Context("journal_restore", False, None, store))
    assert path.read_bytes() == content


@given(
    st.lists(st.sampled_from(["HttpProxy.Host=h", " HttpProxy.Port = 1 # x", "", " ", "\t\r", "\ufeff"])), st.booleans()
)
@settings(max_examples=200)
def test_no_edit_empties_a_file(tmp_path_factory, lines, normalize):
    path = tmp_path_factory.getbasetemp() / "never-empty.conf"
    path.write_bytes("\n".join(lines).encode())
    try:
        plan = waagent_conf.plan(str(path), PROXY, normalize)
    except ChangeError as error:
        assert "it is empty" in str(error)
        return
    path.write_bytes(plan.steps[0].data)
    waagent_conf.plan(str(path), PROXY, normalize)


@pytest.mark.parametrize("content", [None, b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_a_missing_or_empty_file_is_not_made_up(tmp_path, content):
    path = tmp_path / "waagent.conf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ChangeError, match="restore the package's default"):
        waagent_conf.plan(str(path), {"Extensions.Enabled": "y"})


def test_setting_the_proxy_mends_the_lines_that_hide_it_from_the_extension(tmp_path):
    path = tmp_path / "waagent.conf"
    path.write_bytes(b"A = 1\nB= 2\n")
    step = waagent_conf.plan(str(path), {"HttpProxy.Host": "h"}).steps[0]
    assert step.data == b"A=1\nB= 2\nHttpProxy.Host=h\n"


def edited(tmp_path, text, wanted, normalize=False):
    path = tmp_path / "waagent.conf"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return waagent_conf.plan(str(path), wanted, normalize).steps


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# set by hand\rExtensions.Enabled = n\n", "# set by hand Extensions.Enabled = n"),
        ("  # a\rLib.Dir = /x\n", "# a Lib.Dir = /x"),
        ('Lib.Dir ="/x"\t\n', 'Lib.Dir="/x"\t'),
        ('Lib.Dir = "/x"\r\n', 'Lib.Dir= "/x"\r'),
        ("Lib.Dir\u00a0=\u2028/x\u0085\n", "Lib.Dir=/x"),
        ("Lib.Dir = /x # a\rExtensions.Enabled = n\n", "# a Extensions.Enabled = n\nLib.Dir=/x"),
    ],
)
def test_setting_the_proxy_changes_no_other_key(tmp_path, text, line):
    (step,) = edited(tmp_path, text, {"HttpProxy.Host": "h"})
    assert step.data.decode() == line + "\nHttpProxy.Host=h\n"
    before, after = agent_settings(text), agent_settings(step.data.decode())
    assert after.pop("HttpProxy.Host") == "h" == extension_settings(step.data.decode())["HttpProxy.Host"]
    assert {key: before.get(key) for key in after} == after


@pytest.mark.parametrize(
    ("text", "wanted", "normalize"),
    [
        ("Lib.Dir = /x\rExtensions.Enabled = n\n", {"HttpProxy.Host": "h"}, False),
        ("# c\rHttpProxy.Host=x\n", {"HttpProxy.Host": None}, False),
        ("Lib.Dir=/x\rExtensions.Enabled=n\n", {}, True),
        (b"# caf\xe9\n", {"Lib.Dir": "/x"}, False),
    ],
)
def test_what_no_reader_would_take_as_wanted_is_refused(tmp_path, text, wanted, normalize):
    with pytest.raises(ChangeError, match="Cannot edit '.*waagent.conf': "):
        edited(tmp_path, text, wanted, normalize)


def test_a_comment_behind_a_carriage_return_stays_one(tmp_path):
    (step,) = edited(tmp_path, "# c\rExtensions.Enabled=n\r\n", {}, normalize=True)
    assert step.data == b"# c Extensions.Enabled=n\n"
