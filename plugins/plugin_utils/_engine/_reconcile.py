# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure's side of a virtual machine says of the findings in its guest (docs/decisions/006)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from ._model import FAIL, INFO, NOT_APPLICABLE, OK, WARN, Check, Effect, Verdict

_SECONDS = len("2026-03-01T22:31:00")
"""Times of Azure have fractions of a second, and times of guests have none."""


@dataclasses.dataclass(frozen=True)
class Reconciled:
    """Verdicts after both sides were heard.

    ``weakened``: findings of the guest that count for less, by the check of Azure that says so. ``void``: those of them
    that do not count at all. ``degrades``: what fails in the guest degrades a recovery point, and stops none.
    ``effects``: what Azure's verdicts said of the guest, in words. ``waived``: findings that someone accepts and that
    do not count either, with what the report says of it.
    """

    verdicts: Mapping[str, Verdict]
    weakened: Mapping[str, str] = dataclasses.field(default_factory=dict)
    void: frozenset[str] = frozenset()
    degrades: bool = False
    effects: tuple[str, ...] = ()
    waived: Mapping[str, Mapping] = dataclasses.field(default_factory=dict)

    @property
    def counting(self) -> dict[str, Verdict]:
        """The verdicts that count."""
        return {
            id_: verdict for id_, verdict in self.verdicts.items() if id_ not in self.void and id_ not in self.waived
        }


def reconcile(chosen: Mapping[str, Check], verdicts: Mapping[str, Verdict]) -> Reconciled:
    """Applies the effects of Azure's verdicts to those of the guest."""
    effects = {verdict.effect: id_ for id_, verdict in verdicts.items() if verdict.effect}
    words = tuple(sorted(effect.value for effect in effects))
    guest = {id_: verdicts[id_] for id_, check in chosen.items() if check.of_guest}
    if unused := effects.get(Effect.GUEST_NOT_USED):
        void = frozenset(id_ for id_, verdict in guest.items() if verdict.status not in (OK, NOT_APPLICABLE))
        return Reconciled(verdicts, dict.fromkeys(void, unused), void, effects=words)
    weakened = {}
    if worked := effects.get(Effect.WORKED):
        success = verdicts[worked].since or ""
        for id_, verdict in guest.items():
            if verdict.status == FAIL and verdict.since and verdict.since[:_SECONDS] < success[:_SECONDS]:
                weakened[id_] = worked
    softer = {id_: dataclasses.replace(verdicts[id_], status=WARN) for id_ in weakened}
    degrades = not {Effect.FALLS_BACK, Effect.OFF}.isdisjoint(effects)
    return Reconciled({**verdicts, **softer}, weakened, degrades=degrades, effects=words)


def waived(host: Mapping) -> int:
    """Number of findings of a host that are waived."""
    return sum("waived" in finding for finding in host.get("findings", ()))


def void(finding: Mapping) -> bool:
    """Whether a finding does not count: it is waived, or backups of the machine do not use the guest."""
    return "waived" in finding or unused(finding)


def unused(finding: Mapping) -> bool:
    """Whether a finding is about a guest that backups of the machine do not use."""
    return bool(finding.get("weakened_by")) and finding["severity"] == INFO
