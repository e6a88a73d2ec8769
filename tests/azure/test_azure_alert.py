# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An alert of Azure Backup, posted to the real ansible-rulebook: the report of that host, with the code of its job."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
GROUP = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/prod-app"
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/"
TOKEN = "the-token-of-the-webhook"

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not (PROGRAMS / "ansible-rulebook").exists(), reason="ansible-rulebook is not installed"),
    pytest.mark.skipif(not shutil.which("java"), reason="ansible-rulebook needs Java 17, which is not installed"),
]


def alert(machine, **changes):
    """An alert of Azure Backup in the common schema of Azure Monitor; fields as a vault sends them."""
    essentials = {
        "alertRule": "Backup Failure",
        "severity": "Sev1",
        "signalType": "Log",
        "monitorCondition": "Fired",
        "monitoringService": "Azure Backup",
        "configurationItems": ["vault"],
        "targetResourceType": "microsoft.recoveryservices/vaults",
    }
    context = {
        "category": "Jobs",
        "sourceType": "VM",
        "linkedResourceId": machine,
        "extendedInfo": {"occurrenceCount": 1},
    }
    data = {"essentials": {**essentials, **changes.pop("essentials", {})}, "alertContext": {**context, **changes}}
    return {"schemaId": "azureMonitorCommonAlertSchema", "data": data}


class Rulebook:
    """ansible-rulebook as it runs with the collection's rulebook."""

    def __init__(self, folder, hosts, **variables):
        # Kept until the end: no one else gets this port, and a listener may share it.
        self._reserved = socket.socket()
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind(("127.0.0.1", 0))
        self.port = self._reserved.getsockname()[1]
        inventory, given = folder / "hosts.json", folder / "variables.json"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
        given.write_text(json.dumps({"failed_backup_token": TOKEN, "failed_backup_port": self.port, **variables}))
        # Each of the tools has its own idea of colours, which a log does not need.
        environment = {
            "ANSIBLE_NOCOLOR": "1",
            **os.environ,
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(REPO / ".collections"),
        }
        command = ["ansible-rulebook", "-r", "vmbackup.azure.failed_backup", "-i", inventory, "-e", given]
        self.log = folder / "log"
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=self.log.open("wb"), stderr=subprocess.STDOUT
        )

    def __enter__(self):
        self.wait(self._listens)
        return self

    def __exit__(self, *_error):
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reserved.close()

    def _listens(self):
        try:
            return self.post({}, "none") == 401
        except OSError:
            return False

    def post(self, document, token=TOKEN):
        """The status that a posted document is answered with."""
        body, headers = json.dumps(document).encode(), {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/endpoint", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def wait(self, condition):
        end = time.monotonic() + 600
        while not condition():
            log = self.log.read_text("utf-8")
            assert self._process.poll() is None and "Traceback" not in log and time.monotonic() < end, log[-5000:]
            time.sleep(0.2)


def test_an_alert_ends_in_a_report_of_that_host_with_its_code(standin, tmp_path):
    standin("article")
    state = {"diagnose_state_file": str(REPO / "examples/fleet/states/web-eu-01.json"), "ansible_connection": "local"}
    hosts = {name: {**state, "id": MACHINE + name} for name in ("app-ext", "app-failed")}
    reports = tmp_path / "alerts"
    report = reports / "app-ext/report.json"
    with Rulebook(tmp_path, hosts, failed_backup_report_dir=str(reports)) as rulebook:
        assert rulebook.post(alert(MACHINE + "app-failed", essentials={"monitorCondition": "Resolved"})) == 200
        assert rulebook.post(alert(MACHINE + "app-failed", essentials={"monitoringService": "Platform"})) == 200
        for _time in range(3):  # Alerts come several times.
            assert rulebook.post(alert(MACHINE + "app-ext")) == 200
        rulebook.wait(report.exists)
        assert rulebook.post(alert(MACHINE + "elsewhere")) == 200
        rulebook.wait(lambda: "no host of the inventory is this machine" in rulebook.log.read_text("utf-8"))
    (host,) = json.loads(report.read_text("utf-8"))["hosts"]
    assert host["host"] == "app-ext" and host["azure"]["name"] == "app-ext"
    assert host["error_code"] == {"code": "ExtensionOperationFailedForManagedDisks", "from": "job"}
    assert list(reports.iterdir()) == [report.parent]
    log = rulebook.log.read_text("utf-8")
    assert log.count("TASK [Finish the report]") == 1 and TOKEN not in log
