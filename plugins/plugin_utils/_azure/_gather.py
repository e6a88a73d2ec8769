# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the states of virtual machines: a few queries, a few lists for each subscription, and details of suspects."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...module_utils._guest.masking import mask
from .._engine import _gaps as codes
from .._engine._model import AZURE
from .._engine._schema import SCHEMA
from . import _denials, _details, _disks, _machine, _network, _protection, _unseen, _view
from ._api_versions import COMPUTE, LOCKS, PERMISSIONS
from ._client import Client
from ._error import FORMS, AzureError, odd
from ._estate import LATE, Estate
from ._gaps import Gaps
from ._selection import Selection, elsewhere, query, quoted
from ._values import group_id, key, part

_HIDDEN = "; one that may not be read (Microsoft.Compute/virtualMachines/read) is not shown either"
_AUTHORIZATION = "providers/Microsoft.Authorization"
_FEW = 10
"""Up to so many machines, or groups, of a subscription are asked for one by one; more come in lists."""


def gather(client: Client, selection: Selection, agent_status: bool = True) -> dict:
    """``{schema, read_at, vms, gaps, calls}``. ``agent_status``: instance views and details as well.

    Raises AzureError when the machines cannot be read.
    """
    gaps = Gaps()
    estate = Estate(client.query(query("machines", selection=selection.clause), selection.places))
    estate.machines = {id_: row for id_, row in estate.machines.items() if selection.covers(row)}
    for word, called in selection.absent(estate.machines.values()):
        gaps.note(word, "vm", None, f"Cannot find {called} '{word}' in Azure{_HIDDEN}")
    if not estate.machines:
        scope = ", ".join(selection.places) or "all subscriptions"
        gaps.note(scope, "vm", None, f"Azure shows no virtual machine that is wanted{_HIDDEN}")
    found = _read(client, selection, estate, agent_status)
    estate.rights.update(found["rights"][""])
    for place in estate.subscriptions:
        if isinstance(unread := estate.rights[place], AzureError):
            gaps.add(f"/subscriptions/{place}", "permissions", unread)
    states = [_state(row, estate, found) for row in estate.machines.values()]
    if agent_status:
        _unseen.ask(client, states, estate)
    for state in states:
        gaps.of_state(state)
    # Details have places of their own: a key may be in another subscription than its machine.
    if agent_status:
        _details.ask(client, states, estate, gaps)
    else:
        _details.leave(states, estate)
    read = {"schema": SCHEMA, "read_at": estate.read_at, "vms": states, "gaps": gaps.list}
    return {**mask(read), "calls": client.calls}


def _read(client: Client, selection: Selection, estate: Estate, agent_status: bool) -> dict[str, dict[str, Any]]:
    """What is read for many machines at once, by kind and place; an AzureError is in the place of what was not."""
    works: dict[tuple[str, str], Callable] = {
        ("protection", ""): functools.partial(_items, client, selection, estate),
        ("policies", ""): lambda: list(client.query(query("policies"), selection.places)),
        ("rights", ""): functools.partial(rights, client, estate.subscriptions),
    }
    for place in estate.subscriptions:
        works["locks", place] = lambda path=f"/subscriptions/{place}/{_AUTHORIZATION}/locks": list(
            client.listed(path, LOCKS)
        )
        if agent_status:
            ids = [row["id"] for row in estate.machines.values() if row["subscriptionId"].lower() == place]
            works["views", place] = functools.partial(_views, client, place, ids)
    found: dict[str, dict[str, Any]] = {}
    for (kind, place), answer in zip(works, client.each(lambda work: work(), works.values()), strict=True):
        found.setdefault(kind, {})[place] = answer
    return found


def _items(client: Client, selection: Selection, estate: Estate) -> _protection.Protection:
    """Protected items; those of another machine of the same name matter only where that machine is no more."""
    rows = list(client.query(query("protection", selection=""), selection.places))
    if selection.places:
        rows += _elsewhere(client, selection.places, estate)
    protection = _protection.Protection(rows)
    if strays := protection.strays(estate.machines):
        # They may be of any subscription, and only what may be read is shown.
        protection.living = {key(row["id"]) for row in client.query(query("living", ids=quoted(strays)), ())}
        others = {part(id_, "subscriptions").lower() for id_ in strays}.difference(estate.subscriptions)
        estate.rights.update(rights(client, others))
    return protection


def _elsewhere(client: Client, places: Iterable[str], estate: Estate) -> list[dict]:
    """What protects machines of these subscriptions in others: items and policies; their vaults go to the estate."""
    items = list(client.query(query("protection", selection=elsewhere(places)), ()))
    if items:
        vaults = {_protection.vault_of(row["id"]) for row in items}
        clause = f"| where id in~ ({quoted(sorted(vaults))})"
        estate.shared.update((key(row["id"]), row) for row in client.query(query("machines", selection=clause), ()))
        policies = {row["properties"].get("policyId") or "" for row in items}
        clause = f"| where id in~ ({quoted(sorted(policies))})"
        items += client.query(query("protection", selection=clause), ())
    return items


def rights(client: Client, places: Iterable[str]) -> dict[str, list[Mapping] | AzureError]:
    """What the principal may do in subscriptions, or why that cannot be read."""

    def of(place: str) -> list[Mapping]:
        return list(client.listed(f"/subscriptions/{place}/{_AUTHORIZATION}/permissions", PERMISSIONS))

    wanted = sorted(places)
    return dict(zip(wanted, client.each(of, wanted), strict=True))


def _views(client: Client, subscription: str, ids: list[str]) -> dict[str, Any]:
    """Instance views by machine. Who may read some groups only is refused the list of the subscription."""
    if len(ids) <= _FEW:
        paths = [f"{id_}/instanceView" for id_ in ids]
        return dict(zip(map(key, ids), client.each(functools.partial(_view_of, client), paths), strict=True))
    try:
        return _listed_views(client, f"/subscriptions/{subscription}")
    except AzureError as error:
        groups = sorted({key(group_id(id_)): group_id(id_) for id_ in ids}.values())
        if error.status != 403 or len(groups) > _FEW:
            raise
        answers = client.each(functools.partial(_listed_views, client), groups)
        refused = {key(group): one for group, one in zip(groups, answers, strict=True) if isinstance(one, AzureError)}
        views = {id_: view for one in answers if not isinstance(one, AzureError) for id_, view in one.items()}
        return {**{key(id_): refused[key(group_id(id_))] for id_ in ids if key(group_id(id_)) in refused}, **views}


def _view_of(client: Client, path: str) -> dict:
    return client.get(path, COMPUTE)


def _listed_views(client: Client, scope: str) -> dict[str, dict]:
    path = f"{scope}/providers/Microsoft.Compute/virtualMachines"
    rows = client.listed(path, COMPUTE, statusOnly="true")
    return {key(row["id"]): (row.get("properties") or {}).get("instanceView") or {} for row in rows}


def _state(row: Mapping, estate: Estate, found: Mapping[str, Mapping[str, Any]]) -> dict:
    """The state of one machine. A section whose form is not the expected one is missing, the others are there."""
    place = row["subscriptionId"].lower()
    state: dict = {"schema": SCHEMA, "platform": AZURE, "captured": estate.read_at, "missing": {}}
    readers: list[tuple[Iterable[str], Callable[[], None]]] = [
        (("vm", "extensions", "points"), lambda: _machine.read(row, estate, state)),
        (("disks", "encryption"), lambda: _disks.read(row, estate, state)),
        (("network",), lambda: _network.read(row, estate, state)),
        (_protection.SECTIONS, lambda: _there(found["protection"][""]).read(row, estate, state)),
        (("denials",), lambda: _denials.read_denials(_there(found["policies"][""]), row, estate, state)),
        (("locks",), lambda: _denials.read_locks(_there(found["locks"][place]), row, state)),
        (("agent",), lambda: _agent(found.get("views"), row, state)),
    ]
    for sections, read in readers:
        try:
            read()
        except AzureError as error:
            state["missing"].update(dict.fromkeys(sections, error.reason))
        except FORMS as error:
            for section in sections:
                state.pop(section, None)
                state["missing"][section] = odd(error)
    return state


def _agent(views: Mapping[str, Any] | None, row: Mapping, state: dict) -> None:
    if views is None:
        state["missing"]["agent"] = codes.NOT_ASKED
        return
    view = _there(views[row["subscriptionId"].lower()]).get(key(row["id"]))
    if view is None:
        state["missing"]["agent"] = LATE
    else:
        _view.read(_there(view), state)


def _there(answer: Any) -> Any:
    if isinstance(answer, AzureError):
        raise answer
    return answer
