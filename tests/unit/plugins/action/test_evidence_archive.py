# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action finds the module of the guest's platform, and leaves nothing on the guest that it cannot use."""

import base64
import errno
import hashlib
import json
import os
import pathlib
import re
import zipfile
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.action import evidence_archive
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _saved

SYSTEMS = {"vmbackup.azure.evidence_archive": False, "vmbackup.azure.win_evidence_archive": True}


@pytest.fixture
def made(tmp_path):
    """An archive on the guest."""
    path = tmp_path / "guest.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"kind": "vmbackup.evidence", "schema": 1, "files": []}))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"path": str(path), "name": "guest.zip", "size": path.stat().st_size, "sha256": digest}


@pytest.fixture
def run(monkeypatch, tmp_path, made):
    """Runs the action with a guest that answers commands by ``answer``; gives the modules that were called."""

    def run(windows, answer, **args):
        monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
        action = evidence_archive.ActionModule.__new__(evidence_archive.ActionModule)
        shell = SimpleNamespace(_IS_WINDOWS=windows, tmpdir="tmp", join_path=lambda *parts: "/".join(parts))
        lost = []
        action._connection = SimpleNamespace(_shell=shell, set_become_plugin=lost.append)
        action._task = SimpleNamespace(args={"dest": str(tmp_path / "here"), **args}, check_mode=False, timeout=0)
        calls, sent = [], []
        action._make_tmp_path = lambda: "tmp"
        action._transfer_data = lambda path, text: sent.append(text) or path
        action._fixup_perms2 = lambda _paths: None
        action._remove_tmp_path = lambda path: calls.append(("removed", path))
        action._diagnosis = lambda _vars: {"state": {"at": "2026-11-28T00:00:00Z"}}
        action._low_level_execute_command = lambda command: {"stdout": answer(command)}

        def module(module_name, module_args, task_vars):
            calls.append((module_name, module_args))
            return dict(made) if module_args.get("state") != "absent" else {"path": None}

        action._execute_module = module
        outcome = SimpleNamespace(calls=calls, sent=sent, become_taken_back=lost)
        try:
            outcome.result = action.run(task_vars={"inventory_hostname": "web1"})
        except (AnsibleActionFail, AnsibleConnectionFailure) as error:
            outcome.error = error
        return outcome

    return run


def whole(made):
    """The guest that gives the archive."""
    with open(made["path"], "rb") as file:
        coded = base64.b64encode(file.read()).decode()
    return lambda _command: f"vmbackup<{coded}>vmbackup"


@pytest.mark.parametrize(("module", "windows"), SYSTEMS.items())
def test_the_module_of_the_platform_makes_and_removes_it(run, made, module, windows):
    outcome = run(windows, whole(made), max_mib=7)
    assert outcome.result["dest"].endswith("/here/web1.zip") and not outcome.result["resumed"]
    assert outcome.calls == [
        (module, {"max_mib": 7, "documents": "tmp/documents.json"}),
        ("removed", "tmp"),
        (module, {"state": "absent", "name": "guest.zip"}),
    ]
    assert outcome.become_taken_back == ([None] if windows else [])


def test_documents_reach_windows_as_lines_that_need_no_reader_of_json(run, made):
    outcome = run(True, whole(made))
    lines = dict(line.split(" ", 1) for line in outcome.sent[0].splitlines())
    assert json.loads(lines["state"]) == {"at": "2026-11-28T00:00:00Z"} and "version" in json.loads(lines["about"])


@pytest.mark.parametrize(("module", "windows"), SYSTEMS.items())
def test_an_archive_that_cannot_be_had_does_not_stay_on_the_guest(run, module, windows):
    outcome = run(windows, lambda _command: "")
    assert re.match("Cannot fetch '.*guest.zip'", str(outcome.error))
    assert outcome.calls[-1] == (module, {"state": "absent", "name": "guest.zip"})


@pytest.fixture
def here(tmp_path):
    """The directory of archives on the controller, with an earlier one."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here/web1.zip").write_bytes(b"earlier")
    return tmp_path / "here"


def test_an_archive_that_is_refused_does_not_replace_an_earlier_one(run, made, here):
    with zipfile.ZipFile(made["path"], "a") as archive:
        archive.writestr("other", b"")
    data = pathlib.Path(made["path"]).read_bytes()
    made.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
    outcome = run(False, whole(made))
    assert "it has a member with the name 'other'" in str(outcome.error)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {"web1.zip": b"earlier"}
    assert outcome.calls[-1][1] == {"state": "absent", "name": "guest.zip"}


def test_an_archive_is_kept_for_the_next_run_when_the_disk_is_full(run, made, here, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(evidence_archive.Download, "fetch", full)
        outcome = run(False, whole(made))
    assert str(outcome.error) == f"Cannot write '{here}/web1.zip.part': No space left on device"
    assert [call for call in outcome.calls if call[1] == {"state": "absent", "name": "guest.zip"}] == []
    again = run(False, whole(made))
    assert again.result["resumed"] and (here / "web1.zip").read_bytes() == pathlib.Path(made["path"]).read_bytes()


def lost(_command):
    raise AnsibleConnectionFailure("gone")


def test_an_archive_of_other_options_is_not_fetched_to_its_end(run, made):
    run(False, lost, redact=False, directory="/raw")
    outcome = run(False, whole(made), redact=True)
    assert not outcome.result["resumed"]
    module = "vmbackup.azure.evidence_archive"
    assert outcome.calls[:2] == [
        (module, {"directory": "/raw", "state": "absent", "name": "guest.zip"}),
        (module, {"redact": True, "documents": "tmp/documents.json"}),
    ]
    run(False, lost, redact=True)
    assert run(False, whole(made), redact=True).result["resumed"]


def test_what_is_half_fetched_is_no_guest_to_who_reads_what_was_saved(run, made, here):
    run(False, lost)
    assert len(list(here.iterdir())) == 3
    assert [saved.path.name for saved in _saved.found([str(here)], 60)] == ["web1.zip"]


def test_an_archive_is_kept_for_the_next_run_when_the_connection_is_lost(run):
    outcome = run(True, lost)
    assert isinstance(outcome.error, AnsibleConnectionFailure)
    assert [call for call in outcome.calls if call[1] == {"state": "absent", "name": "guest.zip"}] == []
