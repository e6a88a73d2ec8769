# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis without Ansible: one ssh a host with the probe as a script, judged by the same checks.

python benchmarks/plain.py INVENTORY FORKS, with an inventory as run.py writes it.
"""

from __future__ import annotations

import json
import pathlib
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / ".collections"))

from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._script import LAUNCH, probe_script  # noqa: E402

PROBE = shlex.join(["sudo", "python3", "-IS", "-c", LAUNCH])


def main(inventory: str, forks: str) -> None:
    group = json.loads(pathlib.Path(inventory).read_text("utf-8"))["all"]
    with ThreadPoolExecutor(int(forks)) as pool:
        for state in pool.map(partial(ask, group["vars"]), group["hosts"].values()):
            diagnose(state)


def ask(settings: dict, host: dict) -> dict:
    """The state of one guest."""
    login = ["-i", settings["ansible_ssh_private_key_file"]] if "ansible_ssh_private_key_file" in settings else []
    extra = shlex.split(settings.get("ansible_ssh_common_args", ""))
    target = f"{settings.get('ansible_user', 'root')}@{host['ansible_host']}"
    command = [settings.get("ansible_ssh_executable", "ssh"), *extra, *login, target, PROBE]
    ended = subprocess.run(command, input=probe_script(), capture_output=True, check=True)
    return json.loads(ended.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
