# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of the probe and of the changes run as root: the account that signed in does not choose which and how."""

import json
import os
import subprocess
import sys

import pytest

UTILS = "ansible_collections.vmbackup.azure.plugins.module_utils"
OURS = f"""
import os, sys
def seen():
    "The environment, the directory and the answer of a command, as a section or a module sees them."
    import json
    from {UTILS}._guest.host import Host
    from {UTILS}._change.commands import run
    commands = [Host().run(["uname"])[1], run(["uname"]).out]
    return json.dumps([dict(os.environ), os.getcwd(), commands]).encode()
"""

PROBE = f"""
from {UTILS}._guest import apart
sys.stdout.write(apart.run(seen, 20).decode())
"""

MODULE = f"""
from {UTILS}._change import module
class Module:
    check_mode, params = False, {{"run_id": None, "journal_dir": "/nowhere"}}
    def __init__(self, **_options): pass
    def exit_json(self, seen, **_result): sys.stdout.write(seen)
module.Module = Module
module.run("name", {{}}, lambda params, context: {{"seen": seen().decode()}})
"""


@pytest.fixture
def planted(tmp_path):
    """A home with commands of its own, and the environment of its account."""
    (tmp_path / "uname").write_text("#!/bin/sh\necho planted\n")
    (tmp_path / "uname").chmod(0o755)
    return {
        **os.environ,
        "PATH": f".:{tmp_path}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "OPENSSL_CONF": str(tmp_path / "openssl.cnf"),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "RPM_CONFIGDIR": str(tmp_path),
    }


@pytest.mark.parametrize("entry", [PROBE, MODULE])
def test_neither_path_nor_home_nor_directory_are_those_of_the_account(planted, tmp_path, entry):
    ended = subprocess.run(
        [sys.executable, "-c", OURS + entry],
        cwd=tmp_path,
        env=planted,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    environment, directory, answers = json.loads(ended.stdout)
    assert answers == ["Linux\n", "Linux\n"]
    assert directory == "/"
    assert str(tmp_path) not in " ".join(environment.values())
    assert set(environment) == {"PATH", "HOME", "LANG", "LC_ALL"}
    assert all(folder.startswith("/") for folder in environment["PATH"].split(":"))
