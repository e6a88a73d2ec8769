# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What costs a call for a single machine, vault or key: asked where something looks wrong, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from .._engine import _gaps as codes
from ._client import Client
from ._error import FORMS, AzureError, odd
from ._estate import Estate
from ._gaps import Gaps
from ._protection import RUNNING, errors
from ._values import choice, key, moment, part, time, within

COMPUTE, BACKUP, VAULTS, KEYS = "2022-11-01", "2023-02-01", "2023-04-01", "2023-07-01"
"""Versions of the APIs."""

_FEW = 25
_MACHINES_A_CALL = 60
_POINT_CODES = ("UserErrorRpCollectionLimitReached", "VMRestorePointClientError")
_NEARLY_FULL = 900
"""Machines in a vault, which can hold 1,000."""
_COUNTED = "IaaSVMProtectedItemCount"


class Detail(NamedTuple):
    """One call: ``use`` puts its answer where it belongs, ``refused`` says where it is missing."""

    path: str
    version: str
    use: Callable[[Mapping], None]
    parameters: Mapping[str, str] = {}
    absent: Callable[[], None] | None = None
    """What it means that there is no such thing."""
    untold: Callable[[str], None] = lambda reason: None
    """Says why there is no answer."""


def ask(client: Client, states: Sequence[dict], estate: Estate, gaps: Gaps) -> None:
    """Completes the states. All of a reading costs at most 25 calls and one for each 60 machines."""
    wanted = list({one.path: one for one in _wanted(states, estate)}.values())
    left = max(0, _FEW + len(states) // _MACHINES_A_CALL - client.calls)
    answers = client.each(lambda one: client.get(one.path, one.version, **one.parameters), wanted[:left])
    for detail in wanted[left:]:
        detail.untold(codes.NOT_ASKED)
    for detail, answer in zip(wanted, answers, strict=False):
        if not isinstance(answer, AzureError):
            try:
                detail.use(answer)
                continue
            except FORMS as error:
                answer = AzureError(f"Cannot read '{detail.path}': {odd(error)}")
        if answer.gone and detail.absent:
            detail.absent()
        else:
            detail.untold(answer.reason)
            gaps.add(detail.path, "details", answer)


def _wanted(states: Sequence[dict], estate: Estate) -> Iterator[Detail]:
    for kind in (_untold_job, _counts, _keys, _vault, _failed_job):
        for state in states:
            yield from kind(state, estate)


def _last_ended(state: Mapping) -> dict | None:
    """The last backup that has ended: what else the vault did says nothing of backups."""
    ended = (job for job in state.get("jobs") or () if job["operation"] == "Backup" and job["status"] not in RUNNING)
    return next(ended, None)


def _untold_job(state: dict, _estate: Estate) -> Iterator[Detail]:
    """A job that failed without a word in Resource Graph."""
    job = _last_ended(state)
    if job and job["status"] in ("Failed", "CompletedWithWarnings") and not job["errors"]:
        yield _job(job)


def _failed_job(state: dict, _estate: Estate) -> Iterator[Detail]:
    """Which of its tasks failed tells the guest from the transfer."""
    job = _last_ended(state)
    if job and job["status"] == "Failed":
        yield _job(job)


def _job(job: dict) -> Detail:
    def use(answer: Mapping) -> None:
        given = answer.get("properties") or {}
        job["errors"] = errors(given.get("errorDetails")) or job["errors"]
        tasks = (given.get("extendedInfo") or {}).get("tasksList") or ()
        job["tasks"] = [{"name": one.get("taskId") or "", "status": choice(one.get("status")) or ""} for one in tasks]

    return Detail(job["id"], BACKUP, use)


def _counts(state: dict, _estate: Estate) -> Iterator[Detail]:
    """Restore points pile up under a lock, after protection was stopped, or where the last job says so."""
    job = _last_ended(state)
    said = {error["code"] for error in (job or {}).get("errors") or ()}
    stopped = any(
        item["protection_state"] in ("ProtectionStopped", "BackupsSuspended")
        for item in (state.get("protection") or {}).get("items") or ()
    )
    for collection in (state.get("points") or {}).get("collections") or ():
        locked = any(within(collection["id"], lock["scope"]) for lock in state.get("locks") or ())
        if locked or stopped or said.intersection(_POINT_CODES) or collection["provisioning_state"] != "Succeeded":
            yield _collection(collection, state["missing"])


def _collection(collection: dict, missing: dict[str, str]) -> Detail:
    def use(answer: Mapping) -> None:
        points = (answer.get("properties") or {}).get("restorePoints") or []
        times = [made for one in points if (made := time((one.get("properties") or {}).get("timeCreated")))]
        collection.update(count=len(points), oldest=min(times, default=None))

    def untold(reason: str) -> None:
        del collection["count"]
        missing["points.collections.count"] = reason

    return Detail(collection["id"], COMPUTE, use, {"$expand": "restorePoints"}, untold=untold)


def _keys(state: dict, estate: Estate) -> Iterator[Detail]:
    """Keys of disk encryption sets. What the key's vault says of it needs no access to the key itself."""
    for one in (state.get("encryption") or {}).get("sets") or ():
        active = estate.shared[key(one["id"])]["facts"].get("key") or {}
        vault, name = (active.get("sourceVault") or {}).get("id"), part(one["key_url"] or "", "keys")
        if vault and name:
            yield _key(one, f"{vault}/keys/{name}")


def _key(one: dict, path: str) -> Detail:
    def use(answer: Mapping) -> None:
        given = (answer.get("properties") or {}).get("attributes") or {}
        one["key"] = {"found": True, "enabled": given.get("enabled"), "expires": moment(given.get("exp"))}

    def absent() -> None:
        one["key"] = {"found": False, "enabled": None, "expires": None}

    return Detail(path, KEYS, use, absent=absent)


def _vault(state: dict, _estate: Estate) -> Iterator[Detail]:
    """The key that a vault has of its own, and how much a vault that is nearly full can hold."""
    vault = state.get("vault")
    if not vault or "used" not in vault:  # Nothing of it may be read.
        return
    if "key_status" not in vault:
        yield _vault_key(vault)
    if (vault["used"] or 0) >= _NEARLY_FULL:
        yield _usages(vault)


def _vault_key(vault: dict) -> Detail:
    def use(answer: Mapping) -> None:
        vault["key_status"] = choice((answer.get("properties") or {}).get("lastUpdateStatus"))

    return Detail(f"{vault['id']}/backupEncryptionConfigs/backupResourceEncryptionConfig", BACKUP, use)


def _usages(vault: dict) -> Detail:
    def use(answer: Mapping) -> None:
        for one in answer.get("value") or ():
            if one["name"]["value"] == _COUNTED:
                vault["used"] = one["currentValue"]
                vault["limit"] = one["limit"] if one["limit"] > 0 else None

    return Detail(f"{vault['id']}/usages", VAULTS, use)
