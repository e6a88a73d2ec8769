# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook says of how to take back what it changed is a whole command, to be copied to its end."""

import re

import pytest
from test_diagnose_playbook import REPO, Fleet, conf

TEXTS = [*(REPO / "playbooks").rglob("*.yml"), *(REPO / "roles").rglob("tasks/*.yml")]
GIVEN = {
    "proxy": {"proxy_setup_url": "http://10.0.0.5:3128", "proxy_setup_clients": "guest", "proxy_setup_run_id": "r1"},
    "network_path": {"network_path_hosts": "guest", "network_path_run_id": "r1"},
}


@pytest.mark.parametrize(("book", "prefix"), [("proxy", "proxy_setup"), ("network_path", "network_path")])
def test_the_command_undoes_the_run_on_guests_and_in_azure(tmp_path, book, prefix):
    fleet = Fleet(tmp_path)
    fleet.book = book
    fleet.answers("guest", conf("y"), """echo '{"changed": false}'""")
    fleet.hosts["guest"]["ansible_python_interpreter"] = "/usr/bin/python3"
    done = fleet.run("-e", "diagnose_become=false", **{f"{prefix}_report_dir": str(tmp_path / "kept")}, **GIVEN[book])
    options = f"-i {tmp_path}/inventory.json -e undo_report_dir={tmp_path}/kept -e undo_run_id=r1"
    command = f'To undo: ansible-playbook vmbackup.azure.undo {options}"'
    assert command in " ".join(done.stdout.split()), done.stdout + done.stderr


def test_nothing_follows_a_command():
    commands = [line for path in TEXTS for line in re.findall(r"undo_command\(.*", path.read_text("utf-8"))]
    assert len(commands) > 3 and not [line for line in commands if re.search(r"\}\}\s*[^\s\"'}]", line)]
