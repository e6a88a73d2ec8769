# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of a guest state: one file a section, for both systems; and in ``azure`` those of a virtual machine there.

From these declarations come the form that a state must have (``_engine/_schema.py``), the page docs/guest-state.md and
the types that checks see.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .._modules import modules
from . import _kinds

if TYPE_CHECKING:
    from ._kinds import Fact


@functools.cache
def declared() -> dict[str, Fact]:
    """All sections, as they are written down for both systems."""
    return {name: module.SECTION for name, module in modules(__name__).items()}


@functools.cache
def sections(system: str) -> dict[str, Fact]:
    """The sections that one system states, or Azure."""
    return of_azure() if system == "azure" else _kinds.of(declared(), system)


@functools.cache
def of_azure() -> dict[str, Fact]:
    """The sections of the state of a virtual machine in Azure."""
    return {name: module.SECTION for name, module in modules(f"{__name__}.azure").items()}
