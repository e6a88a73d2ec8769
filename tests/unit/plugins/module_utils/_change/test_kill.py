# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at random moments: the file is the old one or the new one, and the next run cleans up."""

import os
import random
import signal
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    atomic,
    edit_waagent_conf,
    journal,
    restore,
    transaction,
    vmbackup_conf,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.environment_file import EnvironmentFile
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep

TRIES = 150
# Large enough for a write to take a moment.
FILLER = b"# " + b"x" * 60 + b"\n"


def waagent_conf(path, odd):
    return edit_waagent_conf.plan(path, {"Extensions.Enabled": "y" if odd else "n"})


def environment(path, odd):
    step = FileStep(path, None)
    conf = EnvironmentFile(step.before.data)
    conf.set("http_proxy", f"http://proxy:{3128 if odd else 8080}")
    step.data = conf.data
    return transaction.Plan([step], {}, {})


def vmbackup(path, odd):
    return vmbackup_conf.plan(path, "SnapshotThread", {"timeout": "60" if odd else "600"})


def dropin(path, odd):
    return transaction.Plan([FileStep(path, FILLER * 2000 + (b"[Service]\n" if odd else b""))], {}, {})


EDITORS = {
    waagent_conf: FILLER * 2000 + b"Extensions.Enabled=n\n",
    environment: FILLER * 2000 + b"http_proxy=http://proxy:8080\n",
    vmbackup: b"[SnapshotThread]\n" + FILLER * 2000 + b"timeout = 600\n",
    dropin: FILLER * 2000,
}


def write_until_killed(make_plan, path, store):
    odd = True
    while True:
        context = transaction.Context("test", False, "run" if odd else "back", store)
        transaction.execute(lambda odd=odd: make_plan(path, odd), context)
        odd = not odd


@pytest.mark.parametrize("make_plan", EDITORS, ids=lambda editor: editor.__name__)
def test_killed_at_any_moment(tmp_path, make_plan):
    path, store = str(tmp_path / "etc" / "file"), str(tmp_path / "journal")
    os.mkdir(tmp_path / "etc")
    with open(path, "wb") as handle:
        handle.write(EDITORS[make_plan])
    old = EDITORS[make_plan]
    new = make_plan(path, True).steps[0].data
    assert old != new
    moment = time.monotonic()
    transaction.execute(lambda: make_plan(path, True), transaction.Context("test", False, "run", store))
    duration = time.monotonic() - moment
    killed_halfway = 0
    for _ in range(TRIES):
        child = os.fork()
        if child == 0:
            try:
                write_until_killed(make_plan, path, store)
            finally:
                os._exit(1)
        time.sleep(random.uniform(0.0, 3 * duration))
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        with open(path, "rb") as handle:
            content = handle.read()
        assert content in (old, new)
        killed_halfway += bool(atomic.leftovers(path))
        for run in journal.Journal(store).runs():
            restore.plan(run)  # whatever was interrupted, undo knows what to do
    assert killed_halfway, "no try hit the write itself"
    transaction.execute(lambda: make_plan(path, True), transaction.Context("test", False, "end", store))
    assert os.listdir(tmp_path / "etc") == ["file"]


def test_a_run_without_changes_cleans_up_too(tmp_path):
    path, store = tmp_path / "file", str(tmp_path / "journal")
    path.write_bytes(b"same")
    (tmp_path / ".vmbackup-file.1.dead").write_bytes(b"half")

    def make_plan():
        return transaction.Plan([FileStep(str(path), b"same")], {}, {})

    transaction.execute(make_plan, transaction.Context("test", True, None, store))
    assert (tmp_path / ".vmbackup-file.1.dead").exists()
    assert not transaction.execute(make_plan, transaction.Context("test", False, None, store))["changed"]
    assert not (tmp_path / ".vmbackup-file.1.dead").exists()
