# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the files of a run hold: the run is listed, kept, and undone or refused in one sentence; others go on."""

import copy
import json
import os
import pathlib
import random
import shutil
import tempfile

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    commands,
    journal,
    restore,
    routes,
    scripts,
    systemd,
    transaction,
    undo_actions,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep


class RunningAgent:
    def __init__(self, unit):
        self.name = unit

    def is_active(self):
        return True


SEED = 11
STATE = {
    "active": True,
    "active_state": "active",
    "enabled": True,
    "unit_file_state": "enabled",
    "masked": False,
    "links": ["/etc/systemd/system/multi-user.target.wants/walinuxagent.service"],
}
OTHER_KINDS = (
    {"kind": "unit", "unit": "walinuxagent.service", "before": STATE},
    {"kind": "unmasked", "unit": "walinuxagent.service", "before": STATE, "mark": "1f2e3d4c"},
    {"kind": "script", "service": "walinuxagent", "before": STATE},
    {
        "kind": "moved",
        "unit": "walinuxagent.service",
        "active": True,
        "items": [{"path": "/nowhere/handler-1", "aside": "1f2e3d4c-0"}],
    },
    {"kind": "commands", "interface": "eth0", "undo": [["ifdown", "eth0"], ["ifup", "eth0"]]},
    {
        "kind": "routes",
        "interface": "eth0",
        "way": {"interface": "eth0", "gateway": "10.0.0.1", "metric": 100},
        "added": ["20.38.0.0/17"],
        "deleted": ["52.239.140.0/22"],
    },
    {"kind": "reload"},
)
FILES = ["run.json", *(f"{number:04d}.json" for number in range(1, 10))]


@pytest.fixture
def folder():
    """A directory in memory where there is one: thousands of syncs cost nothing there."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as path:
        yield pathlib.Path(path)


@pytest.fixture(autouse=True)
def no_services(monkeypatch):
    """Nothing of this machine is asked or touched."""
    monkeypatch.setattr(systemd.Systemd, "state", lambda _self, _unit: dict(STATE))
    monkeypatch.setattr(systemd.Systemd, "do", lambda *_arguments: None)
    monkeypatch.setattr(scripts.ScriptService, "state", lambda _self: dict(STATE))
    monkeypatch.setattr(undo_actions, "Agent", RunningAgent)
    monkeypatch.setattr(routes, "by", lambda _way: {"20.38.0.0/17"})
    monkeypatch.setattr(routes, "bring", lambda _way, wanted: [one.split("/") for one in wanted])
    monkeypatch.setattr(commands, "run", lambda _argv, timeout=0: commands.Result(0, "", ""))


def change(store, path, data, run_id):
    context = transaction.Context("waagent_conf", False, run_id, store)
    return transaction.execute(lambda: transaction.Plan([FileStep(str(path), data)], {}, {}), context)


def undo(store, run_id):
    return restore.work({"run_id": run_id}, transaction.Context("journal_restore", False, None, store))


def listed(store):
    runs = restore.list_runs({"journal_dir": store, "run_id": None}, None)["runs"]
    json.dumps(runs).encode()
    return {run["run_id"]: run for run in runs}


class Fixture:
    """A journal with an older run, a run of every kind of entry, and a newer run."""

    def __init__(self, folder):
        self.store, self.run = str(folder / "journal"), folder / "journal/night"
        self.old, self.conf, self.made, self.new = (folder / name for name in ("old", "conf", "a/made", "new"))
        for path in (self.old, self.conf, self.new):
            path.write_bytes(b"before")
        change(self.store, self.old, b"after", "old")
        change(self.store, self.conf, b"after", "night")
        change(self.store, self.made, b"after", "night")
        entries = [dict(entry, module="guest_dhcp") for entry in OTHER_KINDS]
        journal.Journal(self.store).find("night").add(entries)
        change(self.store, self.new, b"after", "new")
        self.saved = folder / "saved"
        shutil.copytree(self.run, self.saved)

    def restore(self):
        """Make the run, and what it changed, as they were before the damage."""
        shutil.rmtree(self.run, ignore_errors=True)
        shutil.copytree(self.saved, self.run)
        self.made.parent.mkdir(exist_ok=True)
        for path in (self.old, self.conf, self.made, self.new):
            path.write_bytes(b"after")
        for name in ("old", "new"):
            (self.run.parent / name / "undone.json").unlink(missing_ok=True)


@pytest.fixture
def made(folder):
    return Fixture(folder)


def hold(made, exactly=True):
    """The property: no other exception than ChangeError, in one sentence; nothing half undone; others go on.

    Random bytes can make another path or digest of the right form: then what undo does is up to them.
    """
    runs = listed(made.store)
    assert set(runs) >= {"old", "new"} and runs["old"]["damaged"] is runs["new"]["damaged"] is None
    assert list(runs)[0] == "new"
    night = runs["night"]
    try:
        undo(made.store, "night")
    except ChangeError as error:
        assert str(error).startswith("Cannot ") and "\n" not in str(error)
        assert not exactly or made.conf.read_bytes() == made.made.read_bytes() == b"after"
    else:
        assert not exactly or (made.conf.read_bytes() == b"before" and not made.made.exists())
    if night["damaged"]:
        assert night["damaged"].startswith(f"Cannot read '{made.run}") and "\n" not in night["damaged"]
    assert undo(made.store, "latest")["run_id"] == "new" and made.new.read_bytes() == b"before"
    assert undo(made.store, "old")["changed"] and made.old.read_bytes() == b"before"
    return night["damaged"]


DEEP = b"[" * 100000
WHOLE = {
    "empty": b"",
    "blank": b" \n",
    "list": b"[]",
    "list of objects": b'[{"order": 1, "kind": "file"}]',
    "null": b"null",
    "number": b"7",
    "long number": b'{"schema": 1, "order": ' + b"9" * 5000 + b"}",
    "very long number": b"9" * 900000,
    "text": b'"file"',
    "object": b"{}",
    "deep": DEEP + b"]" * len(DEEP),
    "deep and open": DEEP,
    "deep object": b'{"a":' * 50000 + b"1" + b"}" * 50000,
    "binary": bytes(range(256)),
    "zeros": b"\0" * 4096,
    "UTF-16": '{"order": 1}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "Latin-1": b'{"kind": "\xe4"}',
    "large": b'{"kind": "' + b"x" * (2 * 1024 * 1024) + b'"}',
    "larger": b"[" + b"[]," * (6 * 1024 * 1024) + b"[]]",
    "not finite": b'{"schema": 1, "order": Infinity}',
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("name", ["run.json", "0001.json", "0005.json"])
def test_a_file_with_something_else(made, name, data):
    made.restore()
    (made.run / name).write_bytes(data)
    assert name in hold(made)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut(made, name):
    data = (made.saved / name).read_bytes()
    # Without the last line feed it is whole.
    for length in range(0, len(data) - 1, 3):
        made.restore()
        (made.run / name).write_bytes(data[:length])
        assert name in hold(made)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("instead", ["nothing", "folder", "link", "dead link", "fifo", "loop"])
def test_a_file_that_is_something_else(made, name, instead):
    path = made.run / name
    path.unlink()
    if instead == "folder":
        path.mkdir()
    elif instead == "fifo":
        os.mkfifo(path)
    elif instead != "nothing":
        path.symlink_to({"link": made.saved / name, "dead link": "nowhere", "loop": name}[instead])
    if (name, instead) == (FILES[-1], "nothing"):
        assert hold(made) is None  # as after a kill before it was written
    else:
        assert name in hold(made)


ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    10**15,
    10**30,
    2**32,
    "",
    "x",
    "a\0b",
    "\ud800",
    "/x" * 3000,
    [],
    [[]],
    [None],
    {},
    {"a": []},
]


def places(value, way=()):
    """Every place in a JSON value."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*way, key))


def with_other(value, way, other):
    """A copy with something else in one place; with `...` the place is gone."""
    if not way:
        return other
    changed = copy.deepcopy(value)
    inner = changed
    for key in way[:-1]:
        inner = inner[key]
    if other is ...:
        del inner[way[-1]]
    else:
        inner[way[-1]] = other
    return changed


@pytest.mark.parametrize("name", FILES)
def test_every_value_replaced_by_one_of_another_type(made, name):
    whole = json.loads((made.saved / name).read_bytes())
    refused = 0
    for way in places(whole):
        for other in [*ODD, ...] if way else ODD:
            made.restore()
            (made.run / name).write_text(json.dumps(with_other(whole, way, other)))
            refused += bool(hold(made))
    assert refused


@pytest.mark.parametrize("name", FILES)
def test_more_names_do_no_harm(made, name):
    whole = json.loads((made.saved / name).read_bytes())
    for more in ("number", "data", "running", "x"):
        made.restore()
        (made.run / name).write_text(json.dumps({**whole, more: {"a": [1]}}))
        assert hold(made) is None and made.conf.read_bytes() == b"before"


def test_bytes_at_random(made):
    source = random.Random(SEED)
    for _case in range(400):
        made.restore()
        path = made.run / source.choice(os.listdir(made.run))
        data = bytearray(path.read_bytes() or b"x")
        for _byte in range(source.randint(1, 4)):
            data[source.randrange(len(data))] = source.randrange(256)
        path.write_bytes(bytes(data))
        hold(made, exactly=False)


def test_a_run_without_a_readable_run_json_is_undone_by_its_entries(made):
    for data in (b"", b'{"order":', bytes(range(256)), b"[]", b"null", None):
        made.restore()
        if data is None:
            (made.run / "run.json").unlink()
        else:
            (made.run / "run.json").write_bytes(data)
        runs = listed(made.store)
        assert list(runs) == ["new", "night", "old"] and "run.json'" in runs["night"]["damaged"]
        assert [touched["kind"] for touched in runs["night"]["touched"]][:2] == ["file", "file"]
        result = undo(made.store, "night")
        assert result["changed"] and "run.json'" in result["warnings"][0]
        assert made.conf.read_bytes() == b"before" and listed(made.store)["night"]["undone"]


def test_a_damaged_run_stays_and_other_changes_go_on(made, monkeypatch):
    monkeypatch.setattr(journal, "KEEP_RUNS", 1)
    for name in ("run.json", "0001.json"):
        made.restore()
        (made.run / name).write_bytes(b"[]")
        before = {path: path.read_bytes() for path in made.run.rglob("*") if path.is_file()}
        for number in range(3):
            assert change(made.store, made.new, b"%d" % number, f"more-{name}-{number}")["changed"]
        assert {path: path.read_bytes() for path in made.run.rglob("*") if path.is_file()} == before
        with pytest.raises(ChangeError, match="Cannot use the run 'night': it is damaged; use another run_id"):
            change(made.store, made.new, b"x", "night")
        assert listed(made.store)["night"]["damaged"]


def test_a_run_of_which_nothing_can_be_read_is_listed_and_refused(made):
    for path in made.run.iterdir():
        path.write_bytes(b"\0")
    night = listed(made.store)["night"]
    assert night["damaged"] and night["touched"] == []
    with pytest.raises(ChangeError, match="0001.json': it is damaged"):
        undo(made.store, "night")


@pytest.mark.parametrize("earlier", [False, True])
def test_a_damaged_run_keeps_its_place(made, earlier):
    """By its entries; those of an earlier version do not say it, and the time does."""
    newest = made.run.parent / "new"
    if earlier:
        entry = json.loads((newest / "0001.json").read_bytes())
        del entry["order"]
        (newest / "0001.json").write_text(json.dumps({**entry, "time": "2199-01-01T00:00:00Z"}))
    (newest / "run.json").write_bytes(b"")
    assert list(listed(made.store)) == ["new", "night", "old"]
    assert undo(made.store, "latest")["run_id"] == "new"


def test_a_run_of_another_version_is_refused(made):
    for facts in ({"schema": 2}, {"kind": "registry"}):
        made.restore()
        entry = {**json.loads((made.saved / "0007.json").read_bytes()), **facts}
        (made.run / "0007.json").write_text(json.dumps(entry))
        with pytest.raises(ChangeError, match="version"):
            undo(made.store, "night")
        assert made.conf.read_bytes() == b"after" and listed(made.store)["night"]


def test_a_host_that_is_cut_off_comes_back_by_the_entries_that_can_be_read(made):
    made.restore()
    (made.run / "run.json").write_bytes(b"")
    (made.run / "0002.json").write_bytes(b"[]")
    restore.undo_module(journal.Journal(made.store).find("night"), "waagent_conf", True)
    assert made.conf.read_bytes() == b"before"


def test_the_order_never_grows_beyond_what_can_be_read(made):
    about = json.loads((made.run / "run.json").read_bytes())
    (made.run / "run.json").write_text(json.dumps({**about, "order": 10**9}))
    for number in range(3):
        change(made.store, made.old, b"%d" % number, f"later-{number}")
    runs = listed(made.store)
    assert len(runs) == 6 and not any(run["damaged"] for run in runs.values())
