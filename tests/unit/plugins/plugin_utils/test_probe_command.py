# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing of the user who signs in runs as root: root starts the probe in that user's directory and environment."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import probe_command
from ansible_collections.vmbackup.azure.plugins.plugin_utils._script import probe_script

PYENV = pathlib.Path("~/.pyenv/versions").expanduser()
PYTHONS = [sys.executable, *sorted(map(str, PYENV.glob("3.6.*/bin/python3")))]
MODULES = "base64 json zlib importlib re subprocess sitecustomize usercustomize encodings".split()
PLANTED = "import pathlib\npathlib.Path({mark!r}).touch()\nraise SystemExit(0)\n"


@pytest.fixture
def home(tmp_path):
    """The home of somebody who has put modules in every place where Python might look for them."""
    mark = str(tmp_path / "it-ran")
    folders = [tmp_path, tmp_path / "path"]
    for version in ("3.6", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"):
        folders.append(tmp_path / f".local/lib/python{version}/site-packages")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for name in MODULES:
            (folder / f"{name}.py").write_text(PLANTED.format(mark=mark))
        (folder / "planted.pth").write_text(f"import pathlib; pathlib.Path({mark!r}).touch()\n")
    (tmp_path / "startup.py").write_text(PLANTED.format(mark=mark))
    return tmp_path


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: path.split("/")[-3])
def test_the_probe_imports_nothing_of_the_user(home, python):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(home / "path"),
        "PYTHONUSERBASE": str(home / ".local"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "PYTHONINSPECT": "1",
    }
    tree = home / "tree"
    tree.mkdir()
    options = {"root": str(tree), "wire_server": "127.0.0.1", "wire_port": 1, "host_plugin_port": 1}
    done = subprocess.run(
        probe_command([python], options),
        input=probe_script(),
        shell=True,
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert json.loads(done.stdout)["platform"] == "linux", done.stderr
    assert not (home / "it-ran").exists()
    assert not (home / "__pycache__").exists()
