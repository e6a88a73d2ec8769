# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An archive from anywhere is read only where it is as it must be, and one is fetched to its end or not at all."""

import base64
import hashlib
import json
import re
import stat
import struct
import subprocess
import zipfile

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.archive import KIND, MIB, SCHEMA
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.work import MOST_MIB
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence import _archive, _download
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._archive import Archive
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._download import Download

STATE = {"schema": 1, "platform": "linux"}
MOST = 64 << 20


def make(path, extra=(), manifest=None, files=None):
    """An archive with a state, and more members, given as ZipInfo or name with their content."""
    members = [("state.json", json.dumps(STATE).encode()), *extra]
    listed = [
        {"name": getattr(name, "filename", name), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members
    ]
    whole = {"kind": KIND, "schema": SCHEMA, "files": files if files is not None else listed, **(manifest or {})}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(whole))
    return path


def special(kind, name="files/x"):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o644) << 16
    return info


def test_a_whole_archive_is_read(tmp_path):
    archive = Archive(make(tmp_path / "a.zip", [("files/var/log/waagent.log", b"x")]))
    archive.verify()
    assert archive.document("state") == STATE and archive.document("findings") is None


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (("files/../../etc/passwd", b""), "it has a member with the name 'files/../../etc/passwd'"),
        (("/etc/passwd", b""), "with the name"),
        (("files/a\\..\\b", b""), "with the name"),
        (("files/a\x01b", b""), "with the name"),
        (("files/" + "a" * 300, b""), "with the name"),
        (("files//a", b""), "with the name"),
        (("other", b""), "with the name"),
        (("files/dir/", b""), "with the name"),
        (("state.json", b"{}"), "it has 'state.json' twice"),
        ((special(stat.S_IFLNK), b"/etc/passwd"), "'files/x' is not a regular file"),
        ((special(stat.S_IFCHR), b""), "'files/x' is not a regular file"),
        ((special(stat.S_IFIFO), b""), "'files/x' is not a regular file"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_member_is_refused(tmp_path, extra, reason):
    with pytest.raises(ValueError, match=f"Cannot read '.*a.zip': .*{re.escape(reason)}"):
        Archive(make(tmp_path / "a.zip", [extra]))


def test_a_name_that_not_everyone_reads_alike_is_refused(tmp_path):
    path = make(tmp_path / "a.zip", [("files/aZb", b"")])
    path.write_bytes(path.read_bytes().replace(b"files/aZb", b"files/a\0b"))
    with pytest.raises(ValueError, match="it has a member with the name 'files/a.x00b'"):
        Archive(path)


@pytest.mark.parametrize(
    ("name", "most", "reason"),
    [
        ("MAX_BYTES", 10, "it is larger than"),
        ("MAX_MEMBERS", 1, "too many members"),
        ("MAX_DIRECTORY", 10, "too many members"),
        ("MAX_MANIFEST", 10, "'manifest.json' is larger than"),
        ("LIMIT", 10, "'state.json' is larger than"),
    ],
)
def test_sizes_are_bounded(tmp_path, monkeypatch, name, most, reason):
    monkeypatch.setattr(_archive, name, most)
    with pytest.raises(ValueError, match=reason):
        Archive(make(tmp_path / "a.zip")).document("state")


@pytest.mark.parametrize(
    ("name", "most", "reason"), [("MAX_MEMBERS", 1, "too many members"), ("MAX_DIRECTORY", 10, "too many members")]
)
@pytest.mark.parametrize("says", [None, 1])
def test_so_are_those_of_a_large_archive(tmp_path, monkeypatch, name, most, reason, says):
    """There the reader of zip files believes another record than the end, which may say anything."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 0)
    path = make(tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    assert data[-42:-38] == b"PK\x06\x07" and Archive(path).document("state") == STATE
    if says is not None:
        data[-14:-10] = struct.pack("<2H", says, says)
        data[-10:-6] = struct.pack("<L", says)
        path.write_bytes(data)
    monkeypatch.setattr(_archive, name, most)
    with pytest.raises(ValueError, match=reason):
        Archive(path)


def test_a_record_of_a_large_archive_is_where_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 0)
    path = make(tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    data[-34:-26] = struct.pack("<Q", 0)
    path.write_bytes(data)
    with pytest.raises(ValueError, match="not an evidence archive"):
        Archive(path)


def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path, monkeypatch):
    path = make(tmp_path / "a.zip", [("files/bomb", b"\0" * (8 << 20))])
    assert path.stat().st_size < 1 << 20
    monkeypatch.setattr(_archive, "MAX_BYTES", 1 << 20)
    with pytest.raises(ValueError, match="it unpacks to more than"):
        Archive(path)


def test_members_that_share_their_bytes_are_refused(tmp_path):
    path = make(tmp_path / "a.zip", [("files/aaaa", b"x" * 100), ("files/bbbb", b"x" * 100)])
    data = bytearray(path.read_bytes())
    first, second = (data.rfind(name) - 46 for name in (b"files/aaaa", b"files/bbbb"))
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(data)
    with pytest.raises(ValueError, match="overlaps another member"):
        Archive(path)


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(tmp_path, share):
    path = make(tmp_path / "a.zip", [("files/x", bytes(range(256)) * 100)])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ValueError, match="Cannot read '.*': it is (truncated, or )?not an evidence archive"):
        Archive(path)


def test_a_byte_that_changed_is_found(tmp_path):
    path = make(tmp_path / "a.zip", [("files/x", bytes(range(256)) * 100)])
    data = bytearray(path.read_bytes())
    data[data.find(b"files/x") + 60] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="Cannot read '.*a.zip'"):
        Archive(path).verify()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"manifest": {"kind": "other"}}, "it is not an evidence archive"),
        ({"manifest": {"schema": 9}}, "another version"),
        ({"files": []}, "its members are not those of its manifest"),
        ({"files": [{"name": "state.json", "sha256": "0"}]}, "'state.json' is not as its manifest says"),
        ({"files": [7]}, "does not have the expected form"),
        ({"files": None, "manifest": {"files": 7}}, "does not have the expected form"),
    ],
)
def test_a_manifest_of_another_form_is_refused(tmp_path, options, reason):
    with pytest.raises(ValueError, match=reason):
        Archive(make(tmp_path / "a.zip", **options)).verify()


def test_an_archive_without_a_manifest_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("state.json", "{}")
    with pytest.raises(ValueError, match="it has no manifest"):
        Archive(tmp_path / "a.zip")


@pytest.fixture
def remote(tmp_path):
    """A file of a guest, and how an action would describe it."""
    path = tmp_path / "it's on the guest"
    path.write_bytes(bytes(range(256)) * 40_000)
    file = {"path": str(path), "name": "x", "size": path.stat().st_size}
    return {**file, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def shell(command):
    return "Welcome!\n" + subprocess.run(["sh", "-c", command], capture_output=True, check=True).stdout.decode() + "bye"


def test_a_lost_connection_is_continued_where_it_was_lost(tmp_path, remote):
    target, asked, told = tmp_path / "here/host.zip", [], []

    def lossy(command):
        asked.append(command)
        if len(asked) == 3:
            raise ConnectionError
        return shell(command)

    with Download(target, MOST) as first:
        assert first.begun() is None
        first.begin(remote, {"redact": True})
        with pytest.raises(ConnectionError):
            first.fetch(remote, lossy, lambda *_: None)
    assert not target.exists()
    with Download(target, MOST) as again:
        begun = {"name": remote["name"], "sha256": remote["sha256"], "options": {"redact": True}}
        assert again.begun() == begun
        again.fetch(remote, lossy, lambda *done: told.append(done))
        assert not target.exists()
        again.keep()
    assert asked[3] == asked[2] and told[-1] == (remote["size"], remote["size"])
    assert hashlib.sha256(target.read_bytes()).hexdigest() == remote["sha256"]
    assert [path.name for path in target.parent.iterdir()] == ["host.zip"] and target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("answer", ["", "vmbackup<AAAA>vmbackup", "vmbackup<!>vmbackup", "vmbackup<AAA>vmbackup"])
def test_a_guest_that_does_not_give_the_bytes_is_asked_again_and_then_named(tmp_path, remote, answer):
    asked = []
    with Download(tmp_path / "host.zip", MOST) as download:
        download.begin(remote, {})
        with pytest.raises(ValueError, match="the guest does not give its bytes from 0 on"):
            download.fetch(remote, lambda command: asked.append(command) or answer, lambda *_: None)
    assert len(asked) == 3


def test_another_file_than_was_promised_is_not_kept(tmp_path, remote):
    wrong = f"vmbackup<{base64.b64encode(bytes(_download.PIECE)).decode()}>vmbackup"
    with Download(tmp_path / "host.zip", MOST) as download:
        download.begin(remote, {})
        with pytest.raises(ValueError, match="what arrived is not what was sent"):
            download.fetch({**remote, "size": _download.PIECE}, lambda _command: wrong, lambda *_: None)
    assert not (tmp_path / "host.zip").exists()


def test_no_command_of_the_account_that_signs_in_is_run(tmp_path, remote, monkeypatch):
    for name in ("tail", "head", "base64"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with Download(tmp_path / "host.zip", MOST) as download:
        download.begin(remote, {})
        download.fetch(remote, shell, lambda *_: None)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("size", [MOST + 1, 10**30, -1, 0, 1.5, "9", None])
def test_a_guest_does_not_choose_how_much_is_fetched(tmp_path, remote, size):
    asked = []
    with Download(tmp_path / "host.zip", MOST) as download:
        download.begin({**remote, "size": size}, {})
        with pytest.raises(ValueError, match="its size is not one to 67,108,864 bytes"):
            download.fetch({**remote, "size": size}, asked.append, lambda *_: None)
    assert not asked


@pytest.mark.parametrize("note", ["", "[]", '{"name": 1}', '{"name": "x"}', '{"name": "x", "sha256": "0"}'])
def test_a_damaged_note_begins_anew(tmp_path, note):
    (tmp_path / "host.zip.part").write_bytes(b"x")
    (tmp_path / "host.zip.part.note").write_text(note)
    assert Download(tmp_path / "host.zip", MOST).begun() is None


def test_two_runs_never_fetch_to_the_same_file(tmp_path, remote):
    target = tmp_path / "host.zip"
    with Download(target, MOST) as first:
        first.begin(remote, {})
        with pytest.raises(ValueError, match=f"Cannot fetch to '{target}': another run is fetching it"):
            Download(target, MOST).__enter__()
        first.fetch(remote, shell, lambda *_: None)
        first.keep()
    assert [path.name for path in tmp_path.glob("host.zip*")] == ["host.zip"]


def test_a_run_that_fetches_nothing_leaves_nothing(tmp_path):
    with Download(tmp_path / "host.zip", MOST) as download:
        assert download.begun() is None
    assert not list(tmp_path.iterdir())


def test_a_file_of_which_nothing_arrived_yet_is_remembered(tmp_path, remote):
    with Download(tmp_path / "host.zip", MOST) as download:
        download.begin(remote, {})
    with Download(tmp_path / "host.zip", MOST) as again:
        assert again.begun()["sha256"] == remote["sha256"]


def test_the_largest_archive_that_a_guest_makes_is_read(tmp_path):
    archive = Archive(make(tmp_path / "a.zip"))
    infos = archive._zip.infolist()
    infos[0].file_size = MOST_MIB * MIB
    archive._checked(infos)


def test_a_link_in_place_of_the_file_is_not_written_through(tmp_path):
    (tmp_path / "host.zip.part").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic links"):
        Download(tmp_path / "host.zip", MOST).__enter__()
    assert not (tmp_path / "other").exists()
