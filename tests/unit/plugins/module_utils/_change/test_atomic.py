# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Atomic replacement: content, metadata, links, leftovers, and file systems that refuse."""

import errno
import os
import shutil
import subprocess

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import atomic
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def state(data, mode=0o644, **kwargs):
    return atomic.FileState(data, mode, os.geteuid(), os.getegid(), **kwargs)


def test_bytes_and_mode_are_kept(tmp_path):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    path.chmod(0o640)
    before = atomic.read(str(path))
    before.data = b"new\r\n\xff"
    atomic.replace(str(path), before)
    assert path.read_bytes() == b"new\r\n\xff"
    assert path.stat().st_mode & 0o7777 == 0o640
    assert os.listdir(tmp_path) == ["conf"]


@needs_root
def test_owner_is_kept_with_set_user_id(tmp_path):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    os.chown(path, 1234, 4321)
    path.chmod(0o4755)
    before = atomic.read(str(path))
    atomic.replace(str(path), before)
    info = path.stat()
    assert (info.st_uid, info.st_gid, info.st_mode & 0o7777) == (1234, 4321, 0o4755)


def test_extended_attributes_are_kept(tmp_path):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.vmbackup", b"label")
    except OSError as error:
        pytest.skip(f"no user attributes here: {error}")
    before = atomic.read(str(path))
    before.data = b"new"
    atomic.replace(str(path), before)
    assert os.getxattr(path, "user.vmbackup") == b"label"


def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    target = tmp_path / "real" / "conf"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    atomic.replace(str(link), state(b"new"))
    assert link.is_symlink() and target.read_bytes() == b"new"


def test_a_dangling_link_is_refused(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ChangeError, match="Cannot follow '.*link': it is a symbolic link to"):
        atomic.replace(str(link), state(b"new"))


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_other_than_regular_files_are_refused(tmp_path, make):
    path = str(tmp_path / "thing")
    make(path)
    with pytest.raises(ChangeError, match="not a regular file"):
        atomic.read(path)


def test_no_file_reads_as_none(tmp_path):
    assert atomic.read(str(tmp_path / "none")) is None


def test_missing_directories_are_made_and_named(tmp_path):
    made = atomic.replace(str(tmp_path / "a" / "b" / "conf"), state(b"x"))
    assert made == [str(tmp_path / "a"), str(tmp_path / "a" / "b")]


def test_leftovers_of_this_file_are_cleaned_and_no_others(tmp_path):
    (tmp_path / ".vmbackup-conf.1.abcd").write_bytes(b"half")
    (tmp_path / ".vmbackup-other.1.abcd").write_bytes(b"half")
    atomic.clean_leftovers(str(tmp_path / "conf"))
    assert os.listdir(tmp_path) == [".vmbackup-other.1.abcd"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "conf"
    path.write_bytes(b"old")

    def refuse(*_args, **_kwargs):
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(atomic.os, "rename", refuse)
    with pytest.raises(ChangeError, match="Cannot write '.*conf': Input/output error"):
        atomic.replace(str(path), state(b"new"))
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["conf"]


@pytest.fixture
def tmpfs(tmp_path):
    """A tmpfs of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    result = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if result.returncode:
        pytest.skip(f"cannot mount: {result.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@needs_root
def test_a_full_disk_is_said_and_changes_nothing(tmpfs):
    path = tmpfs / "conf"
    path.write_bytes(b"old")
    with pytest.raises(ChangeError, match=r"Cannot write '.*conf': the disk is full"):
        atomic.replace(str(path), state(b"n" * 200_000))
    assert path.read_bytes() == b"old" and os.listdir(tmpfs) == ["conf"]


@needs_root
def test_a_read_only_file_system_is_said_without_writing(tmpfs):
    path = tmpfs / "conf"
    path.write_bytes(b"old")
    subprocess.run(["mount", "-o", "remount,ro", str(tmpfs)], check=True)
    with pytest.raises(ChangeError, match="Cannot write '.*conf': the file system is read-only"):
        atomic.check_writable(str(path))


@needs_root
@pytest.mark.parametrize(("flag", "word"), [("i", "immutable"), ("a", "append-only")])
def test_an_attribute_that_forbids_it_is_said(tmp_path, flag, word):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    if not shutil.which("chattr") or subprocess.run(["chattr", "+" + flag, str(path)], check=False).returncode:
        pytest.skip("chattr does not work on this file system")
    try:
        with pytest.raises(ChangeError, match=f"Cannot write '.*conf': '.*' is {word}"):
            atomic.replace(str(path), state(b"new"))
        assert path.read_bytes() == b"old"
    finally:
        subprocess.run(["chattr", "-" + flag, str(path)], check=True)
