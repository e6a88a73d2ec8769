# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guest's files mean stands in one room, and what Azure fixes in one place of it."""

import ast
import pathlib
import re
import sys

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import azure

REPO = pathlib.Path(__file__).resolve().parents[2]
UTILS = REPO / "plugins/module_utils"
CONSTANTS = UTILS / "_guest/azure.py"
CODE = sorted(path for path in (REPO / "plugins").rglob("*.py") if path != CONSTANTS)
WORD = re.compile(r"[A-Z]\w+-Vmb\w+")
FIXED = (azure.WIRE_SERVER, azure.IMDS_SERVER, azure.HOST_PLUGIN_PORT, azure.MINIMUM_AGENT)


def imported(path):
    """The relative imports of a file, as paths below module_utils."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            for alias in node.names:
                yield (base / alias.name).relative_to(UTILS).parts


@pytest.mark.parametrize("room", ["_probe", "_change"])
def test_the_room_knows_neither_of_those_who_use_it(room):
    found = [path.name for path in (UTILS / "_guest").rglob("*.py") for parts in imported(path) if parts[0] == room]
    assert found == []


@pytest.mark.parametrize(("one", "other"), [("_probe", "_change"), ("_change", "_probe")])
def test_those_who_use_it_know_nothing_of_each_other(one, other):
    found = [path.name for path in (UTILS / one).rglob("*.py") for parts in imported(path) if parts[0] == other]
    assert found == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(REPO)))
def test_what_azure_fixes_is_written_once(path):
    constants = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    assert [value for value in FIXED if value in constants] == []


def test_the_rooms_of_powershell_know_only_what_both_share():
    """The name of a file says its room: probe, change, evidence, or shared by them. Evidence is kept as changes are."""
    texts = {path.name: path.read_text("utf-8") for path in UTILS.glob("*.psm1")}
    rooms = {name: re.match(r"_Win(Shared|Probe|Change|Evidence)", name)[1] for name in texts}
    made = {made: rooms[name] for name, text in texts.items() for made in re.findall(r"(?m)^Function ([\w-]+)", text)}
    used = {(rooms[name], made[word]) for name, text in texts.items() for word in WORD.findall(text) if word in made}
    rooms_known = {(room, other) for room in ("Shared", "Probe", "Change", "Evidence") for other in (room, "Shared")}
    assert used == rooms_known | {("Evidence", "Change")}


@pytest.mark.parametrize("module", sorted((REPO / "plugins/modules").glob("*.ps1")), ids=lambda path: path.stem)
def test_a_module_of_windows_probes_changes_or_collects(module):
    rooms = set(re.findall(r"module_utils\._Win(Shared|Probe|Change|Evidence)", module.read_text("utf-8")))
    assert rooms in ({"Shared", "Probe"}, {"Shared", "Change"}, {"Shared", "Change", "Evidence"})


NEW = {"contextvars", "dataclasses", "graphlib", "importlib.metadata", "importlib.resources", "tomllib", "zoneinfo"}
"""Modules that Python 3.6 does not have."""
FRAME = UTILS / "_change/module.py"
"""The only file that needs Ansible."""


@pytest.mark.parametrize("path", sorted(UTILS.rglob("*.py")), ids=lambda path: str(path.relative_to(UTILS)))
def test_guest_code_is_python_3_6_and_its_standard_library(path):
    tree = ast.parse(path.read_text("utf-8"), path.name, feature_version=(3, 6))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        for name in names:
            known = name.partition(".")[0] in sys.stdlib_module_names
            assert known and name not in NEW or path == FRAME, f"line {node.lineno} imports {name}"


AROUND_HOST = {"open", "glob.glob", "io.open"}
AROUND_HOST |= {f"os.{name}" for name in "access listdir lstat readlink stat walk".split()}
AROUND_HOST |= {f"os.path.{name}" for name in "exists getmtime getsize isdir isfile islink lexists".split()}


def test_the_probe_reads_through_host():
    """In a tree, never blocked, and no more than a bounded part."""
    found = [
        f"{path.name}:{node.lineno} {ast.unparse(node.func)}"
        for path in sorted((UTILS / "_probe").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in AROUND_HOST
    ]
    assert found == []
