# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script carries the probe with all that it imports, and nothing that only a change needs."""

import ast
import importlib.util
import json
import pathlib
import subprocess
import sys

from ansible_collections.vmbackup.azure.plugins.plugin_utils import _script
from ansible_collections.vmbackup.azure.plugins.plugin_utils._script import LAUNCH, probe_script


def _carried():
    script = json.loads(_script.packer.decompress(probe_script()))
    assert script["options"]["signatures"]
    return script["sources"]


def test_the_probe_and_the_room_that_it_shares_with_the_changes_travel():
    rooms = {name.split(".")[1] for name in _carried()}
    assert rooms == {"__init__", "_probe", "_guest"}
    assert {"module_utils.__init__", "module_utils._guest.__init__", "module_utils._guest.host"} <= set(_carried())


def test_what_only_a_change_needs_stays_at_home():
    assert not [name for name in _carried() if name.endswith("_edit") or "dhcp_formats" in name]


def _code_of(text):
    """What a text does, with its lines: no docstrings, and nothing of what takes their place."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [line for line in body if not isinstance(line, ast.Pass) and not _is_text(line)]
    return ast.dump(tree), [node.lineno for node in ast.walk(tree) if isinstance(node, (ast.stmt, ast.expr))]


def _is_text(line):
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


def test_what_runs_stays_in_its_line():
    plugins = pathlib.Path(_script.__file__).resolve().parent.parent
    for name, code in _carried().items():
        text = plugins.joinpath(*name.split(".")).with_suffix(".py").read_text("utf-8")
        assert _code_of(code) == _code_of(text), name


def test_only_code_travels():
    text = "\n".join(_carried().values())
    assert "SPDX" not in text and '"""The guest' not in text


def test_every_python_of_a_guest_can_read_it():
    for name, code in _carried().items():
        ast.parse(code, name, feature_version=(3, 6))


def test_the_script_finds_all_its_parts_without_the_collection(tmp_path):
    _runs(LAUNCH, probe_script(), tmp_path)


def test_a_controller_without_bz2_packs_the_script_otherwise(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "bz2", None)
    spec = importlib.util.spec_from_file_location(f"{_script.__name__}_again", _script.__file__)
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    assert "zlib" in again.LAUNCH and "bz2" not in again.LAUNCH
    _runs(again.LAUNCH, again.probe_script(), tmp_path)


def _runs(launch, script, tmp_path):
    command = [sys.executable, "-c", launch, json.dumps({"root": str(tmp_path)})]
    done = subprocess.run(command, input=script, capture_output=True, cwd=tmp_path, check=True)
    missing = json.loads(done.stdout)["missing"]
    assert not [reason for reason in missing.values() if "Error" in reason]
