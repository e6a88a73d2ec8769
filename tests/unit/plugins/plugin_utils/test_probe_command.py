# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe may run as root: nothing that the account that signs in can write decides which code it runs."""

import glob
import json
import os
import subprocess
import sys

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import _PYTHONS, probe_command
from ansible_collections.vmbackup.azure.plugins.plugin_utils._script import probe_script

OTHERS = glob.glob(os.path.expanduser("~/.pyenv/versions/3.*/bin/python3"))
OTHERS.sort(key=lambda path: int(path.split("/3.")[1].split(".")[0]))
PYTHONS = sorted({sys.executable, *OTHERS[:1], *OTHERS[-1:]})
MODULES = sorted({*sys.stdlib_module_names, "sitecustomize", "usercustomize", "module_utils"} - {"__main__"})
SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"


class Guest:
    """The home of an account: whatever runs in it leaves its name in the file ``ran``."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.home.mkdir()
        self.tree = folder / "tree"
        self.tree.mkdir()
        self._ran = folder / "ran"
        self.environment = {"PATH": SYSTEM, "HOME": str(self.home)}

    def plant_modules(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in MODULES:
            (folder / f"{name}.py").write_text(f"open({str(self._ran)!r}, 'a').write({str(folder / name)!r} + '\\n')\n")

    def plant_commands(self, folder, *names):
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / name).write_text(f"#!/bin/sh\necho {folder}/{name} >>{self._ran}\n")
            (folder / name).chmod(0o755)

    def probe(self, command):
        """Runs a command as the connection does: in the home, with the script as its input."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            input=probe_script(),
            capture_output=True,
            cwd=self.home,
            env=self.environment,
            timeout=600,
            check=False,
        )

    @property
    def options(self):
        return {"root": str(self.tree), "timeout": 10}

    @property
    def ran(self):
        return self._ran.read_text().splitlines() if self._ran.exists() else []


@pytest.fixture
def guest(tmp_path):
    return Guest(tmp_path)


def user_packages(python, home):
    asked = "import sysconfig; print(sysconfig.get_path('purelib', 'posix_user'))"
    environment = {"HOME": str(home), "PYTHONUSERBASE": str(home / ".local")}
    ended = subprocess.run([python, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.strip()


def assert_answered(ended):
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["platform"] == "linux"


@pytest.mark.parametrize("python", PYTHONS)
def test_a_module_in_the_directory_of_the_start_is_not_imported(guest, python):
    guest.plant_modules(guest.home)
    assert_answered(guest.probe(probe_command([python], guest.options)))
    assert guest.ran == []


@pytest.mark.parametrize("python", PYTHONS)
def test_nothing_of_the_users_own_packages_is_imported(guest, python):
    packages = user_packages(python, guest.home)
    assert packages.startswith(str(guest.home))
    guest.plant_modules(guest.home / packages)
    (guest.home / packages / "evil.pth").write_text("import usercustomize\n")
    assert_answered(guest.probe(probe_command([python], guest.options)))
    assert guest.ran == []


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    "name", ["PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONINSPECT"]
)
def test_no_variable_brings_code_in(guest, python, name):
    planted = guest.home / "lib"
    guest.plant_modules(planted)
    value = {"PYTHONSTARTUP": f"{planted}/json.py", "PYTHONWARNINGS": "error::base64.Evil"}.get(name, str(planted))
    guest.environment[name] = value
    assert_answered(guest.probe(probe_command([python], guest.options)))
    assert guest.ran == []


@pytest.mark.parametrize("path", ["{home}/bin:" + SYSTEM, ".:" + SYSTEM, ":" + SYSTEM, "bin:" + SYSTEM])
def test_an_interpreter_of_the_users_path_is_not_taken(guest, path):
    for folder in (guest.home, guest.home / "bin"):
        guest.plant_commands(folder, "python3", "python", "platform-python", "env")
    guest.environment["PATH"] = path.format(home=guest.home)
    assert_answered(guest.probe(probe_command(_PYTHONS, guest.options)))
    assert guest.ran == []


def test_a_guest_without_python_says_so(guest):
    ended = guest.probe(probe_command(["/nowhere/python3"], guest.options))
    assert (ended.returncode, ended.stdout) == (127, b"")
