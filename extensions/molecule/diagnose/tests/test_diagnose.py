# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report names the one broken guest, and both guests are as they were."""

import json
import os
from pathlib import Path

import pytest

BROKEN = "guest-trixie"  # see prepare.yml


@pytest.fixture(scope="module")
def report():
    """The report of the converge step, its hosts by name."""
    folder = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "report")
    assert (folder / "report.html").exists()
    written = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {entry["host"]: entry for entry in written["hosts"]}


def test_report_names_what_was_broken_and_only_there(host, report):
    name = host.backend.get_hostname()
    failed = [finding["id"] for finding in report[name]["findings"] if finding["status"] == "fail"]
    blocked = ("blocked", "extensions_enabled", ["extensions_enabled"])
    found = (report[name]["verdict"], report[name]["first_cause"], failed)
    assert found == blocked if name == BROKEN else failed == []


def test_agent_still_runs(host):
    assert host.service("walinuxagent").is_running


def test_guest_is_as_it_was(host):
    with host.sudo():
        changed = host.check_output("find /etc /usr /opt /home /root -newer /root/prepared -type f")
    assert changed == ""
