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

from ....module_utils._guest.waagent_keys import is_known
from ..._engine._model import WARNING, ByHand, Check, Fix, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_file, agent_issue
from .._versions import version
from . import _remarks
from ._agent import agent_version
from ._pages import AGENT_README

CHECK = Check(
    title="The agent reads waagent.conf as intended",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("conf.remarks",),
    explained_by=("conf_path",),
    remedies=("waagent_conf",),
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
WITHOUT_EFFECT = ("not_y_or_n", "unknown_key", "not_an_integer")


def judge(state: LinuxState) -> Verdict:
    remarks = state.conf.remarks
    comments = [remark for remark in remarks if remark.kind == "inline_comment" and is_known(remark.key)]
    running = agent_version(state) if state.get("agent") else None
    if comments and running and version(KEEPS_COMMENTS[0]) <= running < version(KEEPS_COMMENTS[1]):
        why = f"Agents older than {KEEPS_COMMENTS[1]} take comments behind values for a part of the values"
        harmful = any(remark.key in _remarks.TEXTS for remark in comments)
        return (fail if harmful else warn)(why, *_remarks.evidence(state, comments), fix=_fix(state, comments))
    found = [remark for remark in remarks if _remarks.misread(remark)]
    if found:
        return warn(str(_remarks.misread(found[0])), *_remarks.evidence(state, found), fix=_fix(state, found))
    notes = [remark for remark in remarks if remark.kind in WITHOUT_EFFECT]
    why = "Some lines have no effect: the agent's defaults apply" if notes else ""
    return ok(*_remarks.evidence(state, notes), why=why)


def _fix(state: LinuxState, remarks: Sequence[Facts]) -> Fix | ByHand:
    unclear = [str(remark.line) for remark in remarks if not _remarks.is_clear(remark)]
    if not unclear:
        return Fix("waagent_conf", normalize=True)
    lines = f"line{'s' if len(unclear) > 1 else ''} {', '.join(unclear)}"
    return by_hand(f"Correct {lines} of {state.conf.path} by hand, because the intended value is unclear.")
