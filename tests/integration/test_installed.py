# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: built, installed, run by its name, and held against Ansible's own sanity tests."""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
from importlib.metadata import version

import pytest
import terminal
import yaml
from integration.stage import stand_ins

REPO = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.executable).parent
# pslint asks PowerShell's gallery for its analyser, and validate-modules is run by its own program below.
SANITY_LEFT = ("pslint", "validate-modules")

# ansible-core 2.16 still asks for what Python 2 needed.
PYTHON_2 = ("empty-init", "future-import-boilerplate", "metaclass-boilerplate")


def run(folder, *command, **environment):
    paths = {"PATH": f"{BIN}:{os.environ['PATH']}", "ANSIBLE_COLLECTIONS_PATH": "", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **paths, **environment},
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
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


def test_the_answer_comes_last_with_the_default_callback(installed, tmp_path):
    inventory = REPO / "examples/fleet/inventory.yml"
    paths = {"ANSIBLE_COLLECTIONS_PATH": str(installed.parents[2])}
    status, text = terminal.run([BIN / "ansible-playbook", "vmbackup.azure.diagnose", "-i", inventory], tmp_path, paths)
    assert status == 0 and "PLAY RECAP" in text, text
    assert terminal.screen(text)[-2] == f"Report: {tmp_path}/vmbackup-report/report.html"


@pytest.mark.once
def test_the_checkout_passes_the_sanity_tests(tmp_path):
    checkout = tmp_path / "ansible_collections/vmbackup/azure"
    run(REPO, "git", "clone", "--quiet", REPO, checkout)
    # ansible-test looks here for the script with which it brings pip into its virtual environments.
    cache = tmp_path / ".ansible/test/cache"
    cache.mkdir(parents=True)
    for pip in ("23_1_2", "24_0", "25_2"):
        (cache / f"get_pip_{pip}.py").write_text("import ensurepip\nensurepip.bootstrap(default_pip=True)\n")
    skipped = SANITY_LEFT + (PYTHON_2 if version("ansible-core").startswith("2.16.") else ())
    left = [word for name in skipped for word in ("--skip-test", name)]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    run(checkout, BIN / "ansible-test", "sanity", "--color", "no", *left, "--python", python, HOME=str(tmp_path))


@pytest.mark.once
def test_galaxy_takes_the_archive(installed, tmp_path):
    if not importlib.util.find_spec("galaxy_importer"):
        pytest.skip("galaxy-importer is not installed")
    (archive,) = installed.parents[2].glob("vmbackup-azure-*.tar.gz")
    shown = run(tmp_path, sys.executable, "-m", "galaxy_importer.main", archive)
    assert "Importer processing completed successfully" in shown


def test_the_parts_that_are_needed_are_enough(installed, tmp_path):
    """Only meta, plugins, roles and playbooks installed: documentation and examples are not needed to run."""
    lean = tmp_path / "ansible_collections/vmbackup/azure"
    for part in ("meta", "plugins", "roles", "playbooks"):
        shutil.copytree(installed / part, lean / part)
    run(
        tmp_path,
        *(BIN / "ansible-playbook", "vmbackup.azure.diagnose", "-i", REPO / "examples/fleet/inventory.yml"),
        ANSIBLE_COLLECTIONS_PATH=str(tmp_path),
    )
    assert json.loads((tmp_path / "vmbackup-report/report.json").read_text("utf-8"))["summary"]["hosts"] > 10


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


def test_an_execution_environment_gets_what_connections_need(installed):
    builder = BIN / "ansible-builder"
    if not builder.exists():
        pytest.skip("ansible-builder is not installed")
    listed = yaml.safe_load(run(installed, builder, "introspect", installed.parents[2]))
    assert {"pywinrm[kerberos]", "pypsrp[kerberos]", "azure-core", "azure-identity"} <= {
        one.split("#")[0].strip().strip("'") for one in listed["python"]
    }
    assert any(one.startswith("krb5-workstation") for one in listed["system"])
