# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what is declared in one file each: checks and sections of facts."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def modules(package: str) -> dict[str, ModuleType]:
    """The modules of a package by name, without packages, and without helpers, whose names begin with an underscore."""
    found = pkgutil.iter_modules(importlib.import_module(package).__path__)
    names = sorted(info.name for info in found if not info.ispkg and not info.name.startswith("_"))
    return {name: importlib.import_module(f"{package}.{name}") for name in names}
