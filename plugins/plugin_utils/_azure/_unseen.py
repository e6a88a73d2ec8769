# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vaults that may not be read: whether one protects a machine that looks unprotected, Azure Backup says itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._engine import _gaps
from ._api_versions import BACKUP
from ._client import Client
from ._error import AzureError
from ._estate import Estate
from ._protection import READ_ITEMS, SECTIONS
from ._values import choice, last, part, text

ASK_STATUS = "Microsoft.RecoveryServices/locations/backupStatus/action"
_SAMPLE, _MOST = 5, 200
_TOO_MANY = "Azure Backup was asked for {most} of {number:,} machines that look unprotected"


def ask(client: Client, states: Sequence[dict], estate: Estate) -> None:
    """Completes the states of machines without an item: of those that Azure Backup has made restore points for, and of
    a few others; of all where one is protected after all."""
    doubtful = [state for state in states if (state.get("protection") or {}).get("items") == []]
    doubtful.sort(key=_made_points, reverse=True)
    number = sum(map(_made_points, doubtful)) + _SAMPLE
    first = doubtful[: min(number, _MOST)]
    if _protected(client, first, estate):
        _protected(client, doubtful[len(first) : _MOST], estate)
        number = len(doubtful)
    for state in doubtful[_MOST:number]:
        _untold(state, _TOO_MANY.format(most=_MOST, number=len(doubtful)))


def _made_points(state: Mapping) -> bool:
    return any(one["of_backup"] for one in (state.get("points") or {}).get("collections") or ())


def _protected(client: Client, states: Sequence[dict], estate: Estate) -> bool:
    """Asks for the machines. One of them is protected."""
    asked = []
    for state in states:
        if estate.may(ASK_STATUS, state["vm"]["subscription"]):
            asked.append(state)
        else:
            _untold(state, _gaps.forbidden(ASK_STATUS))
    answers = client.each(lambda state: _status(client, state["vm"]), asked)
    protected = [_read(state, answer, estate) for state, answer in zip(asked, answers, strict=True)]
    return any(protected)


def _status(client: Client, vm: Mapping) -> Mapping:
    path = f"/subscriptions/{vm['subscription']}/providers/Microsoft.RecoveryServices/locations/{vm['location']}"
    return client.get(f"{path}/backupStatus", BACKUP, {"resourceType": "VM", "resourceId": vm["id"]})


def _read(state: dict, answer: Mapping | AzureError, estate: Estate) -> bool:
    """Puts the answer into the state. The machine is protected."""
    if isinstance(answer, AzureError):
        _untold(state, answer.reason)
        return False
    status, vault = choice(answer.get("protectionStatus")), text(answer.get("vaultId"))
    if status in ("Protected", "Protecting") and vault:
        reason = estate.unseen(READ_ITEMS, vault)
        _untold(state, reason)
        state["missing"]["vault.key_status"] = reason
        names = {"id": vault, "name": last(vault), "subscription": part(vault, "subscriptions")}
        state["vault"] = {**names, "read_from": vault}
        return True
    if status not in ("NotProtected", "ProtectionFailed"):
        _untold(state, f"Azure Backup does not say whether it protects the machine: its status is {status}")
    return False


def _untold(state: dict, reason: str) -> None:
    """What is not shown may be there."""
    for section in SECTIONS:
        state.pop(section, None)
        state["missing"][section] = reason
