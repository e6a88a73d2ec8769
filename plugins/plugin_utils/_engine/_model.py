# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the engine: checks, verdicts of checks, evidence."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable

LINUX, WINDOWS = "linux", "windows"
PLATFORMS = (LINUX, WINDOWS)

CRITICAL, WARNING, INFO = "critical", "warning", "info"
SEVERITIES = (CRITICAL, WARNING, INFO)

OK, FAIL, WARN, UNKNOWN, NOT_APPLICABLE = "ok", "fail", "warn", "unknown", "not_applicable"
STATUSES = (FAIL, WARN, UNKNOWN, OK, NOT_APPLICABLE)


class Stage(enum.IntEnum):
    """Where a condition stands in the chain of a backup: trouble at one link explains trouble at later ones."""

    ADDRESS = 1
    """The guest's own address, lease and route."""
    FABRIC = 2
    """Wire server, host plugin, firewall: the way to the host."""
    AGENT = 3
    """The agent is installed, allowed to run, and runs."""
    GOAL_STATE = 4
    """The agent reads its configuration and fetches what the platform wants."""
    HANDLER = 5
    """The snapshot extension can be installed and started."""
    STATUS = 6
    """What the snapshot extension said of its last run."""
    FREEZE = 7
    """File systems, writers and providers can be frozen."""
    STORAGE = 8
    """The way to Azure Storage, where the guest needs it."""
    LOAD = 9
    """The guest is too busy, or its clock is wrong."""
    RESILIENCE = 10
    """The next backup works, a later one may not."""


@dataclasses.dataclass(frozen=True)
class Evidence:
    """One fact a verdict rests on: where it was read, and what stood there."""

    source: str
    value: object

    def as_dict(self) -> dict[str, object]:
        return {"source": self.source, "value": self.value}


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check says of one guest.

    ``why`` is one sentence an operator can act on. Hosts whose first cause has the same check and the same ``key`` form
    one group of the fleet's report; the key is ``why`` unless that names things of this host alone.
    """

    status: str
    why: str
    evidence: tuple[Evidence, ...] = ()
    key: str = ""


def ok(*evidence: Evidence, why: str = "") -> Verdict:
    """The condition is healthy; ``why`` may carry a note worth reading."""
    return Verdict(OK, why, evidence)


def warn(why: str, *evidence: Evidence, key: str | None = None) -> Verdict:
    """The next backup may still work; something here can make it, or a later one, fail."""
    return Verdict(WARN, why, evidence, why if key is None else key)


def fail(why: str, *evidence: Evidence, key: str | None = None) -> Verdict:
    """The next backup fails because of this."""
    return Verdict(FAIL, why, evidence, why if key is None else key)


def unknown(why: str, *evidence: Evidence) -> Verdict:
    """The facts do not decide it."""
    return Verdict(UNKNOWN, why, evidence)


def not_applicable(why: str) -> Verdict:
    """The condition does not exist on this guest."""
    return Verdict(NOT_APPLICABLE, why)


@dataclasses.dataclass(frozen=True)
class Check:
    """The declaration of one condition of the catalogue.

    ``needs``: facts without which nothing can be said (the check is then ``unknown`` and its judge is not called).
    ``explained_by``: checks whose failure makes this one a consequence and not a cause, the likeliest first.
    ``remedy``: the module of the collection that puts it right; ``windows_remedy`` where it is another one on Windows.
    ``source``: where the rule comes from.
    """

    id: str
    title: str
    platforms: tuple[str, ...]
    severity: str
    stage: Stage
    source: str
    needs: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    remedy: str | None = None
    windows_remedy: str | None = None
    judge: Callable[..., Verdict] | None = dataclasses.field(default=None, repr=False, compare=False)

    def remedy_on(self, platform: str) -> str | None:
        """The module that puts it right on a platform."""
        return self.windows_remedy or self.remedy if platform == WINDOWS else self.remedy
