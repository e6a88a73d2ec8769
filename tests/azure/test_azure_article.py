# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of docs/article.md that act on Azure, as someone would paste them."""

import os
import re
import subprocess

import pytest
from test_azure_acts import GROUPS, NSG, machine
from test_azure_fix import REPO

TEXT = (REPO / "docs/article.md").read_text("utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"(?m)(?:^|`)(ansible localhost .*?)(?:`|$)", TEXT)))
RESTORE = next(command for command in COMMANDS if "azure_journal_restore" in command)
MACHINES = {"azure_vm_extension": "app-ext", "deallocated": "app-rdp", "reapply": "app-failed", "backup_run": "app-win"}
"""What a command acts on, by a word of it."""


def paste(command, azure, folder):
    vm = next((machine(name) for word, name in MACHINES.items() if word in command), "")
    environment = {**os.environ, **azure.environment(), "VM": vm, "NSG": NSG, "ANSIBLE_LOCALHOST_WARNING": "false"}
    environment.update(ANSIBLE_COLLECTIONS_PATH=f"{REPO}/.collections", ANSIBLE_INVENTORY_UNPARSED_WARNING="false")
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != RESTORE])
def test_a_command_of_the_article_works(standin, tmp_path, command):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    azure.cloud.settings.update(retry_after=0.05, operation_seconds=0, snapshot_seconds=0)
    assert "CHANGED" in paste(command, azure, tmp_path)
    if "azure_nsg_rule" in command:
        assert '"nsg_rule allow-proxy"' in paste(RESTORE, azure, tmp_path)
    assert azure.unhandled() == []
