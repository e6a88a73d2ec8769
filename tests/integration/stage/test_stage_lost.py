# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection is lost while a fix runs, which ends the fix: the next run finishes it, and undo takes back both."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import threading
import time
from pathlib import Path

import pytest
import stand_ins

pytestmark = pytest.mark.stage

GUEST = f"t{os.getpid()}-99"
JOURNAL = "ProgramData/vmbackup/journal"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
FIX = {"vmbackup.azure.win_backup_services": {"run_id": "night", "verify_seconds": 0}}
THIRD = {**FIX, "register": "third"}
QUIET = {"ansible.builtin.assert": {"that": "not third.changed"}}
UNDO = {"vmbackup.azure.journal_restore": {"run_id": "night"}}


class Line(http.server.ThreadingHTTPServer):
    """Passes WinRM on to a guest. Armed, it breaks the wait for output as soon as the guest has begun to change."""

    daemon_threads = True

    def __init__(self, address: str, begun):
        super().__init__(("127.0.0.1", 0), Relay)
        self.address, self.begun, self.armed, self.broken = address, begun, False, False
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.armed and b"/Receive</" in body:
            self.server.broken = self.server.begun()
            self.close_connection = True
            return
        guest = http.client.HTTPConnection(self.server.address, 5985, timeout=400)
        guest.request("POST", self.path, body, dict(self.headers))
        answer = guest.getresponse()
        text = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "WWW-Authenticate"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments) -> None:
        pass


@pytest.fixture(scope="module")
def guest():
    """A stand-in whose agent is disabled, on this machine's loopback, and the line to it."""
    problems = stand_ins.problems()
    if problems:
        pytest.skip(f"no Windows stand-ins on this machine: {'; '.join(problems)}")
    stage = stand_ins.Stage(own_network=False)
    try:
        stage.start({GUEST: "agent-disabled"})
        journal = stage.file(GUEST, JOURNAL)

        def begun() -> bool:
            end = time.monotonic() + 300
            while time.monotonic() < end:
                if any(journal.glob("night/[0-9]*.json")):
                    return True
                time.sleep(0.01)
            return False

        line = Line(str(stage.reach(GUEST)["address"]), begun)
        yield stage, line
        line.shutdown()
        line.server_close()
    finally:
        stage.close()


def run(guest, folder: Path, *tasks: dict):
    """Runs tasks by way of the line."""
    stage, line = guest
    (folder / "book.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    way = {"ansible_host": "127.0.0.1", "ansible_port": line.server_port}
    # Longer than the line holds back an answer.
    return stage.playbook(folder / "book.yml", **way, ansible_winrm_read_timeout_sec=400)


def services(stage: stand_ins.Stage) -> set[str]:
    """What the registry has of services, key by key, without what Ansible and Wine write there."""
    return {part for part in stage.registry(GUEST, SERVICES) if not re.search(r"\\Services\\EventLog", part, re.I)}


def test_a_fix_that_lost_its_connection(guest, tmp_path):
    stage, line = guest
    before = services(stage)

    line.armed = True
    lost = run(guest, tmp_path, FIX)
    line.armed = False
    assert line.broken and lost.returncode != 0
    assert "Remote end closed connection" in lost.stdout + lost.stderr

    again = run(guest, tmp_path, FIX, THIRD, QUIET)
    assert again.returncode == 0, again.stdout + again.stderr
    assert services(stage) != before

    undone = run(guest, tmp_path, UNDO)
    assert undone.returncode == 0, undone.stdout + undone.stderr
    assert sorted(services(stage) ^ before) == []
