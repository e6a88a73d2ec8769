# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was saved of guests is found wherever it lies, and what cannot be read stops no other one."""

import gzip
import hashlib
import json
import os
import pathlib
import re
import zipfile

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _saved
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._unjudged import MOST, lines, unjudged

CAPTURE = pathlib.Path(__file__).resolve().parents[4] / "examples/fleet/captures/extensions-off.json"
STATE = json.loads(CAPTURE.read_text("utf-8"))


def archive(path, about=None, state=STATE):
    documents = {"about": about, "state": state}
    files = {f"{name}.json": json.dumps(value).encode() for name, value in documents.items() if value is not None}
    listed = [{"name": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()]
    manifest = {"kind": "vmbackup.evidence", "schema": 1, "files": listed, "host": "its-own"}
    with zipfile.ZipFile(path, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
        made.writestr("manifest.json", json.dumps(manifest))
    return path


def names(*paths):
    return [saved.name for saved in _saved.found(map(str, paths), 15)]


def result(path):
    (saved,) = _saved.found([str(path)], 15)
    return _saved.judged(saved, {})


def test_each_kind_has_its_name(tmp_path):
    (tmp_path / "a%2Fb.json").write_text("{}")
    (tmp_path / "web2.json.gz").write_bytes(gzip.compress(b"{}"))
    archive(tmp_path / "x.zip", {"inventory_hostname": "web3"})
    archive(tmp_path / "y.zip")
    (tmp_path / "z.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "notes.txt").write_text("")
    assert names(tmp_path) == ["a/b", "web2", "web3", "its-own", "z"]


def test_a_report_gives_the_states_of_its_run(tmp_path):
    (tmp_path / "states").mkdir()
    (tmp_path / "report.json").write_text("{}")
    (tmp_path / "states/web1.json.gz").write_bytes(gzip.compress(json.dumps(STATE).encode()))
    assert names(tmp_path) == ["web1"]


def test_names_that_are_not_one_guests_say_the_file(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "web1.json").write_text("{}")
    paths = [tmp_path / "a/web1.json", tmp_path / "b/web1.json"]
    assert names(*paths) == [f"web1 ({path})" for path in paths]


def test_disks_are_named_by_what_they_say(tmp_path):
    for name, text in (("one", "web1\n"), ("two", None)):
        (tmp_path / name / "etc").mkdir(parents=True)
        (tmp_path / name / "etc/fstab").write_text("")
        if text:
            (tmp_path / name / "etc/hostname").write_text(text)
    assert names(tmp_path) == ["web1", str(tmp_path / "two")]


@pytest.mark.parametrize("about", [[1], {"inventory_hostname": {"a": 1}}, {"inventory_hostname": 7}, {}])
def test_an_archive_without_a_name_has_that_of_its_system(tmp_path, about):
    assert names(archive(tmp_path / "x.zip", about)) == ["its-own"]


@pytest.mark.parametrize("name", ["a" * 5000, "\u20ac" * 50, "a\ud800", "\x1b[2Jweb2", "web1\nweb2", "  ", ""])
def test_a_name_that_no_report_can_have_is_not_taken(tmp_path, name):
    assert names(archive(tmp_path / "x.zip", {"inventory_hostname": name})) == ["its-own"]


@pytest.mark.parametrize("name", ["a" * 300, "\x1b[2Jweb2"])
def test_a_disk_with_such_a_name_has_that_of_its_place(tmp_path, name):
    (tmp_path / "disk/etc").mkdir(parents=True)
    (tmp_path / "disk/etc/fstab").write_text("")
    (tmp_path / "disk/etc/hostname").write_text(name)
    assert names(tmp_path / "disk") == [str(tmp_path / "disk")]


def test_a_file_whose_name_acts_is_shown_by_it(tmp_path):
    (tmp_path / "%1b%5b2J.json").write_text("{}")
    assert names(tmp_path) == ["%1b%5b2J"]


def test_a_directory_with_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="it holds no guest state, no archive and no system"):
        names(tmp_path)


@pytest.mark.parametrize(
    ("path", "said"), [("~nobody-has-this-name", "~nobody-has-this-name"), ("x" * 300, "File name too long")]
)
def test_a_path_that_no_file_can_have_is_a_sentence(path, said):
    with pytest.raises(ValueError, match=f"Cannot (diagnose|read) '.*{said}"):
        [_saved.loaded(saved) for saved in _saved.found([path], 5)]


def test_an_archive_is_judged_as_its_guest_was(tmp_path):
    judged, state = result(archive(tmp_path / "x.zip"))
    assert {**judged, "host": None} == {"host": None, "reason": None, "vm": {}, **diagnose(STATE)}
    assert state["captured"] == STATE["captured"]


def test_a_disk_is_judged_and_says_what_it_cannot(tmp_path):
    (tmp_path / "disk/etc").mkdir(parents=True)
    (tmp_path / "disk/etc/os-release").write_text("ID=debian\n")
    (tmp_path / "disk/etc/waagent.conf").write_text("Extensions.Enabled=n\n")
    (tmp_path / "disk/usr/bin").mkdir(parents=True)
    (tmp_path / "disk/usr/bin/env").write_text("")
    judged, state = result(tmp_path)
    assert (judged["host"], judged["reason"], state["mode"]) == (str(tmp_path / "disk"), None, "tree")
    found = {finding["id"]: (finding["status"], finding["gap"]) for finding in judged["findings"]}
    assert found["extensions_enabled"] == ("fail", None) and found["wire_http_80"] == ("unknown", "live")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json", b"{", "Cannot read '.*a.json': "),
        ("a.json", b"[]", "Cannot judge '.*a.json': it is not a mapping"),
        ("fix.json", b'{"schema": 1, "hosts": []}', "Cannot judge '.*fix.json': it has no platform"),
        ("a.json", b"[" * 100_000, "Cannot read '.*a.json': "),
        ("cut.json", b'{"schema": 1,', "Cannot read '.*cut.json': it is not JSON"),
        ("a.json.gz", b"\x1f\x8b", "Cannot read '.*a.json.gz': damaged gzip file"),
        ("a.json.gz", gzip.compress(b"[" * (9 << 20)), "Cannot read '.*a.json.gz': it is larger than 8 MiB"),
        ("a.json", b" " * (9 << 20), "Cannot read '.*a.json': it is larger than 8 MiB"),
        ("a.zip", b"PK\x03\x04", "Cannot read '.*a.zip': it is truncated"),
    ],
)
def test_what_cannot_be_read_is_a_result(tmp_path, name, data, reason):
    path = tmp_path / name
    path.write_bytes(data)
    judged, state = result(path)
    assert (judged["verdict"], judged["findings"], state) == ("unknown", [], None)
    assert re.match(reason, judged["reason"])


def test_an_archive_without_a_state_says_so(tmp_path):
    assert "because the guest could not be probed" in result(archive(tmp_path / "a.zip", state=None))[0]["reason"]
    assert "No such file" in result(tmp_path / "b.json")[0]["reason"]


def finding(id_, gap=None, why="x", status="unknown"):
    return {"id": id_, "status": status, "gap": gap, "why": why}


def test_reasons_are_told_with_their_checks_and_hosts():
    hosts = [
        {"host": "web1", "findings": [finding("a", "live"), finding("b", "live"), finding("c", None, "no log")]},
        {"host": "web2", "findings": [finding("a", "live"), finding("d", status="ok")]},
    ]
    found = unjudged({"hosts": hosts})
    assert found == [
        {"gap": "live", "reason": "needs a running system", "checks": ["a", "b"], "hosts": ["web1", "web2"]},
        {"gap": None, "reason": "no log", "checks": ["c"], "hosts": ["web1"]},
    ]
    assert list(lines(found)) == ["Not judged", "  2 hosts: needs a running system: a, b", "  web1: no log: c"]
    assert list(lines([])) == [] and len(list(lines(found * MOST))) == MOST + 2


def test_what_hangs_whoever_reads_it_stops_no_other_one(tmp_path):
    os.mkfifo(tmp_path / "dead.json")
    dead, alive = _saved.found([str(tmp_path / "dead.json"), str(CAPTURE)], 5)
    judged, state = _saved.judged(dead, {})
    assert (judged["host"], judged["verdict"], state) == ("dead.json", "unknown", None)
    assert judged["reason"] == f"Cannot read '{dead.path}': no answer within 5 s"
    assert _saved.judged(alive, {})[0]["verdict"] == "blocked"
