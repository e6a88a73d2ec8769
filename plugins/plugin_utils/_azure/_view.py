# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``agent``, and what the instance view of a machine knows better: power, messages of extensions."""

from __future__ import annotations

from collections.abc import Mapping

from ._values import text, time, word


def read(view: Mapping, state: dict) -> None:
    """Puts the section into the state. The view is newer than Resource Graph's copy."""
    codes = [one.get("code") or "" for one in view.get("statuses") or ()]
    power = next((code for code in codes if code.startswith("PowerState/")), None)
    if power:
        state["vm"]["power"] = word(power)
    agent = view.get("vmAgent")
    state["agent"] = _agent(agent, state["vm"]["id"]) if agent else None
    said = {one.get("name"): _first(one.get("statuses")).get("message") for one in view.get("extensions") or ()}
    for extension in state["extensions"]:
        extension["message"] = text(said.get(extension["name"]))
    state["missing"].pop("agent", None)


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
                "status": (one.get("status") or {}).get("displayStatus") or "",
                "code": text((one.get("status") or {}).get("code")),
                "message": text((one.get("status") or {}).get("message")),
            }
            for one in agent.get("extensionHandlers") or ()
        ],
        "read_from": f"{machine}/instanceView",
    }


def _first(statuses: list[Mapping] | None) -> Mapping:
    return next(iter(statuses or ()), {})
