# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the engine: checks and their verdicts, evidence, fixes and remedies."""

from __future__ import annotations

import collections
import dataclasses
import enum
from collections.abc import Callable, Container, Iterator, Mapping, Sequence

LINUX, WINDOWS, AZURE, FLEET = "linux", "windows", "azure", "fleet"
PLATFORMS = (LINUX, WINDOWS)
SUBJECTS = (LINUX, WINDOWS, AZURE, FLEET)
"""What a check judges: a guest of one system, a virtual machine as Azure sees it, or all hosts of a run."""

CRITICAL, WARNING, INFO = "critical", "warning", "info"
SEVERITIES = (CRITICAL, WARNING, INFO)

AUTO, CONFIRM = "auto", "confirm"
CLASSES = (AUTO, CONFIRM)
"""Whether a remedy is allowed once for all, or case by case."""

OK, FAIL, WARN, UNKNOWN, NOT_APPLICABLE = "ok", "fail", "warn", "unknown", "not_applicable"
STATUSES = (FAIL, WARN, UNKNOWN, OK, NOT_APPLICABLE)


class Stage(enum.IntEnum):
    """Where a condition stands in the chain of a backup: trouble at one link explains trouble at later ones."""

    PROTECTION = 1
    """A vault is told to back the virtual machine up."""
    MACHINE = 2
    """The virtual machine, its disks and its network, as Azure has them."""
    ADDRESS = 3
    """The guest's own address, lease and route."""
    FABRIC = 4
    """Wire server, host plugin, firewall: the way to the host."""
    AGENT = 5
    """The agent is installed, allowed to run, and runs."""
    GOAL_STATE = 6
    """The agent reads its configuration and fetches what the platform wants."""
    HANDLER = 7
    """The snapshot extension can be installed and started."""
    STATUS = 8
    """What the snapshot extension said of its last run."""
    FREEZE = 9
    """File systems, writers and providers can be frozen."""
    STORAGE = 10
    """The way to Azure Storage, where the guest needs it."""
    POINTS = 11
    """Azure can make and keep the recovery point: groups, locks, keys, quota."""
    LOAD = 12
    """The guest is too busy, or its clock is wrong."""
    JOBS = 13
    """What Azure Backup says of earlier backups."""
    RESILIENCE = 14
    """The next backup works, a later one may not."""


@dataclasses.dataclass(frozen=True)
class Evidence:
    """One fact a verdict rests on: where it was read, and what stood there."""

    source: str
    value: object

    def as_dict(self) -> dict[str, object]:
        return {"source": self.source, "value": self.value}


class Fix:
    """The remedy of the collection that fixes a finding, with its parameters. The check chooses them from facts.

    ``confirm``: needs agreement even where the remedy's class is auto. ``slow``: the agent takes minutes until the
    check can be judged again. ``own``: also applied where another finding explains this one, because this one would
    not go away with it.
    """

    def __init__(
        self, remedy: str, *, confirm: bool = False, slow: bool = False, own: bool = False, **parameters: object
    ) -> None:
        self.remedy, self.parameters = remedy, parameters
        self.confirm, self.slow, self.own = confirm, slow, own

    def as_dict(self) -> dict[str, object]:
        return {
            "parameters": dict(self.parameters),
            "confirm": self.confirm,
            "slow": self.slow,
            "own": self.own,
        }


@dataclasses.dataclass(frozen=True)
class ByHand:
    """No remedy of the collection fixes this finding. ``advice`` says what to do, in the imperative."""

    advice: str


def by_hand(advice: str) -> ByHand:
    """What to do where no remedy fits."""
    return ByHand(advice)


class Effect(enum.Enum):
    """What a verdict on a virtual machine in Azure means for the findings in its guest."""

    GUEST_NOT_USED = "guest_not_used"
    """Its backups need neither agent nor extension: nothing in the guest stops or degrades them."""
    FALLS_BACK = "falls_back"
    """Where a backup fails in the guest, the service takes a crash-consistent point."""
    OFF = "off"
    """It does not run and is backed up without its guest: that this is not reached is no fault, and what is wrong in it
    degrades a recovery point at most."""
    WORKED = "worked"
    """A backup succeeded at ``since``: what the guest has recorded before is history."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check says of its subject.

    ``why`` is one sentence with what was found. Hosts whose first cause has the same check and the same ``key`` form
    one group of the fleet's report; the key is ``why`` unless that names things of this host alone.
    ``fix``: what fixes it; without one the check's advice says what to do. ``gap``: why facts are missing, for
    ``unknown`` (see ``_gaps``). ``hosts``: the hosts concerned, for a check of the fleet.
    ``since``: when that was recorded which it rests on, ISO 8601 UTC; none for what is so now.
    For a check of Azure, ``effect`` is what it means for the guest, and ``error_code`` the code of Azure Backup that it
    found.
    """

    status: str
    why: str
    evidence: tuple[Evidence, ...] = ()
    key: str = ""
    fix: Fix | ByHand | None = None
    gap: str | None = None
    hosts: tuple[str, ...] = ()
    since: str | None = None
    effect: Effect | None = None
    error_code: str | None = None


def ok(*evidence: Evidence, why: str = "", effect: Effect | None = None, since: str | None = None) -> Verdict:
    """The condition is healthy; ``why`` may carry a note worth reading."""
    return Verdict(OK, why, evidence, effect=effect, since=since)


def warn(
    why: str,
    *evidence: Evidence,
    key: str | None = None,
    fix: Fix | ByHand | None = None,
    hosts: Sequence[str] = (),
    since: str | None = None,
    effect: Effect | None = None,
    error_code: str | None = None,
) -> Verdict:
    """The next backup may still work; something here can make it, or a later one, fail."""
    key = why if key is None else key
    return Verdict(WARN, why, evidence, key, fix, hosts=tuple(hosts), since=since, effect=effect, error_code=error_code)


def fail(
    why: str,
    *evidence: Evidence,
    key: str | None = None,
    fix: Fix | ByHand | None = None,
    hosts: Sequence[str] = (),
    since: str | None = None,
    effect: Effect | None = None,
    error_code: str | None = None,
) -> Verdict:
    """The next backup fails because of this."""
    key = why if key is None else key
    return Verdict(FAIL, why, evidence, key, fix, hosts=tuple(hosts), since=since, effect=effect, error_code=error_code)


def unknown(why: str, *evidence: Evidence, gap: str | None = None) -> Verdict:
    """The facts do not decide it."""
    return Verdict(UNKNOWN, why, evidence, gap=gap)


def not_applicable(why: str) -> Verdict:
    """The condition does not exist for this subject."""
    return Verdict(NOT_APPLICABLE, why)


@dataclasses.dataclass(frozen=True)
class Named:
    """What a message of the guest says: the check ``cause`` is why the check ``symptom`` fails.

    ``found``: it is one of several causes, and counts where its check finds it. ``by_code``: only a code of Azure
    Backup says so, which names what failed and not why.
    """

    symptom: str
    cause: str
    evidence: Evidence
    found: bool = False
    by_code: bool = False


@dataclasses.dataclass(frozen=True)
class Source:
    """A page that a rule rests on."""

    title: str
    url: str


@dataclasses.dataclass(frozen=True)
class Check:
    """The declaration of one condition. ``id`` and ``subjects`` come from its file: the name and the folder.

    ``title``: the good condition, in a sentence. ``stage``: where it stands in the chain of a backup.
    ``needs``: facts without which nothing can be said (the check is then ``unknown`` and its judge is not called).
    ``explained_by``: checks whose failure makes this one a consequence, the likeliest first; only direct causes, the
    engine follows the chain. ``explains``: the same from the other end, for a cause that knows its consequences.
    ``error_codes``: codes of Azure Backup that a failure of this check explains.
    ``keeps_agent_down``: while it fails, an agent that runs would not come back from a restart.
    ``agent_runs``: it fails where the agent does not run.
    ``through_agent``: a check of Azure of what only backups through agent and extension need: it counts as one of the
    guest where a verdict's effect speaks of that.
    ``advice``: what to do, in the imperative, where the verdict has no advice of its own.
    ``remedies``: those that its verdicts may choose. ``sources``: pages that the rule rests on.
    ``aliases``: ids that the check had before.
    """

    title: str
    severity: str
    stage: Stage
    source: str = ""
    sources: tuple[Source, ...] = ()
    advice: str = ""
    needs: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    error_codes: tuple[str, ...] = ()
    keeps_agent_down: bool = False
    agent_runs: bool = False
    through_agent: bool = False
    aliases: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    id: str = ""
    subjects: tuple[str, ...] = ()
    judge: Callable[..., Verdict] = dataclasses.field(default=None, repr=False, compare=False)  # type: ignore[assignment]

    @property
    def names(self) -> frozenset[str]:
        """Everything that an operator may call it."""
        return frozenset((self.id, *self.aliases))

    @property
    def of_guest(self) -> bool:
        """Whether it judges the guest, or what its agent and extension need."""
        return self.through_agent or AZURE not in self.subjects


@dataclasses.dataclass(frozen=True)
class Remedy:
    """A module of the collection that fixes findings, as the plan needs to know it.

    ``seconds``: after which it is cut off. ``needs``: its class. ``slow``: as for ``Fix``, whatever it fixes.
    ``needs_restart``: the agent sees the change only after a restart. ``starts_agent``: it starts or restarts the
    agent, always or where one of the named parameters is given. ``restart``: parameters with which it carries the one
    restart of a plan. ``defaults``: parameters where no fix gives them. ``proved_at_once``: the file alone proves the
    change. ``confirmed``: the change is undone unless the host is reached again and it is confirmed.
    For people: what it ``fixes``, what needs agreement (``asks``) although its class is auto, what it ``interrupts``.
    """

    name: str
    platform: str
    seconds: int
    needs: str = AUTO
    slow: bool = False
    needs_restart: bool = False
    starts_agent: bool | tuple[str, ...] = False
    restart: Mapping[str, object] | None = None
    defaults: Mapping[str, object] = dataclasses.field(default_factory=dict)
    proved_at_once: bool = False
    confirmed: bool = False
    fixes: str = ""
    asks: str = ""
    interrupts: str = "none"

    def starts(self, parameters: Mapping) -> bool:
        """Whether it starts or restarts the agent when it is called with these parameters."""
        if isinstance(self.starts_agent, bool):
            return self.starts_agent
        return not parameters.keys().isdisjoint(self.starts_agent)


class Catalogue:
    """All checks of one kind of subject, and the remedies. Ids of checks are unique in it.

    ``named``: finds what messages in a state name as causes. ``coded``: the checks that an error code names.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        remedies: Mapping[str, Remedy],
        named: Callable[..., Sequence[Named]] = lambda state: (),
        coded: Callable[[str], Sequence[str]] = lambda code: (),
    ) -> None:
        self.checks = checks
        self.remedies = remedies
        self.named = named
        self.coded = coded
        self.causes = _direct_causes(checks)
        """The direct causes of each check, the likeliest first."""

    def of_code(self, code: str | None) -> list[str]:
        """The checks that explain a code of Azure Backup, the earliest link of the chain first."""
        found = [check for check in self.checks.values() if code in check.error_codes]
        return [check.id for check in sorted(found, key=lambda check: (check.stage, check.id))]

    def chain(self, id_: str, healthy: Container[str] = (), code: str | None = None) -> Iterator[str]:
        """Everything that can explain a check, breadth-first: its direct causes, theirs, and so on.

        ``code``: the code of Azure Backup that it found. The chain does not go through ``healthy`` checks.
        """
        seen = {id_}
        todo = collections.deque([*self.of_code(code), *self.causes[id_]])
        while todo:
            cause = todo.popleft()
            if cause not in seen and cause in self.checks and cause not in healthy:
                seen.add(cause)
                yield cause
                todo.extend(self.causes[cause])


def _direct_causes(checks: Mapping[str, Check]) -> dict[str, tuple[str, ...]]:
    """Those that a check names, then those that name the check."""
    found = {id_: dict.fromkeys(check.explained_by) for id_, check in checks.items()}
    for check in checks.values():
        for consequence in check.explains:
            if consequence in found:
                found[consequence][check.id] = None
    return {id_: tuple(causes) for id_, causes in found.items()}
