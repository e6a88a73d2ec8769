# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said after an error is true, and what cannot be given back is said before the change."""

import errno
import os
import stat
import subprocess

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import atomic, journal, restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies.guest_dhcp import ReadyStep
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep, QuietStep


@pytest.fixture
def store(tmp_path):
    return str(tmp_path / "vmbackup" / "journal")


def change(store, steps, check=False, verify=None):
    context = transaction.Context("test", check, "night", store)
    return transaction.execute(lambda: transaction.Plan(steps(), {}, {}, verify=verify), context)


def undo(store, check=False):
    return restore.work({"run_id": "night"}, transaction.Context("journal_restore", check, None, store))


def failing(monkeypatch, folder, number, name, when=lambda: True):
    """Lets a call fail for what lies in a folder from now on."""
    real = getattr(os, name)

    def call(descriptor, *args, **kwargs):
        place = descriptor
        if isinstance(descriptor, int):
            place = os.readlink(f"/proc/self/fd/{descriptor}")
        if str(place).startswith(str(folder)) and "vmbackup/" not in str(place) and when():
            raise OSError(number, os.strerror(number))
        return real(descriptor, *args, **kwargs)

    monkeypatch.setattr(os, name, call)


def test_a_directory_that_cannot_be_synced_does_not_hide_the_change(tmp_path, store, monkeypatch):
    path = tmp_path / "etc" / "conf"
    path.parent.mkdir()
    path.write_bytes(b"old")
    failing(monkeypatch, path.parent, errno.EIO, "fsync", lambda: path.read_bytes() == b"new")
    with pytest.raises(ChangeError, match="Cannot write") as caught:
        change(store, lambda: [FileStep(str(path), b"new")])
    assert path.read_bytes() == b"new" and caught.value.facts["changed"] is True
    monkeypatch.undo()
    assert caught.value.facts["run_id"] == "night" and undo(store)["changed"] and path.read_bytes() == b"old"


def test_a_full_disk_is_no_change(tmp_path, store, monkeypatch):
    path = tmp_path / "etc" / "made" / "conf"
    path.parent.parent.mkdir()
    failing(monkeypatch, path.parent, errno.ENOSPC, "fsync", lambda: bool(os.listdir(path.parent)))
    with pytest.raises(ChangeError, match="the disk is full") as caught:
        change(store, lambda: [FileStep(str(path), b"new")])
    assert caught.value.facts["changed"] is False and not path.parent.exists()


class FullDisk(FileStep):
    def apply(self, _run):
        raise ChangeError("the disk is full")


def test_a_step_that_only_prepares_is_no_change(tmp_path, store, monkeypatch):
    monkeypatch.setattr(ReadyStep, "apply", lambda _step, _run: None)
    with pytest.raises(ChangeError, match="the disk is full") as caught:
        change(store, lambda: [ReadyStep(), FullDisk(str(tmp_path / "conf"), b"new")])
    assert caught.value.facts["changed"] is False


class Editor(QuietStep):
    """Someone who edits a file while a change or an undo is at work."""

    def __init__(self, path):
        self.path = path

    def apply(self, _run):
        self.path.write_bytes(b"theirs")


@pytest.mark.parametrize("old", [b"old", None])
def test_an_edit_while_a_change_is_at_work_stays(tmp_path, store, old):
    path = tmp_path / "conf"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(ChangeError, match=f"Cannot write '{path}': someone else changed it meanwhile") as caught:
        change(store, lambda: [Editor(path), FileStep(str(path), b"new")])
    assert path.read_bytes() == b"theirs" and caught.value.facts["changed"] is False


def test_an_edit_while_an_undo_is_at_work_stays(tmp_path, store, monkeypatch):
    one, two = tmp_path / "one", tmp_path / "two"
    change(store, lambda: [FileStep(str(one), b"new"), FileStep(str(two), b"new")])
    real = atomic.replace

    def replace(path, state):
        if path == str(two):
            one.write_bytes(b"theirs")
        return real(path, state)

    monkeypatch.setattr(atomic, "replace", replace)
    with pytest.raises(ChangeError, match=f"Cannot write '{one}': someone else changed it meanwhile") as caught:
        undo(store)
    assert one.read_bytes() == b"theirs" and caught.value.facts["restored"] == [str(two)]


def test_a_surprise_after_the_change_is_told_with_the_change(tmp_path, store):
    path = tmp_path / "conf"
    with pytest.raises(ChangeError, match="Cannot run 'test': ZeroDivisionError") as caught:
        change(store, lambda: [FileStep(str(path), b"new")], verify=lambda: 1 // 0)
    assert caught.value.facts["changed"] is True and caught.value.facts["run_id"] == "night"


def test_an_undo_that_fails_says_what_it_has_done(tmp_path, store, monkeypatch):
    one, two = tmp_path / "a" / "one", tmp_path / "b" / "two"
    for path in (one, two):
        path.parent.mkdir()
        path.write_bytes(b"old")
    change(store, lambda: [FileStep(str(one), b"new"), FileStep(str(two), b"new")])
    failing(monkeypatch, one.parent, errno.ENOSPC, "fsync")
    with pytest.raises(ChangeError, match=f"Cannot write '{one}': the disk is full") as caught:
        undo(store)
    facts = caught.value.facts
    assert (facts["changed"], facts["restored"], facts["run_id"]) == (True, [str(two)], "night")
    assert (facts["diff"][0]["before"], facts["diff"][0]["after"]) == ("new", "old")
    with pytest.raises(ChangeError) as caught:
        undo(store)
    assert (caught.value.facts["changed"], caught.value.facts["restored"]) == (False, [])
    monkeypatch.undo()
    assert undo(store)["restored"] == [str(one)] and one.read_bytes() == b"old"


def test_an_undo_whose_directory_cannot_be_synced_was_done(tmp_path, store, monkeypatch):
    path = tmp_path / "etc" / "conf"
    path.parent.mkdir()
    path.write_bytes(b"old")
    change(store, lambda: [FileStep(str(path), b"new")])
    failing(monkeypatch, path.parent, errno.EIO, "fsync", lambda: path.read_bytes() == b"old")
    with pytest.raises(ChangeError) as caught:
        undo(store)
    assert caught.value.facts["changed"] and caught.value.facts["restored"] == [str(path)]


@pytest.mark.parametrize("litter", ["directories", "directories and a half file"])
def test_what_a_killed_run_made_goes_with_its_undo(tmp_path, store, litter):
    path = tmp_path / "a" / "b" / "conf"
    records = journal.Journal(store)
    records.prepare()
    step = FileStep(str(path), b"new")
    records.open("night").add([dict(step.entry(), module="test")])
    path.parent.mkdir(parents=True)
    if "half" in litter:
        (path.parent / ".vmbackup-conf.1.dead").write_bytes(b"ne")
    assert not undo(store, check=True)["changed"] and path.parent.exists()
    undo(store)
    assert not (tmp_path / "a").exists()


def test_hard_links_and_attributes_are_named_before_they_are_lost(tmp_path, store, monkeypatch):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    os.link(path, tmp_path / "other")
    real = atomic._attributes
    monkeypatch.setattr(atomic, "_attributes", lambda name: 0xC8 if name == str(path) else real(name) & ~0xC8)
    expected = [
        f"'{path}' is one of 2 hard links: the others keep the old content, also after undo",
        f"'{path}' loses its attributes 'ASd' (chattr), also after undo",
    ]
    for check in (True, False):
        assert change(store, lambda: [FileStep(str(path), b"new")], check)["warnings"] == expected
    os.link(path, tmp_path / "third")
    assert undo(store, check=True)["warnings"] == expected
    assert change(store, lambda: [FileStep(str(path), b"new")])["warnings"] == []


def test_the_attributes_are_those_that_chattr_sets(tmp_path):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    if subprocess.run(["chattr", "+dA", str(path)], stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("a file system without attributes")
    assert atomic.losses(str(path)) == [f"'{path}' loses its attributes 'Ad' (chattr), also after undo"]
    assert atomic.losses(str(tmp_path / "none")) == []


def test_rights_that_somebody_gave_since_do_not_go_without_a_word(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    path.chmod(0o644)
    change(store, lambda: [FileStep(str(path), b"new")])
    assert undo(store, check=True)["warnings"] == []
    path.chmod(0o600)
    (warning,) = undo(store, check=True)["warnings"]
    assert "was given other rights since (mode 0600" in warning and "go back to mode 0644" in warning
    assert undo(store)["warnings"] == [warning]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_diff_has_no_line_that_stays(tmp_path, store):
    """A secret there may have no sign of it."""
    path = tmp_path / "environment"
    path.write_bytes(b"AZURE_DEVOPS_EXT_PAT=Zq77vanilla\nA=1\nA=1\nhttp_proxy=http://old:1\n")
    new = b"AZURE_DEVOPS_EXT_PAT=Zq77vanilla\nA=1\nhttp_proxy=http://new:1\n"
    facts = change(store, lambda: [FileStep(str(path), new)])
    diffs = facts["diff"] + undo(store)["diff"]
    gone, come = "A=1\nhttp_proxy=http://old:1\n", "http_proxy=http://new:1\n"
    assert [(diff["before"], diff["after"]) for diff in diffs] == [(gone, come), (come, gone)]
