# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that hand out stand-in Windows guests and the PowerShell host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stand_ins


@pytest.fixture(scope="session")
def stage() -> Iterator[stand_ins.Stage]:
    problems = stand_ins.problems()
    if problems:
        pytest.skip(f"no Windows stand-ins on this machine: {'; '.join(problems)}")
    stage = stand_ins.Stage()
    try:
        yield stage
    finally:
        stage.close()


@pytest.fixture(scope="session")
def pshost() -> Path:
    """The PowerShell host of this machine."""
    problems = stand_ins.pshost_problems()
    if problems:
        pytest.skip("; ".join(problems))
    return stand_ins.pshost("linux") / "pwsh"
