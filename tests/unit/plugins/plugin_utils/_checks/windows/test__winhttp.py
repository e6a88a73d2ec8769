# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The binary proxy settings of Windows: both forms, what other tools write, damaged and hostile bytes."""

import random

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import _proxy_text, _winhttp
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows._winhttp import Settings

PROXY = bytes.fromhex(
    "1800000000000000030000000D00000031302E302E302E343A333132381D000000"
    "3136382E36332E3132392E31363B3136392E3235342E3136392E323534"
)
DIRECT = bytes.fromhex("1800000000000000010000000000000000000000")


def test_a_set_proxy():
    found = _winhttp.decode(PROXY)
    assert (found.proxy, found.bypass) == ("10.0.0.4:3128", "168.63.129.16;169.254.169.254")
    assert found.active and not found.problem
    assert _winhttp.encode(found) == PROXY


def test_direct_access():
    assert _winhttp.decode(DIRECT) == Settings()
    assert _winhttp.encode(Settings()) == DIRECT


@pytest.mark.parametrize("tail", [b"", bytes(16), b"\xff" * 40])
def test_the_newer_form_and_what_follows_it(tail):
    found = _winhttp.decode(b"\x28" + PROXY[1:] + tail)
    assert (found.header, found.proxy, found.problem) == (0x28, "10.0.0.4:3128", "")


@pytest.mark.parametrize("length", range(len(PROXY)))
def test_every_truncation(length):
    found = _winhttp.decode(PROXY[:length])
    assert found.problem
    # The proxy counts where all of it is there: what is cut off behind it is the bypass list.
    assert found.active == (length >= 16 + 13)


@pytest.mark.parametrize(
    "blob",
    [
        b"\x18" + bytes(7) + b"\x03" + bytes(3) + b"\xff\xff\xff\xff" + bytes(20),
        b"\x18" + bytes(7) + b"\x03" + bytes(3) + b"\x00\x00\x00\x80" + bytes(20),
    ],
)
def test_lengths_that_lie(blob):
    assert not _winhttp.decode(blob).active


def test_a_form_of_the_future_is_read_and_named():
    found = _winhttp.decode(b"\x30" + PROXY[1:])
    assert (found.proxy, found.problem) == ("10.0.0.4:3128", "unknown form 0x30")


def test_flags_decide_not_the_text():
    assert not _winhttp.decode(PROXY[:8] + b"\x01" + PROXY[9:]).active
    assert not _winhttp.decode(PROXY[:8] + b"\x08" + PROXY[9:]).active


def test_wininet():
    settings = Settings("p:8080", "<local>", "http://pac/x", flags=7, header=_winhttp.WININET, counter=9)
    found = _winhttp.decode_wininet(_winhttp.encode(settings))
    assert found == settings
    # As Windows writes it for no proxy: 0x46, then zeroes to 56 bytes.
    empty = bytes.fromhex("460000000200000009000000") + bytes(44)
    assert _winhttp.decode_wininet(empty) == Settings(flags=9, header=0x46, counter=2)


def test_text_that_cannot_be_encoded():
    with pytest.raises(ValueError, match="Cannot encode 'p\u20ac:1'"):
        _winhttp.encode(Settings("p\u20ac:1"))


@pytest.mark.parametrize(
    ("text", "scheme", "found"),
    [
        ("10.0.0.4:3128", None, [("10.0.0.4", 3128)]),
        ("proxy.corp", None, [("proxy.corp", 80)]),
        ("http://10.0.0.4:3128", None, [("10.0.0.4", 3128)]),
        ("http://10.0.0.4:3128/", None, [("10.0.0.4", 3128)]),
        ("http=a:1;https=b:2", "https", [("b", 2)]),
        ("http=a:1;https=b:2", None, [("a", 1), ("b", 2)]),
        ("a:1;a:1 b:2", "http", [("a", 1), ("b", 2)]),
        ("user:secret@a:1", None, [("a", 1)]),
        ("[fe80::1]:3128", None, [("fe80::1", 3128)]),
        ("a:99999", None, []),
        ("a:0", None, []),
        (";;= :", None, []),
        ("", None, []),
    ],
)
def test_servers(text, scheme, found):
    assert _proxy_text.servers(text, scheme) == found


@pytest.mark.parametrize(
    ("bypass", "host", "goes_direct"),
    [
        ("168.63.129.16", "168.63.129.16", True),
        ("169.254.169.254;168.63.129.16", "168.63.129.16", True),
        ("169.254.169.254 168.63.129.16", "168.63.129.16", True),
        ("168.63.*", "168.63.129.16", True),
        ("*", "168.63.129.16", True),
        ("168.63.129.0/24", "168.63.129.16", True),
        ("http://168.63.129.16", "168.63.129.16", True),
        ("168.63.129.16:80", "168.63.129.16", True),
        ("168.63.129.1", "168.63.129.16", False),
        ("169.254.169.254,168.63.129.16", "168.63.129.16", False),
        ("<local>", "168.63.129.16", False),
        ("<local>", "server", True),
        ("*.windows.net", "x.blob.core.windows.net", True),
        ("[", "168.63.129.16", False),
        ("", "168.63.129.16", False),
    ],
)
def test_bypass_lists(bypass, host, goes_direct):
    assert _proxy_text.bypasses(bypass, host) is goes_direct
    assert Settings("p:1", bypass, flags=3).bypasses(host) is goes_direct


def test_without_a_proxy_everything_goes_direct():
    assert Settings().bypasses("168.63.129.16")


def test_what_is_encoded_decodes_to_itself():
    dice = random.Random(1)
    for _round in range(2000):
        header = dice.choice([_winhttp.WINHTTP_CLASSIC, _winhttp.WINHTTP_NEWER, _winhttp.WININET])
        texts = ["".join(chr(dice.randint(1, 255)) for _letter in range(dice.randint(0, 40))) for _text in range(3)]
        settings = Settings(
            texts[0],
            texts[1],
            texts[2] if header == _winhttp.WININET else "",
            flags=dice.randint(0, 15),
            header=header,
            counter=dice.randint(0, 2**32 - 1),
        )
        decode = _winhttp.decode_wininet if header == _winhttp.WININET else _winhttp.decode
        assert decode(_winhttp.encode(settings)) == settings


def test_a_hundred_thousand_blobs():
    """Random bytes and valid blobs with bytes changed, cut and added: never an exception, never more than is there."""
    dice = random.Random(2)
    valid = [PROXY, DIRECT, _winhttp.encode(Settings("p:1", "<local>", "http://x", flags=7, header=_winhttp.WININET))]
    for number in range(100_000):
        if number % 4 == 0:
            blob = dice.randbytes(dice.randint(0, 80))
        else:
            changed = bytearray(dice.choice(valid))
            for _change in range(dice.randint(1, 4)):
                changed[dice.randrange(len(changed))] = dice.choice((0, 1, 0x18, 0x7F, 0x80, 0xFF, dice.randrange(256)))
            blob = bytes(changed[: dice.randint(0, len(changed))]) if number % 3 else bytes(changed)
        for decode in (_winhttp.decode, _winhttp.decode_wininet):
            found = decode(blob)
            assert len(found.proxy) + len(found.bypass) + len(found.script) <= len(blob)
            if number % 50 == 0:
                found.servers("https")
                found.bypasses("168.63.129.16")
