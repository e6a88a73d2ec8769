# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Molecule scenario 'windows' runs through on a stand-in, and leaves none behind."""

import os
import sys
from pathlib import Path

import pytest
import stand_ins
from lab.command import run

pytestmark = pytest.mark.stage

MOLECULE = Path(sys.executable).with_name("molecule")
GUEST = "win-proxy"


def test_scenario(tmp_path):
    problems = stand_ins.problems() + ([] if MOLECULE.exists() else ["Molecule is not installed beside this Python"])
    if problems:
        pytest.skip(f"no Windows stand-ins on this machine: {'; '.join(problems)}")
    path = f"{MOLECULE.parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / "windows")}
    try:
        run([MOLECULE, "test", "--scenario-name", "windows"], cwd=stand_ins.REPO, env=env, timeout=1800)
        assert not (stand_ins.CACHE / "stage/hosts" / GUEST).exists()
    finally:
        stand_ins.Stage(own_network=False).end(GUEST)
