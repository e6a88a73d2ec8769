# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that hand out stand-in Windows guests and the PowerShell host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stand_ins
from engine import Engine

MODULES = sorted((stand_ins.REPO / "plugins/module_utils").glob("_Win*.psm1"))


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


@pytest.fixture(scope="session")
def engine(pshost: Path) -> Iterator[Engine]:
    """One process of it, for scripts that leave nothing behind in it."""
    engine = Engine(pshost)
    yield engine
    engine.close()


@pytest.fixture
def shell(engine: Engine, tmp_path: Path) -> Callable[[str], list]:
    """Runs PowerShell lines with our functions and those of fake_kind.ps1, and gives what they write."""
    thing = tmp_path / "thing"
    thing.write_text("old\n")

    # As the guard has them, functions side by side: the last of a name counts.
    sources = [*MODULES, Path(__file__).with_name("fake_kind.ps1")]
    loads = "\n".join(path.read_text("utf-8").replace("Export-ModuleMember", "#") for path in sources)

    def run(script: str) -> list:
        start = f"$journal = '{tmp_path}/journal'; $thing = '{thing}'; $protected = '{tmp_path}/protected'"
        text = (
            f"$ErrorActionPreference = 'Stop'\n{loads}\n{start}\n"
            f"ConvertTo-Json -Compress -Depth 8 -InputObject @(& {{\n{script}\n}})\n"
        )
        return json.loads(engine.run(text, tmp_path / "script.ps1"))

    def protected() -> list[str]:
        """The folders that got an access list of ours, in order."""
        said = tmp_path / "protected"
        return said.read_text().splitlines() if said.exists() else []

    run.thing, run.journal, run.protected = thing, tmp_path / "journal", protected
    return run
