# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``agent``, and what the instance view of a machine knows better: power, messages of extensions."""

from __future__ import annotations

from collections.abc import Mapping

from ._values import choice, text, time


def read(view: Mapping, state: dict) -> None:
    """Puts the section into the state. The view is newer than Resource Graph's copy."""
    if power := _said(view, "PowerState"):
        state["vm"]["power"] = power
    if provisioning := _said(view, "ProvisioningState"):
        state["vm"]["provisioning_state"] = choice(provisioning)
    agent = view.get("vmAgent")
    state["agent"] = _agent(agent, state["vm"]["id"]) if agent else None
    reports = {(one.get("name") or "").lower(): one for one in view.get("extensions") or ()}
    for extension in state["extensions"]:
        extension.update(_report(reports.pop(extension["name"].lower(), {})))
    # The snapshot extension need not be a resource: the agent's report alone shows it.
    state["extensions"] += [
        {
            "name": one.get("name") or "",
            "type": one.get("type") or one.get("name") or "",
            "version": text(one.get("typeHandlerVersion")),
            "provisioning_state": None,
            "read_from": f"{state['vm']['id']}/instanceView",
            **_report(one),
        }
        for one in reports.values()
    ]
    state["missing"].pop("agent", None)


def _said(view: Mapping, kind: str) -> str | None:
    """The word of a status of that kind: ProvisioningState/failed/OSProvisioningTimedOut has failed."""
    codes = [(one.get("code") or "").split("/") for one in view.get("statuses") or ()]
    return next((code[1] for code in codes if code[0] == kind and len(code) > 1), None)


def _report(extension: Mapping) -> dict:
    """What an extension says of its own last work."""
    word = _said(extension, "ProvisioningState")
    message = _first(extension.get("statuses")).get("message")
    return {"message": text(message), "reported": word.lower() if word else None}


def _agent(agent: Mapping, machine: str) -> dict:
    status = _first(agent.get("statuses"))
    return {
        "version": agent.get("vmAgentVersion") or "Unknown",
        "status": status.get("displayStatus") or "",
        "message": text(status.get("message")),
        "time": time(status.get("time")),
        "handlers": [
            {
                "type": one.get("type") or "",
                "version": text(one.get("typeHandlerVersion")),
                "status": _handler_status(one.get("status") or {}),
                "code": text((one.get("status") or {}).get("code")),
                "message": text((one.get("status") or {}).get("message")),
            }
            for one in agent.get("extensionHandlers") or ()
        ],
        "read_from": f"{machine}/instanceView",
    }


def _handler_status(status: Mapping) -> str:
    return status.get("displayStatus") or ("Not Ready" if "/failed" in (status.get("code") or "").lower() else "")


def _first(statuses: list[Mapping] | None) -> Mapping:
    return next(iter(statuses or ()), {})
