# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guests as an Ansible inventory that works from anywhere on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .settings import USER

if TYPE_CHECKING:
    from .core import Lab
    from .hosts import Host


def build(lab: Lab, hosts: list[Host] | None = None) -> dict[str, Any]:
    """The inventory of all guests or of those given, in the structure of Ansible's YAML inventories."""
    chosen = lab.hosts() if hosts is None else hosts
    options = [option if " " not in option else f"'{option}'" for option in lab.ssh_options()]
    common = {
        "ansible_user": USER,
        "ansible_ssh_private_key_file": str(lab.settings.key),
        "ansible_ssh_common_args": " ".join(f"-o {option}" for option in options),
        # Guests of all labs have the same addresses: a connection that is kept must not lead to another lab's.
        "ansible_control_path_dir": str(lab.settings.run / "ssh"),
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    entries = {host.name: {"ansible_host": host.address, "lab_suite": host.spec.suite} for host in chosen}
    return {"lab": {"hosts": entries, "vars": common}}


def render(lab: Lab, hosts: list[Host] | None = None) -> str:
    """The inventory as text; JSON is YAML, and Ansible reads it from a file named .yml."""
    return json.dumps(build(lab, hosts), indent=2) + "\n"
