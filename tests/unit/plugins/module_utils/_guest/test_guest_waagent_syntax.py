# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import waagent_syntax as conf


def agent(text):
    return {key: entry.value for key, entry in conf.last(conf.agent_entries(text.encode())).items()}


def extension(text):
    return {key: entry.value for key, entry in conf.last(conf.extension_entries(text.encode())).items()}


@pytest.mark.parametrize(
    ("line", "for_agent", "for_extension"),
    [
        ("K=v", "v", "v"),
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
        ("K=None", None, None),
        ('K="None"', None, None),
        ("K=1\nK=2", "2", "2"),
        ("K=1\nK=None", None, None),
    ],
)
def test_one_line_for_both_readers(line, for_agent, for_extension):
    assert agent(line) == {"K": for_agent}
    assert extension(line) == {"K": for_extension}


def test_an_indented_comment_becomes_a_key():
    assert agent("  #A=b") == {"#A": "b"} == extension("  #A=b")
    assert agent("  # a=b") == {"# a": "b"}


@pytest.mark.parametrize("line", ["K = v", "  # a=b", "\ufeff# a = b"])
def test_the_extension_gives_up_on_a_first_word_without_equals_sign(line):
    with pytest.raises(conf.NotParsed) as raised:
        extension("A=1\n" + line)
    assert raised.value.line == 2


def test_a_line_without_equals_sign_says_nothing():
    assert agent("K\n# c=1\n\n") == {} == extension("K\n# c=1\n\n")


def test_a_byte_order_mark_spoils_the_first_key():
    assert agent("\ufeffK=v\nL=w") == {"\ufeffK": "v", "L": "w"}


def test_the_agent_ends_on_an_empty_file_and_on_bytes_that_are_no_text():
    with pytest.raises(conf.NotParsed):
        conf.agent_entries(b"")
    with pytest.raises(conf.NotParsed) as raised:
        conf.agent_entries(b"A=1\n# caf\xe9\n")
    assert raised.value.line == 2


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("Extensions.Enabled=N", "Extensions.Enabled", False),
        ("Extensions.Enabled=no", "Extensions.Enabled", True),
        ("Extensions.Enabled=", "Extensions.Enabled", True),
        ("Logs.Verbose=true", "Logs.Verbose", False),
        ("# nothing", "Extensions.Enabled", True),
        ("HttpProxy.Port=abc", "HttpProxy.Port", None),
        ("HttpProxy.Port=31 28", "HttpProxy.Port", None),
        ('HttpProxy.Port="3128"', "HttpProxy.Port", 3128),
        ("HttpProxy.Port=3128 # x", "HttpProxy.Port", 3128),
        ("HttpProxy.Host=", "HttpProxy.Host", ""),
        ("HttpProxy.Host=None", "HttpProxy.Host", None),
        ("Lib.Dir=/x", "Lib.Dir", "/x"),
        ("# nothing", "Protocol.EndpointDiscovery", "dhcp"),
    ],
)
def test_effective_values(text, key, value):
    assert conf.effective(conf.agent_entries(text.encode()), key)[0] == value
