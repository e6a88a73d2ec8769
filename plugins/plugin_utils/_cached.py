# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports by Python's own loader, which keeps what it compiled: Ansible's compiles every file anew in every run."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from types import ModuleType


def module(package: str, name: str) -> ModuleType:
    """The module ``name`` of a package."""
    full = f"{package}.{name}"
    if full not in sys.modules:
        path = os.path.join(importlib.import_module(package).__path__[0], f"{name}.py")
        spec = importlib.util.spec_from_file_location(full, path)
        if not spec or not spec.loader:
            raise ImportError(full)
        made = sys.modules[full] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(made)
        except BaseException:
            del sys.modules[full]
            raise
    return sys.modules[full]


def modules(package: str) -> dict[str, ModuleType]:
    """The modules of a package by name, without their helpers, whose names begin with an underscore."""
    found = pkgutil.iter_modules(importlib.import_module(package).__path__)
    names = sorted(info.name for info in found if not info.ispkg)
    # Helpers come first in this order: loaded here, they are not compiled when another module imports them.
    loaded = {name: module(package, name) for name in names}
    return {name: one for name, one in loaded.items() if not name.startswith("_")}
