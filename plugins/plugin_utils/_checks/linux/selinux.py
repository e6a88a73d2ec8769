# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Denials that SELinux enforced for the agent or its extensions stop them without a message of their own. Denials
that were only logged are left out, and those from before a backup that went well. Those of AppArmor count where the
agent or the extension has failed, by the system's logs."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_issue
from ._last_run import Result, known_result

CHECK = Check(
    title="SELinux and AppArmor allow the agent and its extensions to run",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security.selinux", "security.denials"),
    error_codes=(
        "UserErrorVmNotInDesirableState",
        "VmNotInDesirableState",
    ),
    sources=(
        TROUBLESHOOT_AGENT,
        agent_issue(166, "SELinux and extensions"),
    ),
    advice=(
        "Relabel the files with `restorecon -Rv /var/lib/waagent /usr/sbin/waagent`, then look at "
        "`ausearch -m avc -c waagent`; if denials remain, install the policy that the distribution ships for "
        "the agent. For AppArmor, correct the profile that the denial names, then load it with `apparmor_parser -r`."
    ),
)

PROGRAMS = ("safefreeze", "handle.sh")
NEEDED = (*PROGRAMS, "waagent", "python", "platform-python", "sh", "bash", "dash", "env", "openssl")
"""Executables, without their version, that the agent or the snapshot extension cannot do without."""


def judge(state: LinuxState) -> Verdict:
    selinux, denials = state.security.selinux, state.security.denials
    mode = selinux.get("mode") or selinux.configured
    if mode is None and not denials:
        return not_applicable("SELinux is not installed")
    # Denials that were only noted are left out: those that are listed were enforced.
    if mode not in ("enforcing", None) or not denials:
        return ok(selinux.fact("mode" if selinux.get("mode") else "configured"))
    last = known_result(state)
    # The files of a disk from elsewhere may have the times of their copy.
    current = [entry for entry in denials if not (state.live and _overcome(entry, last))]
    evidence = [
        Evidence(entry.origin, f"denied {{ {entry.action} }} {entry.name or ''} for {entry.context}".strip())
        for entry in current or denials
    ]
    if not current:
        return ok(*evidence, why="Earlier: SELinux denied access; the last backup succeeded after that")
    if any(_stops_the_agent(entry) or _of_the_run(entry, last) for entry in current):
        return fail("SELinux does not let the agent's extensions work", *evidence)
    return warn("SELinux denied access to the agent or its extensions", *evidence)


def _overcome(denial: Facts, last: Result | None) -> bool:
    """Whether a backup went well after the denial."""
    written, time = last.written if last is not None and last.good else None, denial.get("time")
    return written is not None and time is not None and time < written


def _stops_the_agent(denial: Facts) -> bool:
    """Whether the denial is about the agent or the snapshot extension, not about another extension's program."""
    if "execute" not in denial.action.split():
        return False
    path = denial.name or ""
    needed = path.rpartition("/")[2].rstrip("0123456789.") in NEEDED
    return needed or "VMSnapshotLinux" in path or denial.get("command") in PROGRAMS


def _of_the_run(denial: Facts, last: Result | None) -> bool:
    """Whether the denial stopped a program of the snapshot extension, whose last run failed."""
    return denial.get("command") in PROGRAMS and last is not None and not last.good
