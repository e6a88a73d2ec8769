# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every PowerShell file parses and uses nothing that Windows PowerShell 5.1 lacks."""

import subprocess
from pathlib import Path

import yaml

REPO = Path(__file__).resolve().parents[3]
SOURCES = sorted([*REPO.glob("plugins/**/*.ps1"), *REPO.glob("plugins/**/*.psm1")])


def check(pshost, *files):
    return subprocess.run([pshost, "-CheckSyntax", *files], capture_output=True, text=True, timeout=600, check=False)


def test_windows_powershell_5_1_can_run_our_sources(pshost):
    assert len(SOURCES) >= 6
    done = check(pshost, *SOURCES)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_check_finds_what_5_1_lacks(pshost, tmp_path):
    wrong = tmp_path / "wrong.ps1"
    wrong.write_text("$a = $b ?? 1\n")
    assert check(pshost, wrong).returncode == 1


def test_every_name_is_listed_with_the_oldest_version_that_has_it(pshost):
    """Windows PowerShell 5.1 needs .NET Framework 4.5.2; Server 2012 R2 is Windows 6.3. Nothing newer is used."""
    here = Path(__file__).parent
    paths = ", ".join(f"'{path}'" for path in SOURCES)
    command = f"& '{here / 'names_used.ps1'}' -Path @({paths})"
    done = subprocess.run(
        [pshost, "-NoProfile", "-Command", command], capture_output=True, text=True, timeout=600, check=True
    )
    listed = yaml.safe_load((here / "names_used.yml").read_text("utf-8"))
    assert sorted(name for names in listed.values() for name in names) == sorted(done.stdout.splitlines())
    for place in listed:
        program, _space, version = place.partition(" ")
        assert program == "ansible" or version <= {"powershell": "5.1", ".net": "4.5.2", "windows": "6.3"}[program]
