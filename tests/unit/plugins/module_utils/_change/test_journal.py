# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal, lock, undo and the one way in which all changes run."""

import errno
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    atomic,
    journal,
    lock,
    managers,
    records,
    restore,
    transaction,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep
from ansible_collections.vmbackup.azure.plugins.module_utils._change.systemd import MaskedRestartStep, Systemd, UnitStep


@pytest.fixture
def store(tmp_path):
    return str(tmp_path / "vmbackup" / "journal")


def change(store, path, data, run_id=None, check=False, module="test", verify=None):
    context = transaction.Context(module, check, run_id, store)
    return transaction.execute(lambda: transaction.Plan([FileStep(str(path), data)], {}, {}, verify=verify), context)


def undo(store, run_id="latest", check=False):
    return restore.work({"run_id": run_id}, transaction.Context("journal_restore", check, None, store))


def test_check_mode_touches_nothing_and_predicts(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    predicted = change(store, path, b"new", check=True)
    assert path.read_bytes() == b"old" and not os.path.exists(store)
    real = change(store, path, b"new")
    for key in ("changed", "compliant", "before", "after", "diff"):
        assert predicted[key] == real[key]


def test_a_change_is_undone_to_bytes_and_mode(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old\xff")
    path.chmod(0o604)
    change(store, path, b"new")
    path.chmod(0o644)
    assert undo(store, check=True)["restored"] == [str(path)] and path.read_bytes() == b"new"
    assert undo(store)["changed"]
    assert path.read_bytes() == b"old\xff" and path.stat().st_mode & 0o777 == 0o604


def test_a_made_file_goes_with_its_directories(tmp_path, store):
    path = tmp_path / "a" / "b" / "conf"
    change(store, path, b"new")
    assert path.read_bytes() == b"new"
    undo(store)
    assert not (tmp_path / "a").exists()


def test_a_removed_file_comes_back(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    change(store, path, None)
    assert not path.exists()
    undo(store)
    assert path.read_bytes() == b"old"


def test_several_changes_of_one_run_are_undone_together(tmp_path, store):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    change(store, one, b"2", "night")
    change(store, two, b"x", "night")
    change(store, one, b"3", "night")
    undo(store, "night")
    assert one.read_bytes() == b"1" and not two.exists()
    again = undo(store, "night")
    assert not again["changed"] and again["restored"] == []


@pytest.mark.parametrize("since", [b"2", b"theirs"])
def test_a_second_undo_leaves_what_came_since(tmp_path, store, since):
    path = tmp_path / "conf"
    path.write_bytes(b"1")
    change(store, path, b"2", "night")
    undo(store, "night")
    path.write_bytes(since)
    for check in (True, False):
        again = undo(store, "night", check)
        assert not again["changed"] and again["restored"] == [] and path.read_bytes() == since


@pytest.mark.parametrize("since", [lambda path: path.symlink_to("/nowhere/conf"), lambda path: path.mkdir()])
def test_a_second_undo_does_not_look_at_what_is_gone(tmp_path, store, since):
    path = tmp_path / "conf"
    change(store, path, b"new", "night")
    undo(store, "night")
    since(path)
    for check in (True, False):
        again = undo(store, "night", check)
        assert not again["changed"] and again["restored"] == []


def test_a_second_undo_does_not_ask_for_a_service_that_is_gone(store, unit, monkeypatch):
    unit.change("night", "start", {"active": True})
    undo(store, "night")
    monkeypatch.setattr(managers, "systemd", lambda: pytest.fail("it was asked for"))
    assert not undo(store, "night")["changed"]


class Killed(BaseException):
    """The process ends here."""


class Unit:
    """A unit of a systemd that only keeps its state, stopped and disabled at first, and runs that change it."""

    def __init__(self, store, monkeypatch):
        self.verbs = []
        self.now = {"active": False, "links": [], "masked": False}
        self.killed_at, self.is_dead = None, False
        self._store = store
        kept = self

        class Manager(Systemd):
            def state(self, unit):
                active = "active" if kept.now["active"] else "inactive"
                enabled = "enabled" if kept.now["links"] else "disabled"
                return {**kept.now, "active_state": active, "unit_file_state": enabled}

            def do(self, verb, unit=None):
                kept.is_dead = kept.is_dead or verb == kept.killed_at
                if kept.is_dead:
                    raise Killed
                kept.verbs.append(verb)
                done = {"start": {"active": True}, "stop": {"active": False}, "enable": {"links": ["/etc/x"]}}
                done |= {"disable": {"links": []}, "mask": {"masked": True}, "unmask": {"masked": False}}
                kept.now.update(done.get(verb, {}))

        monkeypatch.setattr(managers, "systemd", Manager)

    def change(self, run_id, verb, after):
        return self.take(run_id, UnitStep(managers.systemd(), "waagent.service", [verb], after))

    def restart_under_its_mask(self, run_id):
        return self.take(run_id, MaskedRestartStep(managers.systemd(), "waagent.service"))

    def take(self, run_id, step):
        context = transaction.Context("test", False, run_id, self._store)
        return transaction.execute(lambda: transaction.Plan([step], {}, {}), context)


@pytest.fixture
def unit(store, monkeypatch):
    return Unit(store, monkeypatch)


def test_a_second_undo_leaves_a_service_that_someone_has_started_since(store, unit):
    unit.change("night", "start", {"active": True})
    assert undo(store, "night")["changed"] and unit.verbs == ["start", "stop"]
    unit.now["active"] = True
    assert not undo(store, "night")["changed"] and unit.now["active"]


def test_an_undo_takes_back_of_a_service_only_what_its_run_did(store, unit):
    unit.change("first", "start", {"active": True})
    unit.change("second", "enable", {"enabled": True})
    unit.now["masked"] = True
    first = undo(store, "first")
    assert first["restored"] == ["waagent.service: stop"] and unit.now["links"] and unit.now["masked"]
    shown = [f"active_state: {word}\nunit_file_state: enabled\nmasked: true\n" for word in ("active", "inactive")]
    assert [(diff["before"], diff["after"]) for diff in first["diff"]] == [tuple(shown)]
    assert undo(store, "second")["restored"] == ["waagent.service: disable"]


@pytest.fixture
def masked(unit):
    unit.now = {"active": True, "links": [], "masked": True}
    return unit


def test_an_undo_leaves_a_mask_that_someone_has_taken_off_since(store, masked):
    run = masked.restart_under_its_mask("night")["journal"]
    assert masked.verbs == ["unmask", "restart", "mask"] and sorted(os.listdir(run)) == ["0001.json", "run.json"]
    masked.now["masked"] = False
    undone = undo(store, "night")
    assert not undone["changed"] and not masked.now["masked"]


@pytest.mark.parametrize("point", ["unmask", "restart", "mask"])
@pytest.mark.parametrize("again", [False, True])
def test_a_mask_comes_back_that_a_killed_run_left_off(store, masked, point, again):
    masked.killed_at = point
    with pytest.raises(Killed):
        masked.restart_under_its_mask("night")
    masked.killed_at, masked.is_dead = None, False
    left_off = not masked.now["masked"]
    assert left_off == (point != "unmask")
    if again:
        masked.now["masked"] = True
    undone = undo(store, "night")
    assert undone["restored"] == (["waagent.service: mask"] if left_off and not again else []) and masked.now["masked"]
    assert not [name for name in os.listdir(undone["journal"]) if name.endswith(".unmasked")]


def test_an_entry_of_an_earlier_version_takes_back_all_of_a_service(store, unit):
    run = unit.change("first", "start", {"active": True})["journal"]
    entry = json.loads(pathlib.Path(run, "0001.json").read_text())
    del entry["after"]
    pathlib.Path(run, "0001.json").write_text(json.dumps(entry))
    unit.now["links"] = ["/etc/x"]
    assert undo(store, "first")["restored"] == ["waagent.service: stop, disable"]


def test_undo_refuses_what_somebody_else_changed(tmp_path, store):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    change(store, one, b"2", "night")
    change(store, two, b"x", "night")
    one.write_bytes(b"theirs")
    with pytest.raises(ChangeError, match=f"changed since by someone else: {one}") as caught:
        undo(store, "night")
    assert caught.value.facts["conflicts"] == [str(one)]
    assert two.exists()


def immutable(path):
    subprocess.run(["chattr", "+i", str(path)], check=True)
    return ["chattr", "-i", str(path)]


def mounted(path):
    subprocess.run(["mount", "--bind", str(path), str(path)], check=True)
    return ["umount", str(path)]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize(("seal", "reason"), [(immutable, "is immutable"), (mounted, "it is a mount point")])
def test_undo_of_several_files_starts_only_if_each_can_be_written(tmp_path, store, seal, reason):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    change(store, one, b"2", "night")
    change(store, two, b"x", "night")
    try:
        unseal = seal(one)
    except subprocess.CalledProcessError:
        pytest.skip("not possible on this file system")
    try:
        for check in (True, False):
            with pytest.raises(ChangeError, match=rf"^Cannot write '{one}': .*{reason}"):
                undo(store, "night", check)
        with pytest.raises(ChangeError, match=rf"^Cannot write '{one}': .*{reason}"):
            change(store, one, b"3", check=True)
        assert (one.read_bytes(), two.read_bytes()) == (b"2", b"x")
    finally:
        subprocess.run(unseal, check=True)
    undo(store, "night")
    assert one.read_bytes() == b"1" and not two.exists()


def test_undo_after_a_kill_before_the_change_does_nothing(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    store_object = journal.Journal(store)
    store_object.prepare()
    step = FileStep(str(path), b"new")
    store_object.open("killed").add([dict(step.entry(), module="test")])
    assert not undo(store, "killed")["changed"]
    assert path.read_bytes() == b"old"


def test_a_damaged_copy_is_not_restored(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    result = change(store, path, b"new")
    with open(os.path.join(result["journal"], "0001.before"), "wb") as handle:
        handle.write(b"other")
    with pytest.raises(ChangeError, match="missing or damaged"):
        undo(store)
    assert path.read_bytes() == b"new"


def test_a_run_can_be_used_again_after_its_undo(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    change(store, path, b"new", "night")
    undo(store, "night")
    change(store, path, b"other", "night")
    undo(store, "night")
    assert path.read_bytes() == b"old"


def test_a_failed_verification_names_the_run(tmp_path, store):
    def verify():
        raise ChangeError("it does not stay up")

    with pytest.raises(ChangeError) as caught:
        change(store, tmp_path / "conf", b"new", "night", verify=verify)
    assert caught.value.facts["run_id"] == "night" and caught.value.facts["changed"]


@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_could_not_be_written_is_no_change(tmp_path, store, monkeypatch, first):
    """A disk that fills up while the first file is written, or the second."""
    one, other = tmp_path / "one", tmp_path / "other"
    write = atomic._write_and_rename

    def full(directory, name, state):
        if name == ("one" if first else "other"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(directory, name, state)

    monkeypatch.setattr(atomic, "_write_and_rename", full)
    context = transaction.Context("test", False, "night", store)
    steps = [FileStep(str(path), b"new") for path in (one, other)]
    with pytest.raises(ChangeError, match="the disk is full") as caught:
        transaction.execute(lambda: transaction.Plan(steps, {}, {}), context)
    assert caught.value.facts["changed"] is one.exists() is not first


def test_the_journal_is_for_its_owner_only(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"http_proxy=http://u:geheim@h:1")
    path.chmod(0o644)
    result = change(store, path, b"new")
    for folder, folders, files in os.walk(store):
        for name in folders + files:
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, name
    assert os.stat(store).st_mode & 0o777 == 0o700
    assert "geheim" not in json.dumps(result)
    entry = json.loads(open(os.path.join(result["journal"], "0001.json")).read())
    assert "geheim" not in json.dumps(entry)


def test_the_journal_is_bounded_and_keeps_the_newest(tmp_path, store, monkeypatch):
    monkeypatch.setattr(journal, "KEEP_RUNS", 3)
    for number in range(6):
        change(store, tmp_path / "conf", b"%d" % number, f"run{number}")
    assert [run.run_id for run in journal.Journal(store).runs()] == ["run5", "run4", "run3"]
    monkeypatch.setattr(journal, "KEEP_BYTES", 1)
    change(store, tmp_path / "conf", b"last", "run6")
    assert [run.run_id for run in journal.Journal(store).runs()] == ["run6", "run5"]


def test_a_run_whose_time_limit_is_not_over_stays(tmp_path, store, monkeypatch):
    """The program that ends verbose logging is in the run."""
    monkeypatch.setattr(journal, "KEEP_RUNS", 1)
    change(store, tmp_path / "conf", b"0", "limited")
    with open(os.path.join(store, "limited", journal.EXPIRY), "wb"):
        pass
    for number in range(3):
        change(store, tmp_path / "conf", b"%d" % (number + 1), f"run{number}")
    assert [run.run_id for run in journal.Journal(store).runs()] == ["run2", "run1", "limited"]
    journal.Journal(store).find("limited").mark_undone()
    change(store, tmp_path / "conf", b"9", "run3")
    assert [run.run_id for run in journal.Journal(store).runs()] == ["run3", "run2"]


def test_what_is_not_ours_in_a_journal_stays(tmp_path, store, monkeypatch):
    """Folders that came into it later, those that look like a run too, and a run into which somebody put a file."""
    for number in range(3):
        change(store, tmp_path / "conf", b"%d" % number, f"run{number}")
    copy = os.path.join(store, "copy")
    shutil.copytree(os.path.join(store, "run0"), copy)
    for name in ("backup/data", "run1/notes.txt", "copy/data"):
        os.makedirs(os.path.dirname(os.path.join(store, name)), exist_ok=True)
        with open(os.path.join(store, name), "w") as handle:
            handle.write("theirs")
    os.mkdir(os.path.join(store, "empty"))
    os.symlink(str(tmp_path), os.path.join(store, "link"))
    os.mkdir(os.path.join(store, "broken"))
    with open(os.path.join(store, "broken/run.json"), "w") as handle:
        handle.write("{")
    monkeypatch.setattr(journal, "KEEP_RUNS", 1)
    kept = {"backup", "run1", "copy", "empty", "link", "broken"}
    change(store, tmp_path / "conf", b"last", "last")
    change(store, tmp_path / "conf", b"very last", "very-last")
    assert set(os.listdir(store)) == kept | {"journal.json", "lock", "last", "very-last"}
    for name in ("backup/data", "run1/notes.txt", "copy/data"):
        assert open(os.path.join(store, name)).read() == "theirs"
    with pytest.raises(ChangeError, match="Cannot create .*backup'"):
        change(store, tmp_path / "conf", b"more", "backup")


def theirs(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.write_text("theirs")


def snapshot(folder):
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        info = path.lstat()
        found[str(path)] = (info.st_mode, info.st_uid, info.st_mtime_ns, path.read_bytes() if path.is_file() else None)
    return found


@pytest.mark.parametrize("mode", [0o700, 0o755])
@pytest.mark.parametrize(
    "names",
    [
        ["project/file"],
        ["file"],
        ["lost+found/"],
        ["empty/"],
        ["night/run.json"],
        ["lock"],
        ["lock", "project/file"],
        ["lock", "night/run.json", "night/notes"],
        ["lock", "night/0001.json", "file"],
        ["journal.json", "project/file"],
        ["journal.json", "lock"],
        [".hidden"],
    ],
    ids=" ".join,
)
def test_a_directory_with_other_things_is_refused_and_stays_as_it_was(tmp_path, names, mode):
    folder, path = tmp_path / "data", tmp_path / "conf"
    folder.mkdir()
    theirs(folder, *names)
    folder.chmod(mode)
    for inner in folder.rglob("*"):
        inner.chmod(0o755)
    before = snapshot(folder)
    refused = re.escape(f"Cannot use '{folder}' as journal: it holds other things")
    uses = [
        lambda: change(str(folder), path, b"new"),
        lambda: change(str(folder) + "/", path, b"new", check=True),
        lambda: undo(str(folder)),
        lambda: restore.list_runs({"journal_dir": str(folder), "run_id": None}, None),
    ]
    for use in uses:
        with pytest.raises(ChangeError, match=refused):
            use()
    assert snapshot(folder) == before and not path.exists()


def test_the_folder_above_a_journal_is_none(tmp_path, store):
    change(store, tmp_path / "conf", b"new")
    before = snapshot(tmp_path / "vmbackup")
    with pytest.raises(ChangeError, match="it holds other things"):
        change(os.path.dirname(store), tmp_path / "conf", b"newer")
    assert snapshot(tmp_path / "vmbackup") == before


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o755])
def test_an_empty_directory_is_taken_as_it_is(tmp_path, mode):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    change(str(folder), tmp_path / "conf", b"new")
    change(str(folder), tmp_path / "conf", b"newer")
    assert folder.stat().st_mode & 0o7777 == mode
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))
    assert len(restore.list_runs({"journal_dir": str(folder), "run_id": None}, None)["runs"]) == 2


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
@pytest.mark.parametrize("used", [False, True])
def test_a_directory_into_which_others_may_write_is_refused(tmp_path, mode, used):
    folder = tmp_path / "data"
    folder.mkdir()
    if used:
        change(str(folder), tmp_path / "conf", b"new")
    folder.chmod(mode)
    before = snapshot(folder)
    with pytest.raises(ChangeError, match=f"Cannot use '{folder}' as journal: others may write into it"):
        change(str(folder), tmp_path / "conf", b"newer")
    assert snapshot(folder) == before


@pytest.mark.parametrize(("mode", "refused"), [(0o777, True), (0o1777, False), (0o755, False)])
def test_a_directory_that_others_may_replace_is_refused(tmp_path, mode, refused):
    """A link on the way leads through directories of its own."""
    open_folder, links = tmp_path / "open", tmp_path / "links"
    (open_folder / "inner").mkdir(parents=True)
    links.mkdir()
    (links / "way").symlink_to("../open/inner")
    open_folder.chmod(mode)
    for folder in (open_folder / "inner/journal", links / "way/journal2"):
        if refused:
            with pytest.raises(ChangeError, match=f"Cannot use '{folder}' as journal: others may replace what is in"):
                change(str(folder), tmp_path / "conf", b"new")
            assert not folder.exists()
        else:
            assert change(str(folder), tmp_path / "conf", folder.name.encode())["changed"]


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "replaceable"),
    [
        (0o755, 0, 0, False),
        (0o755, 4242, 0, True),
        (0o755, os.geteuid(), 0, False),
        (0o775, 0, 0, False),
        (0o775, 0, 4, True),
        (0o1775, 0, 4, False),
        (0o757, 0, 0, True),
        (0o1777, 0, 0, False),
        (0o1777, 4242, 0, True),
    ],
)
def test_who_may_replace_what_is_in_a_directory(mode, uid, gid, replaceable):
    assert journal._lets_others_replace(SimpleNamespace(st_mode=mode, st_uid=uid, st_gid=gid)) is replaceable


def test_a_link_is_not_followed(tmp_path, store):
    change(store, tmp_path / "conf", b"new")
    link, nowhere = tmp_path / "link", tmp_path / "nowhere"
    link.symlink_to(store)
    nowhere.symlink_to(tmp_path / "missing")
    for path in (str(link), f"{link}/", f"{link}/.", str(nowhere)):
        with pytest.raises(ChangeError, match="as journal: it is a symbolic link"):
            change(path, tmp_path / "conf", b"newer")
        with pytest.raises(ChangeError, match="as journal: it is a symbolic link"):
            undo(path)
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("path", ["journal", "./journal", "../journal", "."])
def test_a_path_from_nowhere_is_refused(tmp_path, path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChangeError, match=f"Cannot use '{os.path.normpath(path)}' as journal: give an absolute path"):
        change(path, tmp_path / "conf", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_journal(tmp_path):
    (tmp_path / "file").write_text("theirs")
    for path, reason in (("file", "it is not a directory"), ("file/journal", "Not a directory")):
        with pytest.raises(ChangeError, match=reason):
            change(str(tmp_path / path), tmp_path / "conf", b"new")
    assert (tmp_path / "file").read_text() == "theirs"


def test_a_journal_of_somebody_else_is_refused(tmp_path, store, monkeypatch):
    change(store, tmp_path / "conf", b"new")
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(ChangeError, match="Cannot use '.*' as journal: "):
        undo(store)


def test_a_file_of_somebody_else_or_a_link_in_a_run_is_not_read(tmp_path, store, monkeypatch):
    change(store, tmp_path / "conf", b"new", "night")
    entry = os.path.join(store, "night/0001.json")
    os.rename(entry, tmp_path / "entry")
    os.symlink(tmp_path / "entry", entry)
    with pytest.raises(ChangeError, match="0001.json': it is a symbolic link"):
        undo(store)
    os.replace(tmp_path / "entry", entry)
    own = os.geteuid()
    read = atomic.read

    def foreign(path):
        state = read(path)
        if path == entry:
            state.uid = own + 1
        return state

    monkeypatch.setattr(atomic, "read", foreign)
    with pytest.raises(ChangeError, match="0001.json': it belongs to another user"):
        undo(store)


def as_an_earlier_version_left_it(store):
    os.unlink(os.path.join(store, "journal.json"))


@pytest.mark.parametrize("lock", ["", "process 4711 (waagent_conf)"])
def test_a_journal_of_an_earlier_version_goes_on(tmp_path, store, lock):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    change(store, path, b"new", "night")
    os.makedirs(os.path.join(store, "night/guard/change"))
    os.mkdir(os.path.join(store, "night/1f2e3d4c-0.aside"))
    os.mkdir(os.path.join(store, "killed"), 0o700)
    with open(os.path.join(store, "lock"), "w") as handle:
        handle.write(lock)
    as_an_earlier_version_left_it(store)
    runs = restore.list_runs({"journal_dir": store, "run_id": None}, None)["runs"]
    assert [run["run_id"] for run in runs] == ["night"]
    undo(store)
    assert path.read_bytes() == b"old" and not os.path.exists(os.path.join(store, "journal.json"))
    change(store, path, b"newer", "next")
    assert os.path.exists(os.path.join(store, "journal.json"))
    assert [run.run_id for run in journal.Journal(store).runs()] == ["next", "night"]
    # A name that a killed run left behind can be taken again.
    change(store, path, b"newest", "killed")


@pytest.mark.parametrize("odd", ["notes.txt", "project/file", "night/notes.txt", ".hidden", "link", "lock"])
def test_what_an_earlier_version_would_not_have_made_is_no_journal(tmp_path, store, odd):
    change(store, tmp_path / "conf", b"new", "night")
    as_an_earlier_version_left_it(store)
    if odd == "lock":
        os.chmod(os.path.join(store, "lock"), 0o644)
    elif odd == "link":
        os.symlink(os.path.join(store, "night"), os.path.join(store, odd))
    else:
        theirs(tmp_path / "vmbackup/journal", odd)
    with pytest.raises(ChangeError, match="it holds other things"):
        change(store, tmp_path / "conf", b"newer")


def test_a_damaged_mark_costs_nothing(tmp_path, store):
    change(store, tmp_path / "conf", b"new")
    mark = os.path.join(store, "journal.json")
    with open(mark, "w") as handle:
        handle.write("half")
    change(store, tmp_path / "conf", b"newer")
    undo(store)
    assert (tmp_path / "conf").read_bytes() == b"new" and open(mark).read() == "half"


def test_what_killed_runs_left_is_cleaned_and_their_names_are_free(tmp_path, store):
    change(store, tmp_path / "conf", b"new")
    for name in ("night", "old"):
        os.makedirs(os.path.join(store, f".vmbackup-{name}", "1f2e3d4c-0.aside"))
    change(store, tmp_path / "conf", b"newer", "night")
    assert [name for name in os.listdir(store) if name.startswith(".vmbackup-")] == []


def test_an_entry_is_never_written_over_another(tmp_path, store, monkeypatch):
    for number in range(3):
        change(store, tmp_path / "conf", b"%d" % number, "night")
    run = journal.Journal(store).find("night")
    step = FileStep(str(tmp_path / "conf"), b"x")
    os.unlink(os.path.join(store, "night/0002.json"))
    run.add([dict(step.entry(), module="test")])
    assert os.path.exists(os.path.join(store, "night/0004.json"))
    monkeypatch.setattr(records, "MAX_ENTRIES", 4)
    with pytest.raises(ChangeError, match="Cannot add to the run 'night': it is full"):
        run.add([dict(step.entry(), module="test")])


@pytest.mark.parametrize("run_id", ["../x", "latest", "lock", "journal.json", "", "a b", "x" * 65, ".hidden", "a\n"])
def test_names_that_cannot_be_runs(run_id):
    with pytest.raises(ChangeError, match="Cannot use the run id"):
        journal.check_run_id(run_id)


def test_an_unknown_run_is_said(store):
    with pytest.raises(ChangeError, match="Cannot find the run 'nothing'"):
        undo(store, "nothing")
    with pytest.raises(ChangeError, match="Cannot find the run 'latest'"):
        undo(store)


def test_a_full_journal_stops_the_change(tmp_path, store, monkeypatch):
    path = tmp_path / "conf"
    path.write_bytes(b"old")

    def full(_path, _data):
        raise ChangeError("Cannot write 'x': the disk is full")

    monkeypatch.setattr(journal, "_write", full)
    with pytest.raises(ChangeError, match="the disk is full"):
        change(store, path, b"new")
    assert path.read_bytes() == b"old"


def test_the_list_has_no_contents(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"geheim")
    change(store, path, b"new", "night", module="waagent_conf")
    runs = restore.list_runs({"journal_dir": store, "run_id": None}, None)["runs"]
    assert runs[0]["modules"] == ["waagent_conf"] and runs[0]["touched"] == [{"kind": "file", "names": [str(path)]}]
    assert "geheim" not in json.dumps(runs)
    assert restore.list_runs({"journal_dir": store, "run_id": "other"}, None)["runs"] == []


def test_a_second_writer_waits_and_then_names_the_first(tmp_path):
    with lock.writer(str(tmp_path), "waagent_conf"):
        with pytest.raises(ChangeError, match=rf"process {os.getpid()} \(waagent_conf\) is changing this host"):
            with lock.writer(str(tmp_path), "other", wait=0.2):
                pass
    with lock.writer(str(tmp_path), "other", wait=0.2):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path):
    code = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
print(flush=True)
input()
"""
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    child.stdout.readline()
    child.kill()
    child.wait()
    with lock.writer(str(tmp_path), "next", wait=0.2):
        pass


def test_the_first_two_runs_at_once_make_one_journal(tmp_path, store, monkeypatch):
    real = os.fsync

    def other_run_first(descriptor):
        monkeypatch.setattr(os, "fsync", real)
        change(store, tmp_path / "one", b"1")
        real(descriptor)

    journal.Journal(store).prepare()
    os.unlink(f"{store}/journal.json")
    monkeypatch.setattr(os, "fsync", other_run_first)
    change(store, tmp_path / "two", b"2")
    assert len(journal.Journal(store).runs()) == 2


def test_a_draft_that_goes_by_itself_while_others_are_cleaned_up_is_no_error(tmp_path, store, monkeypatch):
    found = journal.Journal(store)
    found.prepare()
    draft = f"{store}/{atomic.TEMP_PREFIX}journal.json.1"
    open(draft, "w").close()
    real = os.unlink

    def late(path, **kwargs):
        real(path, **kwargs)
        real(path, **kwargs)

    monkeypatch.setattr(os, "unlink", late)
    found.clean()
    assert not os.path.lexists(draft)


def test_two_runs_at_once_lose_nothing(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"")

    def add(word):
        def plan():
            step = FileStep(str(path), None)
            step.data = step.before.data + word
            return transaction.Plan([step], {}, {})

        for _time in range(10):
            transaction.execute(plan, transaction.Context("test", False, None, store))

    threads = [threading.Thread(target=add, args=(word,)) for word in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.read_bytes()) == sorted(b"a" * 10 + b"b" * 10)
