# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the fabric's server: ``python -m lab.fabric --netns NAME --run DIRECTORY --packages HOST ...``."""

from __future__ import annotations

import argparse
from pathlib import Path

from .server import serve


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--netns", required=True, help="namespace the server listens in")
    parser.add_argument("--run", required=True, type=Path, help="directory of settings, log and status")
    parser.add_argument("--packages", nargs="*", default=[], help="hosts the package proxy may ask")
    options = parser.parse_args()
    serve(options.netns, options.run, frozenset(options.packages))


main()
