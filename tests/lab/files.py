# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that readers find whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any


def put(path: Path, text: str) -> None:
    """Write the file in one step."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def put_json(path: Path, value: Any) -> None:
    put(path, json.dumps(value, indent=1))


def get_json(path: Path, default: Any) -> Any:
    """The file's value, or the default where there is no file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
