# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What costs a call for a single vault, key or machine: vaults and keys, which machines share, are all asked for;
machines where something looks wrong, the likeliest first, and not too many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from .._engine import _gaps as codes
from .._facts.azure.jobs import last_ended
from .._facts.azure.protection import UNORDERED
from ._api_versions import BACKUP, COMPUTE, KEYS, VAULTS
from ._client import Client
from ._error import FORMS, AzureError, odd
from ._estate import Estate
from ._gaps import Gaps
from ._protection import errors
from ._values import choice, key, moment, part, time, within

_FEW, _LEAST = 25, 3
"""Details of machines: so many, less one for each further page that lists have, but at least so many."""
_TOO_MANY = "Azure was asked for {most} of {needed:,} details (errors of failed jobs, numbers of restore points)"
_POINT_CODES = ("UserErrorRpCollectionLimitReached", "VMRestorePointClientError")
_NEARLY_FULL = 900
"""Machines in a vault, which can hold 1,000."""
_COUNTED = "IaaSVMProtectedItemCount"


class Detail(NamedTuple):
    """One call: ``use`` puts its answer where it belongs, ``untold`` says where it is missing."""

    path: str
    version: str
    use: Callable[[Mapping], None]
    parameters: Mapping[str, str] = {}
    absent: Callable[[], None] | None = None
    """What it means that there is no such thing."""
    untold: Callable[[str], None] = lambda reason: None
    """Says why there is no answer."""


def ask(client: Client, states: Sequence[dict], estate: Estate, gaps: Gaps) -> None:
    """Completes the states. What could not be read is a gap at its own place, once for all machines."""
    shared = _by_path(states, estate, _keys, _vault)
    machines = list(_by_path(states, estate, _untold_job, _counts, _failed_job).values())
    most = max(_LEAST, _FEW - client.further)
    # Those without which something is missing come first.
    needed = len(_by_path(states, estate, _untold_job, _counts))
    if needed > most:
        reason = _TOO_MANY.format(most=most, needed=needed)
        _untold(machines[most:], reason)
        gaps.note("", "details", None, reason)
    wanted = [*shared.values(), *machines[:most]]
    answers = client.each(lambda same: client.get(same[0].path, same[0].version, **same[0].parameters), wanted)
    for same, answer in zip(wanted, answers, strict=True):
        if error := answer if isinstance(answer, AzureError) else _used(same, answer):
            gone = [detail.absent for detail in same if error.gone and detail.absent]
            for absent in gone:
                absent()
            if not gone:
                _untold([same], error.reason)
                gaps.add(same[0].path, "details", error)


def leave(states: Sequence[dict], estate: Estate) -> None:
    """Says in the states what was not asked for, by choice."""
    _untold(_by_path(states, estate, _untold_job, _counts, _keys, _vault).values(), codes.NOT_ASKED)


def _by_path(
    states: Sequence[dict], estate: Estate, *kinds: Callable[[dict, Estate], Iterator[Detail]]
) -> dict[str, list[Detail]]:
    """The details of some kinds by what is asked for: one answer may be of use to several states."""
    found: dict[str, list[Detail]] = {}
    for kind in kinds:
        for state in states:
            for detail in kind(state, estate):
                found.setdefault(detail.path, []).append(detail)
    return found


def _used(same: Sequence[Detail], answer: Mapping) -> AzureError | None:
    """Puts an answer where it belongs. Returns why that is not possible."""
    try:
        for detail in same:
            detail.use(answer)
    except FORMS as error:
        return AzureError(f"Cannot read '{same[0].path}': {odd(error)}")
    return None


def _untold(wanted: Iterable[Sequence[Detail]], reason: str) -> None:
    for same in wanted:
        for detail in same:
            detail.untold(reason)


def _untold_job(state: dict, _estate: Estate) -> Iterator[Detail]:
    """A job that failed without a word in Resource Graph."""
    job = last_ended(state.get("jobs") or ())
    if job and job["status"] in ("Failed", "CompletedWithWarnings") and not job["errors"]:
        yield _job(job)._replace(untold=lambda reason: state["missing"].update({"jobs.errors": reason}))


def _failed_job(state: dict, _estate: Estate) -> Iterator[Detail]:
    """Which of its tasks failed tells the guest from the transfer."""
    job = last_ended(state.get("jobs") or ())
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
    job = last_ended(state.get("jobs") or ())
    said = {error["code"] for error in (job or {}).get("errors") or ()}
    items = (state.get("protection") or {}).get("items") or ()
    stopped = any(item["protection_state"] in UNORDERED for item in items)
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
        collection.pop("count", None)
        missing["points.collections.count"] = reason

    return Detail(collection["id"], COMPUTE, use, {"$expand": "restorePoints"}, untold=untold)


def _keys(state: dict, estate: Estate) -> Iterator[Detail]:
    """Keys of disk encryption sets. What the key's vault says of it needs no access to the key itself."""
    for one in (state.get("encryption") or {}).get("sets") or ():
        active = estate.shared[key(one["id"])]["facts"].get("key") or {}
        vault, name = (active.get("sourceVault") or {}).get("id"), part(one["key_url"] or "", "keys")
        if vault and name:
            yield _key(one, f"{vault}/keys/{name}", state["missing"])


def _key(one: dict, path: str, missing: dict[str, str]) -> Detail:
    def use(answer: Mapping) -> None:
        given = (answer.get("properties") or {}).get("attributes") or {}
        one["key"] = {"found": True, "enabled": given.get("enabled"), "expires": moment(given.get("exp"))}

    def absent() -> None:
        one["key"] = {"found": False, "enabled": None, "expires": None}

    def untold(reason: str) -> None:
        one.pop("key", None)
        missing["encryption.sets.key"] = reason

    return Detail(path, KEYS, use, absent=absent, untold=untold)


def _vault(state: dict, _estate: Estate) -> Iterator[Detail]:
    """The key that a vault has of its own, and how much a vault that is nearly full can hold."""
    vault = state.get("vault")
    if not vault or "used" not in vault:  # Nothing of it may be read.
        return
    if "key_status" not in vault:
        yield _vault_key(vault, state["missing"])
    if (vault["used"] or 0) >= _NEARLY_FULL:
        yield _usages(vault)


def _vault_key(vault: dict, missing: dict[str, str]) -> Detail:
    def use(answer: Mapping) -> None:
        vault["key_status"] = choice((answer.get("properties") or {}).get("lastUpdateStatus"))

    def untold(reason: str) -> None:
        missing["vault.key_status"] = reason

    path = f"{vault['id']}/backupEncryptionConfigs/backupResourceEncryptionConfig"
    return Detail(path, BACKUP, use, untold=untold)


def _usages(vault: dict) -> Detail:
    def use(answer: Mapping) -> None:
        for one in answer.get("value") or ():
            if one["name"]["value"] == _COUNTED:
                vault["used"] = one["currentValue"]
                vault["limit"] = one["limit"] if one["limit"] > 0 else None

    return Detail(f"{vault['id']}/usages", VAULTS, use)
