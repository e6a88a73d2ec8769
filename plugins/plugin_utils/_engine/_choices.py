# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator chooses for a diagnosis: checks, an error code, the desired state. Read before any host is asked."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from ._error_codes import explained_by
from ._registry import checks
from ._want import Want

SPEC = {
    "only": {"type": "list", "elements": "str", "default": []},
    "skip": {"type": "list", "elements": "str", "default": []},
    "error_code": {"type": "str"},
    "expect_proxy": {"type": "raw"},
    "min_agent_version": {"type": "str"},
    "min_windows_agent_version": {"type": "str"},
    "max_cpu_percent": {"type": "float"},
    "max_memory_percent": {"type": "float"},
    "max_disk_percent": {"type": "float"},
    "min_free_mib": {"type": "int"},
    "max_clock_skew_s": {"type": "float"},
}


def read(options: Mapping) -> dict:
    """Keyword arguments for ``evaluate``. Raises ValueError in an operator's words."""
    for name in ("only", "skip"):
        _known(name, options[name])
    code = options["error_code"]
    return {
        "want": Want.from_options(options),
        "only": frozenset(options["only"]),
        "skip": frozenset(options["skip"]),
        "explains": explained_by(code) if code else (),
    }


def _known(option: str, ids: Collection[str]) -> None:
    for id_ in ids:
        if id_ not in checks():
            close = difflib.get_close_matches(id_, checks(), n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            raise ValueError(f"Cannot use '{id_}' in '{option}': there is no such check{hint}")
