# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import signal

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.vmbackup.azure.plugins.module_utils._change import answer, commands, module, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import cannot
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep, QuietStep

SETTINGS = {"My.Password": "Hush1", "Foo": "svc:Hush2@proxy.example", "Extensions.Enabled": "y", "api_key": 31323334}
OPTIONS = {"settings": {"type": "dict"}, "url": {"type": "str"}}
SECRETS = ("Hush", "31323334")


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a module, and gives its result and what it wrote to the guest's log."""

    def run(work, **params):
        log = []
        params = {"settings": SETTINGS, "url": "http://u:Hush3@h:1/?k=Hush4", **params}
        # Since ansible-core 2.21 the invocation is in the result only if it was asked for.
        asked = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}
        given = json.dumps({"ANSIBLE_MODULE_ARGS": {"_ansible_verbosity": 3, **asked, **params}}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", given)
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        monkeypatch.setattr(basic, "has_journal", False)
        monkeypatch.setattr(module.Module, "_log_to_syslog", lambda _self, text: log.append(str(text)))
        with pytest.raises(SystemExit):
            module.run("example", OPTIONS, work)
        return json.loads(capsys.readouterr().out), "\n".join(log)

    return run


def test_the_log_of_the_guest_has_no_secret(run):
    _result, log = run(lambda _params, _context: {"changed": False})
    assert "Invoked with" in log and "Extensions.Enabled" in log and "proxy.example" in log
    assert not any(secret in log for secret in SECRETS)


@pytest.mark.parametrize(
    "work",
    [
        lambda params, _context: {
            "changed": True,
            "after": params["settings"],
            "url": params["url"],
            "warnings": ["token=Hush5"],
        },
        lambda params, _context: (one for one in ()).throw(
            cannot("use", params["url"], "no", settings=params["settings"])
        ),
        lambda params, _context: int("Hush6"),
        lambda params, _context: open("/nowhere/password=Hush7"),
    ],
    ids=["result", "refusal", "surprise", "no file"],
)
def test_no_result_has_a_secret(run, work):
    result, log = run(work)
    text = json.dumps(result) + log
    assert not any(secret in text for secret in SECRETS)
    assert result["invocation"]["module_args"]["settings"] == {
        "My.Password": "***",
        "Foo": "***@proxy.example",
        "Extensions.Enabled": "y",
        "api_key": "***",
    }


def test_options_that_are_none_show_no_secret(run):
    result, log = run(lambda _params, _context: {}, stat="present")
    assert "Unsupported parameters" in result["msg"]
    assert not any(secret in json.dumps(result) + log for secret in SECRETS)


def test_a_surprise_says_where_it_happened(run):
    result, _log = run(lambda _params, _context: int("Hush6"))
    assert result["msg"].startswith("Cannot run 'example': ValueError at test_module.py:")
    assert "exception" not in result


class Hangs(QuietStep):
    def apply(self, _run):
        signal.pause()


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(answer, "SILENT_SECONDS", 3)


def test_work_that_hangs_is_left_behind(run, soon):
    result, _log = run(lambda _params, _context: signal.pause())
    assert result["msg"] == "Cannot run 'example': no answer within 3 s: a file system or device does not answer"
    assert not result.get("changed")


def test_a_change_that_hangs_half_way_says_how_to_undo_it(run, soon, tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    steps = [FileStep(str(path), b"new"), Hangs()]
    result, _log = run(
        lambda _params, context: transaction.execute(lambda: transaction.Plan(steps, {}, {}), context),
        run_id="night",
        journal_dir=str(tmp_path / "journal"),
    )
    assert (result["changed"], result["run_id"]) == (True, "night")
    assert result["journal"] == str(tmp_path / "journal/night") and path.read_text() == "new"


def test_work_that_is_only_slow_comes_to_its_end(run, soon):
    def work(_params, _context):
        for _number in range(4):
            commands.run(["sleep", "1"], timeout=20)
        return {"changed": False, "whole": True}

    assert run(work)[0]["whole"] is True


def test_work_that_is_killed_is_told(run):
    result, _log = run(lambda _params, _context: os.kill(os.getpid(), signal.SIGKILL))
    assert result["msg"] == "Cannot run 'example': its process was killed"
