# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins keep what Ansible compiles at each task: the same source is compiled once, and another one is another."""

import os
import subprocess
from pathlib import Path

import ansible
import stand_ins

SCRIPT = """
Import-Module '{utility}'
Add-CSharpType -References 'namespace Thing {{ public class Of {{ public static object Number = {number}; }} }}'
[Thing.Of]::Number
"""
UTILITY = Path(ansible.__file__).parent / "module_utils/powershell/Ansible.ModuleUtils.AddType.psm1"


def test_the_same_source_is_compiled_once(pshost, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    surroundings = {**os.environ, **stand_ins.keeping(stand_ins.compiled()), "PSHOST_COMPILED": str(kept)}

    def said(number):
        script = tmp_path / "script.ps1"
        script.write_text(SCRIPT.format(utility=UTILITY, number=number))
        command = [pshost, "-NoProfile", "-File", script]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=600, check=False)
        return done.stdout.strip() or done.stderr

    assert said("1") == "1"
    (one,) = kept.iterdir()
    assert said("2") == "2"
    (two,) = set(kept.iterdir()) - {one}
    one.write_bytes(two.read_bytes())
    assert said("1") == "2"
    assert "error CS0103" in said("nothing") and set(kept.iterdir()) == {one, two}
