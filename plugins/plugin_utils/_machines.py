# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual machines of a run in Azure: where their states come from, and each host judged with its own.

Nothing of the client of Azure is imported unless Azure is asked.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._guest.masking import mask
from . import _choices, _error_codes, _resource, _states
from ._engine import _schema
from ._engine._evaluate import without_guest
from ._registry import diagnose
from ._report._groups import waived_note

SPEC = {"azure": {"type": "raw"}, "azure_state_file": {"type": "path"}}
"""Options that bring Azure's side into a report."""

_SCHEMA = 1


Waived = Callable[[str, Mapping | None], Mapping[str, Mapping]]
"""What is waived on a host, by its name and its virtual machine."""


def nothing_waived(_host: str, _machine: Mapping | None) -> Mapping[str, Mapping]:
    """No waiver."""
    return {}


@dataclasses.dataclass(frozen=True)
class Known:
    """What was read of Azure: the states of virtual machines, what could not be read, and when."""

    states: Sequence[Mapping]
    gaps: Sequence[Mapping] = ()
    read_at: str | None = None


def source(options: Mapping) -> Callable[[], Known] | None:
    """Where the states of a run come from, by its options; None where Azure has no part in it.

    A file stands before asking Azure, and an ``azure`` that is false before both. Raises ValueError.
    """
    given, path = options["azure"], options["azure_state_file"]
    if not isinstance(given, Mapping) and given is not None:
        try:
            given = {} if boolean(given) else False
        except TypeError:
            raise ValueError(
                f"Cannot use '{given}' for Azure (diagnose_azure): it is neither true, false nor a mapping of options"
            ) from None
    if given is False:
        return None
    if path:
        return functools.partial(saved, path)
    return None if given is None else functools.partial(asked, given)


def asked(options: Mapping) -> Known:
    """What Azure says now. Raises ValueError with a full sentence where it says nothing."""
    from ._azure import _options
    from ._azure._error import AzureError

    try:
        found = _options.read(options)
    except AzureError as error:
        raise ValueError(str(error)) from None
    return Known(found["vms"], found["gaps"], found["read_at"])


def one(options: Any, id_: str, seconds: int | None = None) -> dict:
    """The state of one virtual machine now. ``options``: those of a reading, of which the sign-in is used.
    ``seconds``: for all of it; None: as long as other readings.

    Raises ValueError with a full sentence.
    """
    from ._azure._login import SIGN_IN

    given = options if isinstance(options, Mapping) else {}
    known = asked({**{name: given.get(name) for name in SIGN_IN}, "ids": [id_], "timeout": seconds})
    if not known.states:
        raise ValueError(f"Cannot find the virtual machine '{id_}' in Azure")
    return dict(_schema.accept(mask(known.states[0])))


def saved(path: str) -> Known:
    """What a file holds, of the form that ``azure_vm_state_info`` returns. Raises ValueError with a full sentence."""
    try:
        found = mask(_states.read(path, _states.LIMIT_OF_FLEET))
    except (OSError, ValueError) as error:
        raise ValueError(f"Cannot read '{path}': {getattr(error, 'strerror', None) or error}") from error
    except RecursionError:
        raise ValueError(f"Cannot read '{path}': it is nested too deeply") from None
    if not isinstance(found, Mapping) or found.get("schema") != _SCHEMA or not isinstance(found.get("vms"), list):
        raise ValueError(f"Cannot read '{path}': it does not hold states of virtual machines in Azure of schema 1")
    gaps, read_at = found.get("gaps") or (), found.get("read_at")
    if not isinstance(gaps, (list, tuple)) or not all(isinstance(gap, Mapping) for gap in gaps):
        raise ValueError(f"Cannot read '{path}': its 'gaps' are not a list of mappings")
    if not isinstance(read_at, (str, type(None))):
        raise ValueError(f"Cannot read '{path}': its 'read_at' is not a time")
    return Known(found["vms"], gaps, read_at)


@dataclasses.dataclass(frozen=True)
class Joined:
    """Results with Azure's side, the states of virtual machines by name, and what the report says of Azure."""

    results: Sequence[Mapping]
    machines: Mapping[str, Mapping] = dataclasses.field(default_factory=dict)
    about: Mapping | None = None


class Azure:
    """Azure's side of a run.

    ``read`` gives what is known of it, or raises ValueError. ``inventory``: variables of all hosts. ``alone``: virtual
    machines are the subjects of the run, and no guest is.
    """

    def __init__(self, read: Callable[[], Known], inventory: Mapping[str, Mapping], alone: bool = False):
        self._read, self._inventory, self._alone = read, inventory, alone

    def join(
        self,
        results: Sequence[Mapping],
        guests: Mapping[str, Mapping],
        choices: Mapping[str, Any],
        waived: Waived = nothing_waived,
    ) -> Joined:
        """Judges each host again with its kept guest state (``guests``) and its machine. What cannot be read is said.

        ``choices`` are those of hosts that had no result of their own.
        """
        try:
            known = self._read()
            states = [_schema.accept(state) for state in known.states]
        except ValueError as error:
            return guests_alone(results, guests, choices, waived, str(error))
        from ._azure._join import join

        hosts = {name: _hints(name, guests.get(name, {}), known_) for name, known_ in self._inventory.items()}
        machines, without_host, without_machine, ambiguous, claimed = join(filter(_named_in_azure, states), hosts)
        machines = {host: _claimed(state) if host in claimed else state for host, state in machines.items()}
        others = _named(without_host, hosts)
        if self._alone:
            judged = [alone(*one, {**choices, "waived": waived(*one)}) for one in (*machines.items(), *others.items())]
        else:
            mine = sorted(result["host"] for result in results)
            judged = [
                again(one, guests.get(host), machines.get(host), choices, waived(host, machines.get(host)))
                for host, one in ((one["host"], one) for one in results)
            ]
            # Hosts of the inventory that are not of this run are hosts all the same.
            machines = {host: machines[host] for host in mine if host in machines}
            without_machine = [host for host in without_machine if host in mine]
        entries = [] if self._alone else [alone(*one, {**choices, "waived": waived(*one)}) for one in others.items()]
        said = about(
            read_at=known.read_at,
            machines=len(known.states),
            gaps=[*known.gaps, *_nameless(states)],
            hosts_without_machine=sorted(without_machine),
            machines_without_host=[brief(entry) for entry in entries],
            ambiguous=list(ambiguous),
        )
        return Joined(judged, {**machines, **others}, said)


def guests_alone(
    results: Iterable[Mapping],
    guests: Mapping[str, Mapping],
    choices: Mapping[str, Any],
    waived: Waived,
    error: str | None,
) -> Joined:
    """The results of hosts of which Azure's side is not known. ``error``: why, where it belongs to the run."""
    judged = []
    for one in results:
        accepted = waived(one["host"], None)
        # A state is read only where it is judged again.
        guest = guests.get(one["host"]) if accepted else None
        judged.append(again(one, guest, None, choices, accepted))
    return Joined(judged, {}, about(error=error) if error else None)


def again(
    result: Mapping,
    guest: Mapping | None,
    machine: Mapping | None,
    choices: Mapping[str, Any],
    waived: Mapping[str, Mapping] | None = None,
) -> dict:
    """The result of a host, judged again with the state of its virtual machine and what is ``waived`` on it."""
    if machine is None and (guest is None or not waived):
        return dict(result)
    try:
        own = {**(_choices.read(result["choices"]) if "choices" in result else choices), "waived": waived}
    except ValueError:  # The host's result says so already.
        return {**result, **(said(machine, result) if machine else {})}
    if machine is None:
        return {**result, **diagnose(guest or {}, **own)}
    if guest is None:
        return {**without_guest(result, diagnose(machine, **own)), **said(machine, result)}
    return {**result, "reason": None, **diagnose(guest, azure=machine, **own), **said(machine, result)}


def alone(name: str, machine: Mapping, choices: Mapping[str, Any]) -> dict:
    """The result of a virtual machine whose guest is not asked."""
    judged = {"host": name, "reason": None, **diagnose(machine, **choices)}
    return {**judged, "platform": None, **said(machine)}


def said(machine: Mapping, result: Mapping | None = None) -> dict:
    """What the result of a host says of its virtual machine; what Azure does not say of it, a ``result`` may."""
    return {"azure": summary(machine), "vm": _resource.of(machine.get("vm", {}), (result or {}).get("vm", {}))}


def summary(machine: Mapping) -> dict:
    """What a report says of each virtual machine. What is not known is null."""
    from ._azure._protection import backing

    vm, protection, jobs = machine.get("vm", {}), machine.get("protection"), machine.get("jobs", ())
    item = backing(protection.get("items", ())) if protection else None
    # Of a vault that may not be read there is only its name.
    hidden = machine.get("vault") if protection is None else None
    job = next((job for job in jobs if job.get("operation") == "Backup"), None)
    return {
        "id": vm.get("id"),
        "name": vm.get("name"),
        "claimed": vm.get("claimed", False),
        "power": vm.get("power"),
        "protected": item is not None if protection is not None else bool(hidden) or None,
        "vault": ((item or {}).get("vault_id") or (hidden or {}).get("id") or "").rpartition("/")[2] or None,
        "policy": (item or {}).get("policy"),
        "last_job": job and {name: job.get(name) for name in ("status", "started", "ended")} | {"code": _code(job)},
    }


def _code(job: Mapping) -> str | None:
    errors = job.get("errors", ())
    return _error_codes.of_error(errors[0]) if errors else None


def _claimed(machine: Mapping) -> dict:
    return {**machine, "vm": {**machine["vm"], "claimed": True}}


def _named_in_azure(state: Mapping) -> bool:
    return {"id", "name"} <= state.get("vm", {}).keys()


def _nameless(states: Iterable[Mapping]) -> list[dict]:
    """The gap of states that do not say which machine they are of."""
    number = sum(not _named_in_azure(state) for state in states)
    reason = "the state has neither its id nor its name"
    return (
        [{"scope": None, "what": f"{number:,} VM" + "s" * (number > 1), "permission": None, "reason": reason}]
        if number
        else []
    )


def brief(result: Mapping) -> dict:
    """A virtual machine that is no host, as the report names it."""
    text = result["cause"]["text"] if result["cause"] else waived_note(result) or None
    named = {"name": result["host"], "verdict": result["verdict"], "first_cause": result["first_cause"], "text": text}
    return {**named, "azure": result["azure"]}


def _named(machines: Iterable[Mapping], hosts: Mapping) -> dict[str, Mapping]:
    """Virtual machines by a name that nothing else has: their own, else with the group, else the resource id."""
    machines = list(machines)
    ids = [(machine["vm"]["name"], machine["vm"]["id"].split("/")[4:5], machine["vm"]["id"]) for machine in machines]
    candidates = [(name, "/".join([*group, name]), id_) for name, group, id_ in ids]
    used = collections.Counter(name for names in candidates for name in set(names))
    return {
        next((name for name in names if used[name] == 1 and name not in hosts), names[-1]): machine
        for names, machine in zip(candidates, machines, strict=True)
    }


def hosts_of(resource_id: str, inventory: Mapping[str, Mapping]) -> list[str]:
    """The host of the inventory that a machine is, by what the inventory alone tells; none where it has no such host.

    Raises ValueError for what is no id of a virtual machine, and where several hosts could be it.
    """
    from ._azure._join import join

    name = re.fullmatch(r"/subscriptions/[^/]+/.*/virtualMachines/([^/]+)", resource_id, re.IGNORECASE)
    if not name:
        raise ValueError(f"Cannot find a host: '{resource_id}' is no resource id of a virtual machine")
    hints = {host: _hints(host, {}, variables) for host, variables in inventory.items()}
    found = join([{"vm": {"id": resource_id, "name": name[1]}}], hints)
    if found.ambiguous:
        raise ValueError(found.ambiguous[0])
    return list(found.machines)


def _hints(host: str, guest: Mapping, variables: Mapping) -> dict:
    """What tells which virtual machine a host is, from its guest and from variables of the inventory azure_rm."""
    instance = ((guest.get("fabric") or {}).get("imds") or {}).get("instance") or {}
    addresses: list[object] = _told(variables, "private_ipv4_addresses", list) or []
    addresses = [*addresses, _told(variables, "ansible_host", str)]
    inventory: dict[str, Any] = {
        "resource_id": _resource_id(_told(variables, "id", str)),
        "name": _told(variables, "name", str) or host,
        "addresses": [address for address in addresses if isinstance(address, str)],
    }
    of_guest = [instance.get("primary_address"), *instance.get("further_addresses", ())]
    return {
        "resource_id": _resource_id((instance.get("compute") or {}).get("resource_id")) or inventory["resource_id"],
        "name": guest.get("identity", {}).get("hostname") or inventory["name"],
        "addresses": [*(address for address in of_guest if isinstance(address, str)), *inventory["addresses"]],
        "inventory": inventory,
    }


def _resource_id(text: str | None) -> str | None:
    return text if text and text.lower().startswith("/subscriptions/") else None


def _told(variables: Mapping, name: str, kind: type) -> Any:
    """A variable of the inventory; None where it is of another kind, or has no value: that is one host's own fault."""
    try:
        value = variables.get(name)
        return kind(value) if isinstance(value, kind) else None
    except Exception:  # pylint: disable=broad-except
        return None


def about(**said: Any) -> dict:
    """What a report says of Azure; what is not ``said`` is empty."""
    empty: dict = {"hosts_without_machine": [], "machines_without_host": [], "ambiguous": []}
    return {"read_at": None, "machines": 0, "gaps": [], **empty, "error": None, **said}
