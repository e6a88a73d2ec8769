# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for ConfigParser: read as that reads them, edited without loss, and readable once they are normalised."""

import configparser
import json
import subprocess

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.ini import Ini
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.ini_edit import EditedIni
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _vmbackup_conf
from hypothesis import given
from hypothesis import strategies as st
from oracles import python2

MAIN = "SnapshotThread"
ATOMS = [
    "[SnapshotThread]",
    "[Monitor]",
    "[DEFAULT]",
    "[x]",
    "timeout",
    "WriteLog",
    "=",
    ":",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
]
ATOMS += [
    "\n",
    "\r",
    "\r\n",
    "#",
    ";",
    "1",
    "%",
    "%%",
    "%(timeout)s",
    "%(x)s",
    "(",
    ")",
    "[",
    "é",
    "\udcff",
    "\ufeff",
    "\x0b",
]
ATOMS += ["\u2028", "\x1c", "\0", "/b,", "timeout = 5\n", "  /b\n", "  [Monitor]\n", " WriteLog=1\n", "# c\n"]
SEEDS = ["[SnapshotThread]\ntimeout = 60\nWriteLog: True\n# why\nMountsToSkip = /a,\n  /b\n\n[Monitor]\nRun = True\n"]
FILES = st.tuples(st.sampled_from(["", "[SnapshotThread]\n"]), st.lists(st.sampled_from(ATOMS), max_size=15))


def text_of(parts):
    return parts[0] + "".join(parts[1])


class ConfigParser:
    """The reader that counts, asked as the extension asks it."""

    def __init__(self, folder):
        self._path = folder / "file"

    def read(self, data):
        """``(whether it can be read, {section: {option: value}})``: options whose value raises are left out."""
        self._path.write_bytes(data)
        parser = configparser.ConfigParser()
        try:
            parser.read(self._path, encoding="utf-8")
        except (configparser.Error, UnicodeError):
            return False, {}
        return True, {name: dict(self._options(parser, name)) for name in parser.sections()}

    def _options(self, parser, section):
        for option in parser.options(section):
            try:
                yield option, parser.get(section, option)
            except configparser.Error:
                continue


class OldConfigParser:
    """That of Python 2.7, which the extension runs with on guests that have no other."""

    PROGRAM = """
import ConfigParser, json, sys
def options(parser, section):
    for option in parser.options(section):
        try:
            yield option.decode("latin-1"), parser.get(section, option).decode("latin-1")
        except Exception:
            continue
while sys.stdin.readline():
    parser = ConfigParser.ConfigParser()
    try:
        parser.read(sys.argv[1])
        found = dict((name.decode("latin-1"), dict(options(parser, name))) for name in parser.sections())
    except ConfigParser.Error:
        found = None
    print(json.dumps(found))
    sys.stdout.flush()
"""

    def __init__(self, program, folder):
        self._path = folder / "file"
        command = [program, "-c", self.PROGRAM, self._path]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, data):
        """``{section: {option: value}}``, bytes as characters; None where it cannot be read."""
        self._path.write_bytes(data)
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@pytest.fixture
def old_library(tmp_path):
    program = python2()
    if program is None:
        pytest.skip("Python 2.7 is missing")
    made = OldConfigParser(program, tmp_path)
    yield made
    made.close()


@pytest.fixture
def library(tmp_path):
    return ConfigParser(tmp_path)


def said(conf):
    return {name: conf.values(name) for _line, name in conf.sections if name != "DEFAULT"} if not conf.error else {}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[SnapshotThread]\ntimeout = 60\nMountsToSkip=/a%b\n", {"timeout": "60"}),
        ("[SnapshotThread]\na = %(b)s%%\nb: 1\nc = %(d)s\n", {"a": "1%", "b": "1"}),
        ("[SnapshotThread]\rtimeout = 60\rWriteLog = True\r", {"timeout": "60", "writelog": "True"}),
        ("[SnapshotThread]\na = 1\n# c\n  2\n\n ; d\n\t3\nb = 4\n", {"a": "1\n2\n\n3", "b": "4"}),
        ("[DEFAULT]\ntimeout = 60\n[SnapshotThread]\n", {"timeout": "60"}),
        ("  [SnapshotThread]\n  timeout = 1\n    a = 2\n", {"timeout": "1\na = 2"}),
    ],
)
def test_reading(library, text, values):
    conf = Ini(text.encode())
    assert conf.error is None and conf.values(MAIN) == values
    assert library.read(text.encode()) == (True, said(conf))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"timeout = 1\n", "line 1: no section is open here"),
        (b"\xef\xbb\xbf[SnapshotThread]\n", "line 1: no section is open here"),
        (b"[SnapshotThread]\na = 1\n\nA = 2\n", "line 4: an option for the second time"),
        (b"[x]\n[SnapshotThread]\n[x]\n", "line 3: a section for the second time"),
        (b"[SnapshotThread]\ntimeout 1\n", "line 2: neither an option nor a section"),
        (b"[SnapshotThread]\n= 1\n", "line 2: neither an option nor a section"),
        (b"[SnapshotThread]\n# \xff\n", "not UTF-8 text"),
    ],
)
def test_files_that_are_not_read_at_all(library, data, error):
    conf = Ini(data)
    assert conf.error == error and conf.values(MAIN) == {}
    assert library.read(data) == (False, {})


def test_a_per_cent_sign_hides_one_option_only():
    stated = _vmbackup_conf.parse(b"[SnapshotThread]\ntimeout = 60\nMountsToSkip = /a%b\nWriteLog = %(no)s\n")
    assert stated["error"] is None and stated["unreadable"] == ["MountsToSkip", "WriteLog"]
    assert stated["options"]["timeout"] == "60" and stated["options"]["MountsToSkip"] is None


@given(FILES)
def test_it_agrees_with_the_library(tmp_path_factory, parts):
    data = text_of(parts).encode("utf-8", "surrogateescape")
    conf = Ini(data)
    assert "".join(conf.lines).encode("utf-8", "surrogateescape") == data
    assert ConfigParser(tmp_path_factory.getbasetemp()).read(data) == (conf.error is None, said(conf))


def as_bytes(found):
    """Values as Python 2.7 has them: each byte a character."""
    text = json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogateescape").decode("latin-1")
    return json.loads(text, strict=False)


@pytest.mark.oracle
def test_edits_and_what_python_2_makes_of_them(old_library, oracle):
    """Of a file that both Pythons read alike: the option is what was set, and all others are as before."""
    for _number in oracle.tries(600):
        text = oracle.dice.choice(["", "[SnapshotThread]\n"]) + oracle.text(ATOMS, SEEDS, most=12)
        data = text.encode("utf-8", "surrogateescape")
        conf, before = EditedIni(data), old_library.read(data)
        if conf.error or before is None:
            oracle.note("files that one of both cannot read")
            continue
        if before != as_bytes(said(conf)) or "\r" in text.replace("\r\n", "\n"):
            oracle.note("files that both read differently")
            continue
        for section, key in ((MAIN, "timeout"), ("Monitor", "Run"), (MAIN, "WriteLog")):
            conf = EditedIni(data)
            for wanted in ("61", None):
                try:
                    conf.set(section, key, wanted) if wanted else conf.unset(section, key)
                except Refused:
                    oracle.note("edits refused")
                    continue
                after = old_library.read(conf.data)
                assert after is not None, data
                kept = {name: dict(values) for name, values in before.items()}
                kept.setdefault(section, {}).pop(key.lower(), None)
                shown = {name: dict(values) for name, values in after.items()}
                found = shown.setdefault(section, {}).pop(key.lower(), None)
                plain = "%(" not in text and "DEFAULT" not in text
                assert not plain or (found, shown) == (wanted, kept), data


@pytest.mark.oracle
def test_edits_and_what_the_library_makes_of_them(library, oracle):
    for _number in oracle.tries(600):
        text = oracle.dice.choice(["", "[SnapshotThread]\n"]) + oracle.text(ATOMS, SEEDS, most=12)
        data = text.encode("utf-8", "surrogateescape")
        readable, before = library.read(data)
        plain = "%(" not in text and "DEFAULT" not in text
        conf = EditedIni(data)
        conf.normalize()
        now = library.read(conf.data)
        assert now[0] and not any(conf.unreadable(name) for name in now[1]), data
        assert all(now[1][name][key] == before[name][key] for name in before for key in before[name]), data
        once = conf.data
        conf.normalize()
        assert conf.data == once, data
        for section, key in ((MAIN, "timeout"), ("Monitor", "Run")) if readable else ():
            conf = EditedIni(data)
            conf.set(section, key, "/a%b")
            after = library.read(conf.data)
            assert after[0] and after[1][section][key.lower()] == "/a%b", data
            wanted = {**before, section: {**before.get(section, {}), key.lower(): "/a%b"}}
            assert after[1] == wanted or not plain, data
            conf = EditedIni(data)
            conf.unset(section, key)
            after = library.read(conf.data)
            if section in wanted and section in before:
                wanted[section] = {name: value for name, value in before[section].items() if name != key.lower()}
            elif section not in before:
                del wanted[section]
            assert after[0] and (after[1] == wanted or not plain), data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[SnapshotThread]\ntimeout = 9\n"),
        ("[Monitor]\nRun = True", "[Monitor]\nRun = True\n\n[SnapshotThread]\ntimeout = 9\n"),
        ("[SnapshotThread]\nTimeout: 1\n# c\n  2\nb = 3\n", "[SnapshotThread]\n# c\ntimeout = 9\nb = 3\n"),
        ("[SnapshotThread]\na = 1\n\n[x]\n", "[SnapshotThread]\na = 1\ntimeout = 9\n\n[x]\n"),
        ("[SnapshotThread]\r\na = 1\r\n", "[SnapshotThread]\r\na = 1\r\ntimeout = 9\r\n"),
        ("[SnapshotThread]\ra = 1\r", "[SnapshotThread]\ra = 1\rtimeout = 9\r"),
        # At the margin it would swallow what follows.
        ("[SnapshotThread]\n  [x]\n", "[SnapshotThread]\n  timeout = 9\n  [x]\n"),
        ("[SnapshotThread]\n  timeout = 1\n  b = 2\n", "[SnapshotThread]\n  timeout = 9\n  b = 2\n"),
    ],
)
def test_setting(before, after):
    conf = EditedIni(before.encode())
    conf.set(MAIN, "timeout", "9")
    assert conf.data == after.encode()
    conf.set(MAIN, "timeout", "9")
    assert conf.data == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"# c\ntimeout = 1\n", b"# c\n[SnapshotThread]\ntimeout = 1\n"),
        (b"\xef\xbb\xbf[SnapshotThread]\ntimeout = 1\n", b"[SnapshotThread]\ntimeout = 1\n"),
        (b"[SnapshotThread]\na = 1\n[x]\n[SnapshotThread]\nA: 2\n  3\nword\n", None),
        (b"[SnapshotThread]\n# M\xfcll\na = 1\n", "[SnapshotThread]\n# Müll\na = 1\n".encode()),
        (b"[SnapshotThread]\na = /b%c %%\n", b"[SnapshotThread]\na = /b%%c %%\n"),
        (b"[SnapshotThread]\na = %(b)s\nb = 1%\n", b"[SnapshotThread]\na = %(b)s\nb = 1%%\n"),
        (b"[SnapshotThread]\na = %(a)s\n", b"[SnapshotThread]\na = %%(a)s\n"),
    ],
)
def test_normalising(before, after):
    conf = EditedIni(before)
    conf.normalize()
    expected = b"[SnapshotThread]\nA = 2\n\t3\n# word\n\n[x]\n" if after is None else after
    assert conf.data == expected


@pytest.mark.parametrize(
    ("hostile", "error"),
    [
        # The library's own expression takes hours for it.
        ("timeout" + " " * 500_000 + "x", "line 2: neither an option nor a section"),
        ("a = " + "%(" * 200_000, None),
        ("\n".join(f"a{number} = " + f"%(a{number + 1})s" * 300 for number in range(9)) + "\na9 = x", None),
    ],
)
def test_hostile_files(hostile, error):
    conf = Ini(f"[SnapshotThread]\n{hostile}\n".encode())
    assert conf.error == error
    assert set(conf.values(MAIN)) <= {"a8", "a9"}
