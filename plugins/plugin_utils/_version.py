# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of this collection, as its galaxy.yml (a checkout) or MANIFEST.json (an installed one) says."""

from __future__ import annotations

import functools
import json
import pathlib

import yaml


@functools.lru_cache(maxsize=1)
def collection_version() -> str:
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    manifest = root / "MANIFEST.json"
    if manifest.exists():
        return json.loads(manifest.read_text("utf-8"))["collection_info"]["version"]
    return yaml.safe_load((root / "galaxy.yml").read_text("utf-8"))["version"]
