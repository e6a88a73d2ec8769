# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/etc/environment: read as pam_env reads it, the module itself where it is installed; edits change one name only."""

import ctypes
import ctypes.util

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.environment_file import PATH
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.environment_file_edit import EnvironmentFile
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _environment
from hypothesis import given
from hypothesis import strategies as st

PROXY = "http://proxy:3128"
ATOMS = ["http_proxy", "FOO", "=", "=", "\n", "\n", "\n", " ", "\t", "#", "\\\n", "\\", "'", '"', "export ", "export\t"]
ATOMS += ["\r\n", "\r", "x", "http://p:1", "é", "\udcff", "-", "\x0b", "\u2028"]
READ = [
    ("a=b#c\n", {"a": "b"}),
    ("A='a' # c\n", {"A": "a' "}),
    ("A='a'\n", {"A": "a"}),
    ("A='a\"\n", {"A": "a"}),
    ("A='it's'\n", {"A": "it's"}),
    ("A='\nB=\"\n", {"A": "", "B": ""}),
    ("A=a\r\n", {"A": "a\r"}),
    ("A=a \n", {"A": "a "}),
    (" \texport A=a\n", {"A": "a"}),
    ("export  A=a\nexport\tB=b\n", {}),
    ("A =a\nA-B=c\n=d\n", {}),
    ("A=a\\\n  b\n", {"A": "a  b"}),
    ("A=a\\\n# c\n\nB=b\n", {"A": "aB=b"}),
    ("A=a\\\nb # c\nB=b\n", {"A": "ab ", "B": "b"}),
    ("A=a\nB=b\\", {"A": "a"}),
    ("A=a\nA\nB=b", {"B": "b"}),
    ("A=a\nA=\n", {"A": ""}),
    ("A=a\nB=\0b\nC=c\n", {"A": "a"}),
    ("A=a\nB=" + "b" * 8192 + "\nC=c\n", {"A": "a"}),
    ("A=é\nÉ=1\n", {"A": "é"}),
]


class PamEnv:
    """pam_env of this machine, asked through libpam."""

    def __init__(self, folder):
        self._lib = ctypes.CDLL("libpam.so.0")
        self._lib.pam_getenvlist.restype = ctypes.POINTER(ctypes.c_char_p)
        self._conversation = (ctypes.c_void_p * 2)(
            ctypes.cast(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 19), ctypes.c_void_p), None
        )
        self._file, self._services = folder / "environment", folder / "services"
        self._services.mkdir()
        line = f"session required pam_env.so conffile=/dev/null user_readenv=0 envfile={self._file}\n"
        (self._services / "probe").write_text(line)

    def read(self, data):
        self._file.write_bytes(data)
        handle = ctypes.c_void_p()
        services = str(self._services).encode()
        started = self._lib.pam_start_confdir(b"probe", b"root", self._conversation, services, ctypes.byref(handle))
        assert started == 0
        self._lib.pam_open_session(handle, 0x8000)
        listed, found, number = self._lib.pam_getenvlist(handle), {}, 0
        while listed[number]:
            name, _mark, value = listed[number].decode("utf-8", "surrogateescape").partition("=")
            found[name] = value
            number += 1
        self._lib.pam_end(handle, 0)
        return found


@pytest.fixture
def pam_env(tmp_path):
    library = ctypes.util.find_library("pam")
    if library is None or not hasattr(ctypes.CDLL(library), "pam_start_confdir"):
        pytest.skip("no libpam that reads a service from a folder")
    reader = PamEnv(tmp_path)
    if reader.read(b"A=a\n") != {"A": "a"}:
        pytest.skip("no pam_env")
    return reader


@pytest.mark.parametrize(("text", "values"), READ)
def test_reading(text, values):
    assert EnvironmentFile(text.encode()).values() == values


@pytest.mark.parametrize(("text", "values"), READ)
def test_that_is_how_pam_env_reads(pam_env, text, values):
    assert pam_env.read(text.encode()) == values


@pytest.mark.oracle
def test_pam_env_sees_what_is_meant(pam_env, oracle):
    for _number in oracle.tries(400):
        text = oracle.text(ATOMS)
        data = text.encode("utf-8", "surrogateescape")
        before = pam_env.read(data)
        conf = EnvironmentFile(data)
        assert conf.values() == before, data
        conf.set("http_proxy", PROXY)
        assert pam_env.read(conf.data) == {**before, "http_proxy": PROXY}, data
        conf = EnvironmentFile(data)
        conf.unset("http_proxy")
        before.pop("http_proxy", None)
        assert pam_env.read(conf.data) == before, data


@given(st.lists(st.sampled_from(ATOMS), max_size=25), st.sampled_from(["http_proxy", "FOO"]))
def test_an_edit_changes_one_name(atoms, name):
    data = "".join(atoms).encode("utf-8", "surrogateescape")
    conf = EnvironmentFile(data)
    before = conf.values()
    conf.set(name, PROXY)
    assert conf.values() == {**before, name: PROXY}
    conf.unset(name)
    before.pop(name, None)
    assert conf.values() == before


@pytest.mark.parametrize("value", ["a#b", "a\nb", "'a", "a\\"])
def test_a_value_that_cannot_be_written_is_refused(value):
    conf = EnvironmentFile(b"A=1\n")
    with pytest.raises(Refused):
        conf.set("B", value)
    assert conf.data == b"A=1\n"


def test_the_probe_names_the_line():
    text = "# c\nA=1\nhttp_proxy=a\\\nb\nHTTPS_PROXY=c\nexport\tno_proxy=d\nHTTPS_PROXY\n"
    (found,) = _environment.login(text)
    assert (found.name, found.value, found.read_from) == ("http_proxy", "ab", f"{PATH}:3")


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
        (b"http_proxy=a # old\nA=1\n", b"# old\nhttp_proxy=http://proxy:3128\nA=1\n"),
        (b"http_proxy=a\r\nA=1\r\n", b"http_proxy=http://proxy:3128\nA=1\r\n"),
        # Not seen by pam_env, and therefore not what is edited.
        (b"export  http_proxy=a\n", b"export  http_proxy=a\nhttp_proxy=http://proxy:3128\n"),
        (b"export\thttp_proxy=a\n", b"export\thttp_proxy=a\nhttp_proxy=http://proxy:3128\n"),
        (b"http_proxy =a\n", b"http_proxy =a\nhttp_proxy=http://proxy:3128\n"),
        # A statement that goes on would swallow what is written behind it.
        (b"FOO=x\\\n", b"http_proxy=http://proxy:3128\nFOO=x\\\n"),
        (b"FOO=x\\\n# c\n\n", b"http_proxy=http://proxy:3128\nFOO=x\\\n# c\n\n"),
        (b"http_proxy=a\\\n# c\nb\nA=1\n", b"# c\nhttp_proxy=http://proxy:3128\nA=1\n"),
        # What stands alone takes a variable away.
        (b"http_proxy=a\nhttp_proxy\n", b"http_proxy=http://proxy:3128\n"),
        (b"A=" + b"x" * 8192 + b"\n", b"http_proxy=http://proxy:3128\nA=" + b"x" * 8192 + b"\n"),
    ],
)
def test_environment_writing(before, after):
    conf = EnvironmentFile(before)
    conf.set("http_proxy", PROXY)
    assert conf.data == after
