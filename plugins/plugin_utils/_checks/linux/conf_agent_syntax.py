# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of waagent.conf mean to the agent what they say to a reader.

The agent's parser is simple: the last of two equal keys counts, single quotation marks stay part of a value, and a key
that it does not know is silently ignored. A proxy, a path or a switch that backups depend on may therefore differ from
what the file shows. Agents from 2.2.12 to before 2.2.19 also took a comment behind a value for a part of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....module_utils._guest import waagent_keys as keys
from ....module_utils._guest.waagent_syntax import BOM
from ..._engine._model import WARNING, ByHand, Check, Evidence, Fix, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import AGENT_README, agent_file, agent_issue
from .._versions import version
from ._agent import agent_version

CHECK = Check(
    title="The agent reads waagent.conf as intended",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("conf.remarks",),
    explained_by=("conf_path",),
    sources=(
        AGENT_README,
        agent_file("azurelinuxagent/common/conf.py"),
        agent_issue(763, "a comment became part of the path of openssl"),
        agent_issue(766, "comments become part of values"),
        agent_issue(811, "comments make settings fail"),
        agent_issue(896, "comments at the end of a line are not supported"),
    ),
    advice="Write each key once as Key=Value, with no quotation marks and no comment behind the value, then restart the"
    " agent.",
)
KEEPS_COMMENTS = ("2.2.12", "2.2.19")
"""Agents from the first to before the second version take a comment behind a value for a part of it."""
TEXTS = frozenset(key for key in keys.DEFAULTS if keys.KEYS[key] != keys.SWITCH)
MISREAD = {
    "quote_before_carriage_return": "keeps a quotation mark, because the line ends with a carriage return",
    "quotes_kept": "keeps its quotation marks",
    "not_an_integer": "is not a number",
}
NORMALIZED = frozenset(("duplicate", "inline_comment", "quote_before_carriage_return", "quotes_kept"))
"""What a line with one of these means is certain, so that it can be written again."""


def judge(state: LinuxState) -> Verdict:
    remarks = state.conf.remarks
    comments = [remark for remark in remarks if remark.kind == "inline_comment" and keys.is_known(remark.key)]
    running = agent_version(state) if state.get("agent") else None
    if comments and running and version(KEEPS_COMMENTS[0]) <= running < version(KEEPS_COMMENTS[1]):
        why = f"Agents older than {KEEPS_COMMENTS[1]} take comments behind values for a part of the values"
        harmful = any(remark.key in TEXTS for remark in comments)
        return (fail if harmful else warn)(why, *_all(state, comments), fix=_fix(state, comments))
    found = [(remark, why) for remark in remarks for why in [_misread(remark)] if why]
    if found:
        misread = [remark for remark, _why in found]
        return warn(found[0][1], *_all(state, misread), fix=_fix(state, misread))
    notes = [remark for remark in remarks if remark.kind in ("not_y_or_n", "unknown_key", "not_an_integer")]
    return ok(*_all(state, notes), why="Some lines have no effect: the agent's defaults apply" if notes else "")


def _misread(remark: Facts) -> str | None:
    """Why a line sets something else than it says. A switch that is not understood falls back to its safe default."""
    kind, key = remark.kind, remark.key
    if kind == "duplicate" and key in keys.DEFAULTS:
        return f"{key} is set more than once; the last line counts"
    if kind == "unknown_key":
        meant = _meant(key)
        return f"{key.lstrip(BOM)} is not a key of the agent: {meant} is meant and not set" if meant else None
    return f"The value of {key} {MISREAD[kind]}" if kind in MISREAD and key in TEXTS else None


def _meant(key: str) -> str | None:
    bare = key.lstrip(BOM)
    near = bare if bare in keys.KEYS else keys.meant(bare)
    return near if near in TEXTS else None


def _fix(state: LinuxState, remarks: Sequence[Facts]) -> Fix | ByHand:
    unclear = [remark.line for remark in remarks if remark.kind not in NORMALIZED]
    if not unclear:
        return Fix("waagent_conf", normalize=True)
    lines = f"line {unclear[0]}" if len(unclear) == 1 else f"lines {', '.join(map(str, unclear))}"
    return by_hand(f"Correct {lines} of {state.conf.path} by hand, because the intended value is unclear.")


def _all(state: LinuxState, remarks: Sequence[Facts]) -> list[Evidence]:
    return [
        Evidence(
            f"{state.conf.path}:{remark.line}",
            f"{remark.key}{'' if remark.value is None else f'={remark.value}'} ({remark.kind.replace('_', ' ')})",
        )
        for remark in remarks
    ]
