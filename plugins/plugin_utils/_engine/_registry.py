# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the checks: every module of the package ``_checks`` declares one."""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import os
import pkgutil
import sys
from types import ModuleType

from .. import _checks
from ._model import Check


@functools.lru_cache(maxsize=1)
def checks() -> dict[str, Check]:
    """All checks by id. A check that cannot be imported breaks this: a rule set with a silent gap would be worse."""
    found = {}
    for info in pkgutil.iter_modules(_checks.__path__):
        if info.name.startswith("_"):
            continue
        module = _module(info.name)
        found[module.CHECK.id] = dataclasses.replace(module.CHECK, judge=module.judge)
    return found


def _module(id_: str) -> ModuleType:
    """The module of a check, by Python's own loader: Ansible's compiles every file anew in every run."""
    name = f"{_checks.__name__}.{id_}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, os.path.join(_checks.__path__[0], f"{id_}.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]


def about(id_: str) -> str:
    """The docstring of a check's file: the text of its documentation."""
    return _module(id_).__doc__
