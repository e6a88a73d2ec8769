# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: built, installed, run by its name, and held against Ansible's own sanity tests."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import pytest
from integration.stage import stand_ins

REPO = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.executable).parent
# Those that need nothing from outside and that the linters do not cover; validate-modules is run by its own program.
SANITY = "action-plugin-docs ignores shebang symlinks".split()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Where the collection lies after its installation."""
    folder = tmp_path_factory.mktemp("installed")
    galaxy = [BIN / "ansible-galaxy", "collection"]
    run(REPO, *galaxy, "build", "--output-path", folder)
    (archive,) = folder.glob("vmbackup-azure-*.tar.gz")
    run(folder, *galaxy, "install", archive, "--collections-path", folder, "--offline", "--no-deps")
    return folder / "ansible_collections/vmbackup/azure"


def run(folder, *command, **environment):
    paths = {"PATH": f"{BIN}:{os.environ['PATH']}", "ANSIBLE_COLLECTIONS_PATH": "", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **paths, **environment}, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_playbook_of_the_collection_runs_by_its_name(installed, tmp_path):
    inventory = REPO / "examples/fleet/inventory.yml"
    run(
        tmp_path,
        *(BIN / "ansible-playbook", "vmbackup.azure.diagnose", "-i", inventory),
        ANSIBLE_COLLECTIONS_PATH=str(installed.parents[2]),
    )
    report = json.loads((tmp_path / "vmbackup-report/report.json").read_text("utf-8"))
    assert len(report["hosts"]) == report["summary"]["hosts"] > 10


def test_what_is_installed_passes_the_sanity_tests(installed, tmp_path):
    tests = [word for name in SANITY for word in ("--test", name)]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [BIN / "ansible-test", "sanity", "--color", "no", *tests, "--python", python]
    run(installed, *command, HOME=str(tmp_path))


@pytest.mark.skipif(not importlib.util.find_spec("voluptuous"), reason="validate-modules needs voluptuous")
def test_modules_are_valid(installed, tmp_path):
    problems = stand_ins.pshost_problems()
    kinds = ["*.py"] if problems else ["*.py", "*.ps1", "*.yml"]
    if not problems:
        (tmp_path / "pwsh").symlink_to(stand_ins.pshost("linux") / "pwsh")
    modules = [path.relative_to(installed) for kind in kinds for path in installed.glob(f"plugins/modules/{kind}")]
    tool = importlib.util.find_spec("ansible_test").submodule_search_locations[0]
    shown = run(
        installed,
        *(sys.executable, f"{tool}/_util/controller/sanity/validate-modules/validate.py", "--format", "json"),
        *("--arg-spec", "--collection", "ansible_collections/vmbackup/azure", "--collection-version", "1.0.0"),
        *modules,
        ANSIBLE_COLLECTIONS_PATH=str(installed.parents[2]),
        PATH=f"{tmp_path}:{BIN}:{os.environ['PATH']}",
    )
    assert {path: found["errors"] for path, found in json.loads(shown).items() if found["errors"]} == {}
