# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy that the guest could not use is gone, and the run is in the guest's journal."""

import os
import sys
from pathlib import Path

REPO = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"])
GUEST = "win-proxy"
sys.path.insert(0, str(REPO / "tests/integration/stage"))

import stand_ins  # noqa: E402

STAGE = stand_ins.Stage(own_network=False)


def test_windows_goes_directly():
    shown = STAGE.execute(GUEST, "netsh", "winhttp", "show", "proxy")
    assert "Direct access" in shown and "3128" not in shown


def test_the_run_is_in_the_journal():
    assert list(STAGE.file(GUEST, "ProgramData/vmbackup/journal").glob("*/0001.json"))
