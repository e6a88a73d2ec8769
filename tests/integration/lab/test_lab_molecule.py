# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every Molecule scenario for Linux runs through on guests of the lab, and leaves none behind."""

import os
import sys
from pathlib import Path

import pytest
from lab import Lab, preflight
from lab.command import run
from lab.settings import TESTS_DIR, Settings

pytestmark = pytest.mark.lab

REPO = TESTS_DIR.parent
SCENARIOS = sorted({path.parent.name for path in REPO.glob("extensions/molecule/*/molecule.yml")} - {"windows"})
MOLECULE = Path(sys.executable).with_name("molecule")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, tmp_path):
    problems = preflight.problems()
    if problems:
        pytest.skip(f"no lab on this machine: {'; '.join(problems)}")
    if not MOLECULE.exists():
        pytest.skip("Molecule is not installed beside this Python")
    lab = Lab(Settings.from_environment(f"mol{scenario}"))
    path = f"{MOLECULE.parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / scenario)}
    try:
        run([MOLECULE, "test", "--scenario-name", scenario], cwd=REPO, env=env, timeout=1800)
        assert not lab.is_up
    finally:
        lab.down()
