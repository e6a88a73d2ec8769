# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every PowerShell file parses and uses nothing that Windows PowerShell 5.1 lacks."""

import subprocess
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
SOURCES = sorted([*REPO.glob("plugins/**/*.ps1"), *REPO.glob("plugins/**/*.psm1")])


def check(pshost, *files):
    return subprocess.run([pshost, "-CheckSyntax", *files], capture_output=True, text=True, timeout=120)


def test_windows_powershell_5_1_can_run_our_sources(pshost):
    assert len(SOURCES) >= 6
    done = check(pshost, *SOURCES)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_check_finds_what_5_1_lacks(pshost, tmp_path):
    wrong = tmp_path / "wrong.ps1"
    wrong.write_text("$a = $b ?? 1\n")
    assert check(pshost, wrong).returncode == 1
