# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code of a check: its file, and the files that it imports of those next to it."""

import ast
import functools
import pathlib

from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry

CHECKS = pathlib.Path(__file__).resolve().parents[2] / "plugins/plugin_utils/_checks"


@functools.cache
def files_of(check):
    """The file of the check, and those of other checks and helpers that it rests on."""
    todo, seen = [CHECKS / _registry.folder(check) / f"{check.id}.py"], []
    while todo:
        file = todo.pop()
        seen.append(file)
        todo += code_of(file)[1] - {*seen, *todo}
    return seen


@functools.cache
def code_of(file):
    """Attributes and texts in a file, and the files of other checks and helpers that it imports."""
    names, files = set(), set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        elif isinstance(node, ast.ImportFrom) and node.level:
            module = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            files |= {path.with_suffix(".py") for path in (module, *(module / alias.name for alias in node.names))}
    return names, {path for path in files if CHECKS in path.parents and path.is_file()}
