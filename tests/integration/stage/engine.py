# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One PowerShell process for many scripts: to start it and to warm it up takes longer than almost any of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from threading import Timer

# Each script has a runspace of its own: nothing of it is left for the next one.
LOOP = """
while ($null -ne ($path = [Console]::In.ReadLine())) {
    $shell = [powershell]::Create()
    $failed = @()
    $said = try { $shell.AddCommand($path, $false).Invoke() } catch { $failed = @("$_ $($_.ScriptStackTrace)"); @() }
    $failed += @($shell.Streams.Error | ForEach-Object { "$_ $($_.ScriptStackTrace)" })
    $shell.Dispose()
    ConvertTo-Json -Compress -InputObject @{ said = @($said | ForEach-Object { "$_" }); failed = $failed }
}
"""


class Engine:
    """Runs scripts one after another."""

    def __init__(self, pshost: Path) -> None:
        self._process = subprocess.Popen(
            [pshost, "-NoProfile", "-Command", LOOP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, script: str, path: Path, timeout: float = 300) -> str:
        """What a script writes, whose file is to be ``path``; it must not fail."""
        path.write_text(script, "utf-8")
        timer = Timer(timeout, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(f"{path}\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        finally:
            timer.cancel()
        assert answer, f"PowerShell ended, or did not end in {timeout} s: {path}"
        found = json.loads(answer)
        assert found["failed"] == [], found
        return "\n".join(found["said"])

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(300)
