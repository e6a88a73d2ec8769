# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's files and words as systemd reads them, its own library where it is installed."""

import ctypes
import glob

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import environment_proxy
from ansible_collections.vmbackup.azure.plugins.module_utils._change.systemd import Systemd
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import systemd_words, unit_files
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.agent import UNITS
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _environment

STRICT, RELAXED = 2 + 32, 2 + 4 + 32
ATOMS = [
    "A",
    "B",
    "=",
    "=",
    "\n",
    "\n",
    " ",
    "\t",
    "#",
    ";",
    "\\\n",
    "\\",
    "'",
    '"',
    "export ",
    "\r",
    "x",
    "http://p:1",
]
ATOMS += ["é", "%%", "%h", "\\x20", "\\x", "\\101", "\\n", "\\s", "\\u00e9", "\\377", "$", "`", "[Service]\n", "\x0b"]
ATOMS += ["\u2028"]
UNIT = "/usr/lib/systemd/system/walinuxagent.service"


class Library:
    """The functions of systemd's own library."""

    def __init__(self, path, folder):
        self._lib, self._libc, self._file = ctypes.CDLL(path), ctypes.CDLL(None), str(folder / "file").encode()
        self._lib.shell_maybe_quote.restype = ctypes.c_char_p
        self._lib.env_assignment_is_valid.restype = ctypes.c_bool
        self._libc.fopen.restype = ctypes.c_void_p

    def words(self, text, flags):
        buffer = ctypes.create_string_buffer(text.encode())
        rest, found = ctypes.cast(buffer, ctypes.c_char_p), []
        while True:
            word = ctypes.c_char_p()
            if self._lib.extract_first_word(ctypes.byref(rest), ctypes.byref(word), None, flags) <= 0:
                return found
            found.append(word.value)

    def assignments(self, words):
        valid = [word.decode() for word in words if self._lib.env_assignment_is_valid(word)]
        return [tuple(word.split("=", 1)) for word in valid]

    def file(self, text):
        with open(self._file, "wb") as handle:
            handle.write(text.encode())
        stream = ctypes.c_void_p(self._libc.fopen(self._file, b"r"))
        listed, found, number = ctypes.POINTER(ctypes.c_char_p)(), [], 0
        self._lib.load_env_file(stream, None, ctypes.byref(listed))
        self._libc.fclose(stream)
        while listed and listed[number]:
            found.append(listed[number])
            number += 1
        return dict(self.assignments(found))

    def quoted(self, text, flags):
        return self._lib.shell_maybe_quote(text.encode(), flags).decode()


@pytest.fixture
def library(tmp_path):
    paths = glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so") + glob.glob("/usr/lib/systemd/libsystemd-shared-*")
    for path in paths:
        found = Library(path, tmp_path)
        if found.words("'a b' c\\x20d", STRICT) == [b"a b", b"c d"]:
            return found
    pytest.skip("no library of systemd with these functions")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=b C=d", ["A=b", "C=d"]),
        ("A=b'c d'e", ["A=bc de"]),
        ('\'A=b c\' "D=e \\"f\\""', ["A=b c", 'D=e "f"']),
        ("A=b\\x20c\\040d\\se", ["A=b c d e"]),
        ("A=\\u00e9\\xc3\\xa9", ["A=éé"]),
        ("A=''", ["A="]),
        ("A=b\\qc D=e", ["A=b\\qc", "D=e"]),
        ("A=b 'C=d", ["A=b"]),
        ("A=b\u2028c", ["A=b\u2028c"]),
    ],
)
def test_words(text, found):
    assert systemd_words.words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http_proxy=http://u:p%%40@h:1", [("http_proxy", "http://u:p%40@h:1")]),
        ("A=b\\qc D=e", []),
        ("A=b C=\\q D=e", [("A", "b")]),
        ("1A=b A-B=c A D=", [("D", "")]),
    ],
)
def test_variables_of_a_unit(text, found):
    assert systemd_words.assignments(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=b\n# C=d\n; E=f\n\nG = h i  \n", {"A": "b", "G": "h i"}),
        ('A=\'b c\' d\nE="f \\" \\x $"\n', {"A": "b cd", "E": 'f " \\x $'}),
        ("A=b\\\n c\nD=e # f\n", {"A": "b c", "D": "e # f"}),
        ("export A=b\nC=a\\ \n", {"C": "a "}),
        ("A=b\r\nC='d\ne'\n", {"A": "b", "C": "d\ne"}),
        ("A=1\nA=2", {"A": "2"}),
    ],
)
def test_files_of_variables(text, found):
    assert {each.name: each.value for each in systemd_words.file(text)} == found


def test_lines_of_a_file_are_named():
    assert [(each.name, each.line) for each in systemd_words.file("# c\n\nA=b\\\nc\n\n B=d\n")] == [("A", 3), ("B", 6)]


@pytest.mark.oracle
def test_systemd_reads_them_so(library, oracle):
    for _number in oracle.tries(1000):
        text = oracle.text(ATOMS, most=20)
        line = text.replace("\n", " ").replace("\r", " ")
        relaxed = [word.decode("utf-8", "replace") for word in library.words(line, RELAXED)]
        assert systemd_words.words(line) == relaxed, line
        # Specifiers are another step there: these are none.
        plain = line.replace("%%", "")
        assert systemd_words.assignments(plain) == library.assignments(library.words(plain, STRICT)), line
        assert {each.name: each.value for each in systemd_words.file(text)} == library.file(text), text
        if text.strip():
            assert systemd_words.shown(library.quoted(text, 0)) == [text]
            assert systemd_words.bare(library.quoted(text, 2)) == text


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("[Service]\nA = b\n\n#C=d\n ;E=f\nG=\n", [("A", "b", 2), ("G", "", 6)]),
        ("[Service]\nA=b \\\n# c\n  d\nE=f\n", [("A", "b    d", 2), ("E", "f", 5)]),
        ("[Service]\nA=b\\\\\nC=d\\", [("A", "b\\\\", 2), ("C", "d", 3)]),
        ("[Service]\rA=b\rC=d\u2028e\x0bf\n", [("A", "b", 2), ("C", "d\u2028e\x0bf", 3)]),
        ("[Service]\nA=\ufffd\n=b\nC\n", []),
    ],
)
def test_settings_of_a_unit(text, settings):
    found = unit_files.parse(text, "f")
    assert [(each.key, each.value, each.line) for each in found] == settings
    assert all(each.section == "Service" for each in found)


def test_what_a_unit_gives_the_agent(tree):
    host = tree(
        {
            "/etc/systemd/system.conf": "[Manager]\nDefaultEnvironment=http_proxy=http://d:1 all_proxy=socks5://d:1\n",
            UNIT: "[Service]\nEnvironment=\"https_proxy=http://u:p%%40w@a:1\" no_proxy='x, y'\n"
            "EnvironmentFile=-/etc/agent env\nEnvironmentFile=/etc/agent.d/*.env\n"
            "UnsetEnvironment=all_proxy no_proxy=x\n",
            "/etc/agent env": "HTTPS_PROXY = 'http://b:1' # c\n",
            "/etc/agent.d/1.env": "http_proxy=http://c:1\n",
            "/etc/agent.d/2.conf": "http_proxy=http://no:1\n",
        }
    )
    found = _environment.values(_environment.service(host))
    assert found == {
        "http_proxy": "http://c:1",
        "https_proxy": "http://u:p%40w@a:1",
        "no_proxy": "x, y",
        "HTTPS_PROXY": "http://b:1# c",
    }


def test_what_the_manager_says_of_it(tmp_path):
    one, two = tmp_path / "one two", tmp_path / "three"
    one.write_text("A=1\nhttp_proxy=http://a:1\n")
    two.write_text("B='2'\nhttp_proxy=http://b:1\n")
    shown = (
        'Environment="C=x y" "D=\\\\ \\$ \\n" E=z\n'
        f"EnvironmentFiles={one} (ignore_errors=no)\nEnvironmentFiles={two} (ignore_errors=yes)\n"
        "UnsetEnvironment=E F=other G=same\n"
    )
    manager = "F=$'it\\'s'\nG=same\nH=plain text\n"

    def run(argv, **_options):
        return Result(0, manager if "show-environment" in argv else shown, "")

    assert environment_proxy.service_environment(Systemd(run), UNITS[0]) == {
        "A": "1",
        "B": "2",
        "C": "x y",
        "D": "\\ $ \n",
        "F": "it's",
        "H": "plain text",
        "http_proxy": "http://b:1",
    }


@pytest.mark.parametrize("value", ["http://u:p%40w@h:1", 'a"b\\c', "%h", "x y", "$a"])
def test_the_drop_in_says_what_is_wanted(value):
    text = environment_proxy.render(dict.fromkeys(environment_proxy.ALL, value)).decode()
    settings = unit_files.parse(text, "f")
    pairs = [pair for setting in settings for pair in systemd_words.assignments(setting.value)]
    assert pairs == [(name, value) for name in environment_proxy.ALL]
