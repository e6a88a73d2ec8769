# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report names the proxy that the guest cannot use."""

import json
import os
from pathlib import Path


def test_the_report_names_the_cause():
    folder = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "report")
    (guest,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))["hosts"]
    assert (guest["verdict"], guest["first_cause"]) == ("blocked", "proxy_reachable")
