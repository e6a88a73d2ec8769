# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of waagent.conf mean to the agent what they say to a reader."""

from __future__ import annotations

from ....module_utils._guest import waagent_keys as keys
from ....module_utils._guest.waagent_syntax import BOM
from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import Facts, GuestState
from .._versions import version
from ._agent import agent_version

CHECK = Check(
    title="The agent reads waagent.conf as it is meant",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("conf.remarks",),
    explained_by=("conf_path",),
    source="WALinuxAgent issues 763, 766, 811 and 896; its parser tried on crafted lines",
)
KEEPS_COMMENTS = ("2.2.12", "2.2.19")
"""Agents from the first to before the second version take a comment behind a value for a part of it."""
TEXTS = frozenset(key for key in keys.DEFAULTS if keys.KEYS[key] != keys.SWITCH)
MISREAD = {
    "quote_before_carriage_return": "keeps a quotation mark, because the line ends with a carriage return",
    "quotes_kept": "keeps its quotation marks",
    "not_an_integer": "is no number",
}


def judge(state: GuestState) -> Verdict:
    remarks = state.conf.remarks
    comments = [remark for remark in remarks if remark.kind == "inline_comment" and keys.is_known(remark.key)]
    running = agent_version(state) if state.get("agent") else None
    if comments and running and version(KEEPS_COMMENTS[0]) <= running < version(KEEPS_COMMENTS[1]):
        why = "This old agent takes comments behind values for a part of the values"
        harmful = any(remark.key in TEXTS for remark in comments)
        return (fail if harmful else warn)(why, *(_evidence(state, remark) for remark in comments))
    found = [(remark, why) for remark in remarks for why in [_misread(remark)] if why]
    if found:
        return warn(found[0][1], *(_evidence(state, remark) for remark, _why in found))
    notes = [remark for remark in remarks if remark.kind in ("not_y_or_n", "unknown_key", "not_an_integer")]
    return ok(
        *(_evidence(state, remark) for remark in notes),
        why="Some lines have no effect: the agent's defaults apply" if notes else "",
    )


def _misread(remark: Facts) -> str | None:
    """Why a line sets something else than it says. A switch that is not understood falls back to its safe default."""
    kind, key = remark.kind, remark.key
    if kind == "duplicate" and key in keys.DEFAULTS:
        return f"{key} is set more than once; the last line counts"
    if kind == "unknown_key":
        meant = _meant(key)
        return f"{key.lstrip(BOM)} is no key of the agent; {meant} is meant and not set" if meant else None
    return f"The value of {key} {MISREAD[kind]}" if kind in MISREAD and key in TEXTS else None


def _meant(key: str) -> str | None:
    bare = key.lstrip(BOM)
    near = bare if bare in keys.KEYS else keys.meant(bare)
    return near if near in TEXTS else None


def _evidence(state: GuestState, remark: Facts) -> Evidence:
    value = "" if remark.value is None else f"={remark.value}"
    return Evidence(f"{state.conf.path}:{remark.line}", f"{remark.key}{value} ({remark.kind.replace('_', ' ')})")
