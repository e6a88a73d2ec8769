# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check explained on the terminal."""

import os
import subprocess

import pytest
from test_diagnose_playbook import PLAYBOOK, REPO


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["-e", "check=agent_masked"], 0, ["agent_unmasked (Linux)", "Formerly     agent_masked"]),
        (
            ["-e", "check=GuestAgentSnapshotTaskStatusError"],
            2,
            ["error codes are explained by a diagnosis, -e diagnose_error_code=GuestAgentSnapshotTaskStatusError"],
        ),
        (["-e", "check=agent_maskd"], 2, ["Cannot explain 'agent_maskd': unknown check; did you mean agent_masked"]),
        ([], 2, ["Cannot explain without the id of a check: give -e check=ID"]),
    ],
)
def test_explain(arguments, status, said):
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"}
    command = [PLAYBOOK, "playbooks/explain.yml", *arguments]
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert [part for part in said if part not in done.stdout + done.stderr] == []


def test_the_page_is_the_last_thing_on_the_screen():
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "default"}
    command = [PLAYBOOK, "playbooks/explain.yml", "-e", "check=agent_unmasked"]
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert "PLAY RECAP" in done.stdout.partition("agent_unmasked (Linux)")[0], done.stdout
