# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command of README and docs, pasted into a shell in a directory that has nothing but what the page speaks of."""

import gzip
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import pytest
import yaml
from test_diagnose_playbook import Fleet

REPO = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.executable).parent
PAGES = [REPO / "README.md", REPO / "CONTRIBUTING.md", *sorted(REPO.glob("docs/*.md"))]

LEFT = {
    "make diagnose": "installs ansible-core from the package index",
    "make check": "runs tests itself",
    "make test": "runs tests itself",
    "make site": "runs for a minute; test_site.py builds it without the reference",
    "make fuzz": "runs for minutes; part of the tests of the readers",
    "make oracles": "fetches packages of Debian",
    "python benchmarks/": "runs for minutes; results are in docs/benchmarks.md",
    "python -m lab": "needs root and base images; the tests marked lab do it",
    "molecule": "needs root and base images; the tests marked lab do it",
    "ansible -i /run/vmbackup-lab": "needs root and base images; the tests marked lab do it",
    "python3 -m pip install": "asks the package index",
    "ansible-galaxy collection install": "asks Galaxy; the collection under test is installed from its archive",
    "sh tests/windows/pshost/build-sdk.sh": "needs the .NET SDK",
    "-e diagnose_azure=true": "signs in to Azure",
    "ansible-playbook vmbackup.azure.azure ": "signs in to Azure",
    "ansible-runner run": "needs the directory of a job; test_runners.py makes one",
    "ansible-rulebook": "waits for alerts until it is stopped",
    "ansible-playbook vmbackup.azure.failed_backup": "signs in to Azure",
    "ansible-playbook vmbackup.azure.test_backup": "signs in to Azure",
    "ansible-playbook vmbackup.azure.schedule": "signs in to Azure",
    "ansible-playbook tests/azure/": "signs in to Azure",
    "ansible-playbook -i hosts.yml tests/windows/": "changes a Windows guest",
    "vgrename": "needs a disk with LVM; test_linux_volumes.py has one",
    "vgchange": "needs a disk with LVM; test_linux_volumes.py has one",
    "ansible-playbook vmbackup.azure.diagnose_saved -e diagnose_saved=/mnt/rescue": "needs a mounted disk;"
    " test_linux_volumes.py mounts one",
    "ansible-playbook vmbackup.azure.verbose_logging": "changes a guest; the tests marked lab do it",
    "ansible-playbook vmbackup.azure.collect_logs": "needs a booted guest; the tests marked lab do it",
    "ansible-playbook vmbackup.azure.network_path": "needs booted guests; the tests marked lab do it",
    "ansible-playbook vmbackup.azure.proxy": "needs booted guests; the tests marked lab do it",
    "ansible localhost -m vmbackup.azure.azure_": "signs in to Azure; tests/azure/test_azure_article.py runs it",
    "ansible-playbook vmbackup.azure.undo": "needs a booted guest that has this run; the tests marked lab do it",
}
"""Commands that cannot run here, by how they begin."""


def commands(page):
    """The commands of a page as someone would paste them."""
    text = page.read_text("utf-8")
    for block in re.findall(r"(?s)```console\n(.*?)```", text):
        yield from statements(block)
    for block in re.findall(r"(?s)```yaml\n(.*?)```", text):
        if page.name == "ci.md":
            for command in steps(yaml.load(block, yaml.BaseLoader)):
                yield from statements(command)


def statements(text):
    """One command for each line, or for several where a quotation or a backslash goes on."""
    pending = ""
    for line in text.splitlines():
        pending += line
        try:
            words = shlex.split(pending.removesuffix("\\"), comments=True)
        except ValueError:
            words = []
            pending += "\n"
            continue
        if pending.endswith("\\"):
            pending += "\n"
            continue
        if words:
            yield pending
        pending = ""
    assert not pending, pending


def steps(tree):
    """What the steps of a pipeline run."""
    if isinstance(tree, list):
        for one in tree:
            yield from steps(one)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in ("run", "script"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from steps(value)


def reason(command):
    return next((why for start, why in LEFT.items() if command.startswith(start) or f" {start}" in command), None)


ALL = [(page, command) for page in PAGES for command in commands(page)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the pages speak of: an inventory, states, archives, an approved plan, reports of earlier runs."""
    made, states = tmp_path_factory.mktemp("ops"), REPO / "examples/fleet/states"
    guests = tmp_path_factory.mktemp("guests")
    fleet = Fleet(guests)
    for name, saved in (("web1", "web-eu-01"), ("web2", "web-eu-01")):
        fleet.answers(name, json.loads((states / f"{saved}.json").read_text("utf-8")))
    # Their ssh client answers a probe that comes as one script, without sudo.
    settings = {"ansible_pipelining": True, "diagnose_become": False}
    groups = {"region_eu": {"hosts": {"web1": {}}}, "region_us": {"hosts": {"web2": {}}}}
    inventory = {"all": {"hosts": fleet.hosts, "vars": settings, "children": groups}}
    (made / "hosts.yml").write_text(yaml.safe_dump(inventory))
    shutil.copy(REPO / "examples/fleet/azure.json", made)
    for name in ("good", "web1"):
        shutil.copy(states / "web-eu-01.json", made / f"{name}.json")
    for name in ("report-monday", "vmbackup-report"):
        (made / name / "states").mkdir(parents=True)
        (made / name / "report.json").write_text("{}")
        (made / name / "states/web1.json.gz").write_bytes(gzip.compress((states / "web-eu-01.json").read_bytes()))
    (made / "vmbackup-evidence").mkdir()
    with zipfile.ZipFile(made / "vmbackup-evidence/bad.zip", "w") as archive:
        archive.write(states / "web-eu-02.json", "state.json")
        archive.writestr("manifest.json", json.dumps({"kind": "vmbackup.evidence", "schema": 1, "files": []}))
    text = (REPO / "docs/nights.md").read_text("utf-8")
    (waivers,) = (block for block in re.findall(r"(?s)```yaml\n(.*?)```", text) if "owner:" in block)
    (made / "waivers.yml").write_text(waivers.replace("2026-", "2099-"))
    return made


@pytest.mark.parametrize(
    ("page", "command"), ALL, ids=[f"{page.name}: {' '.join(command.split())}" for page, command in ALL]
)
def test_a_command_works_as_it_is_documented(page, command, installed, folder):
    why = reason(command)
    if why:
        pytest.skip(why)
    if command.startswith("-e "):
        command = f"ansible-playbook vmbackup.azure.diagnose -i hosts.yml {command}"
    program = shlex.split(command)[0]
    if not shutil.which(program, path=f"{BIN}:{os.environ['PATH']}"):
        pytest.skip(f"{program} is not installed")
    surroundings = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(installed.parents[2]),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "HOME": str(folder),
    }
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=REPO if program == "make" else folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("start", LEFT)
def test_what_is_left_out_is_documented(start):
    assert any(command.startswith(start) or f" {start}" in command for _page, command in ALL)


def test_pages_have_commands():
    """So that a change of their form does not go unnoticed."""
    assert len([command for _page, command in ALL if reason(command) is None]) >= 20
