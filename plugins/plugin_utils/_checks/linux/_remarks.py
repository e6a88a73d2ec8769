# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of waagent.conf that the agent takes otherwise than they look."""

from __future__ import annotations

from collections.abc import Iterable

from ....module_utils._guest import waagent_keys as keys
from ....module_utils._guest.waagent_syntax import BOM
from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import LinuxState

TEXTS = frozenset(key for key in keys.DEFAULTS if keys.KEYS[key] != keys.SWITCH)
"""Keys that matter here, without switches: one that is not understood falls back to its safe default."""
_MISREAD = {
    "quote_before_carriage_return": "keeps a quotation mark, because the line ends with a carriage return",
    "quotes_kept": "keeps its quotation marks",
    "not_an_integer": "is not a number",
}
_CLEAR = frozenset(("duplicate", "inline_comment", "quote_before_carriage_return", "quotes_kept"))


def misread(remark: Facts) -> str | None:
    """Why a line sets something else than it says."""
    kind, key = remark.kind, remark.key
    if kind == "duplicate" and key in TEXTS:
        return f"{key} is set more than once; the last line counts"
    if kind == "unknown_key":
        meant = _meant(key)
        return f"{key.lstrip(BOM)} is not a key of the agent: {meant} is meant and not set" if meant else None
    return f"The value of {key} {_MISREAD[kind]}" if kind in _MISREAD and key in TEXTS else None


def _meant(key: str) -> str | None:
    bare = key.lstrip(BOM)
    near = bare if bare in keys.KEYS else keys.meant(bare)
    return near if near in TEXTS else None


def is_clear(remark: Facts) -> bool:
    """Whether it is certain what the line means, so that it can be written again."""
    return remark.kind in _CLEAR


def evidence(state: LinuxState, remarks: Iterable[Facts]) -> list[Evidence]:
    """The lines as evidence."""
    return [
        Evidence(
            f"{state.conf.path}:{remark.line}",
            f"{remark.key}{'' if remark.value is None else f'={remark.value}'} ({remark.kind.replace('_', ' ')})",
        )
        for remark in remarks
    ]
