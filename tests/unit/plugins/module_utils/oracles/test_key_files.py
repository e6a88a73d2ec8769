# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key files of NetworkManager, held against GLib's GKeyFile, by which NetworkManager reads them."""

import ctypes
import ctypes.util
import re

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import ini_network_edit
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused

pytestmark = pytest.mark.oracle

LINES = [
    "[connection]",
    "[ipv4]",
    "[ipv4] ",
    " [ipv4]",
    "[ ipv4]",
    "[ipv6]",
    "[IPv4]",
    "[ipv4",
    "method=manual",
    "method=auto",
    "method = manual",
    "METHOD=auto",
    "method=disabled",
    ";method=auto",
    "#method=auto",
    "method",
    "method=man\\",
    "address1=10.0.0.4/24,10.0.0.1",
    "addresses=10.0.0.4/24;",
    " address2 =10.0.0.5/24",
    "address1[x]=y",
    "address-data=1",
    "gateway=10.0.0.1",
    "route1=0.0.0.0/0,10.0.0.1",
    "route1=10.9.0.0/16,10.0.0.1",
    "route1_options=table=5",
    "dns=1.1.1.1;",
    "may-fail=false\x0b",
    "never-default=true\r",
    "id=é",
    "",
    "  ",
]
MINE = re.compile(r"(?:method|gateway|address(?:es)?\d*|route\d+)\Z")


@pytest.fixture(scope="module")
def read():
    """What GLib reads: values by group and key; None where it rejects the file."""
    name = ctypes.util.find_library("glib-2.0")
    if name is None:
        pytest.skip("GLib is missing")
    glib, pointer, texts = ctypes.CDLL(name), ctypes.c_void_p, ctypes.POINTER(ctypes.c_char_p)
    glib.g_key_file_new.restype = pointer
    glib.g_key_file_load_from_data.argtypes = [pointer, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int, pointer]
    glib.g_key_file_get_groups.argtypes, glib.g_key_file_get_groups.restype = [pointer, pointer], texts
    glib.g_key_file_get_keys.argtypes = [pointer, ctypes.c_char_p, pointer, pointer]
    glib.g_key_file_get_keys.restype = texts
    glib.g_key_file_get_value.argtypes = [pointer, ctypes.c_char_p, ctypes.c_char_p, pointer]
    glib.g_key_file_get_value.restype = ctypes.c_char_p
    glib.g_key_file_free.argtypes = [pointer]

    def listed(found):
        number = 0
        while found and found[number]:
            yield found[number]
            number += 1

    def read(text):
        file, data = glib.g_key_file_new(), text.encode()
        try:
            if not glib.g_key_file_load_from_data(file, data, len(data), 0, None):
                return None
            return {
                (group.decode(), key.decode()): glib.g_key_file_get_value(file, group, key, None).decode()
                for group in listed(glib.g_key_file_get_groups(file, None))
                for key in listed(glib.g_key_file_get_keys(file, group, None, None))
            }
        finally:
            glib.g_key_file_free(file)

    return read


def test_nothing_but_what_is_static_changes(oracle, read):
    dice = oracle.dice
    for _number in oracle.tries(500):
        lines = ["[ipv4]", *(dice.choice(LINES) for _line in range(dice.randint(1, 9)))]
        text = dice.choice(("\n", "\r\n")).join(lines) + dice.choice(("", "\n"))
        before = read(text)
        try:
            edited = ini_network_edit.keyfile(text, "eth0")
        except Refused:
            oracle.note("edits refused")
            continue
        if before is None or edited == text:
            oracle.note("files with nothing to do, or that GLib rejects")
            continue
        after = read(edited)
        assert after is not None and after.pop(("ipv4", "method")) == "auto", f"{text!r}\n{edited!r}"
        kept = {at: value for at, value in before.items() if at[0] != "ipv4" or not MINE.match(at[1])}
        assert kept.items() <= after.items(), f"{text!r}\n{edited!r}"
        assert {key for group, key in set(after) - set(kept)} <= {"route1"}, f"{text!r}\n{edited!r}"
        assert ini_network_edit.keyfile(edited, "eth0") == edited


def test_the_end_of_a_line_stays_where_the_last_one_goes(read):
    text = "[connection]\r\nid=a\r\n[ipv4]\r\nmethod=manual\r\ndns=10.0.0.2;\r\naddress1=10.0.0.4/24"
    edited = ini_network_edit.keyfile(text, "eth0")
    assert read(edited) == {("connection", "id"): "a", ("ipv4", "method"): "auto", ("ipv4", "dns"): "10.0.0.2;"}
