# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the Windows guest of a case from the healthy one and from what the case tells of it."""

from __future__ import annotations

import copy

import support_cases
import windows_states as states

SERVICE = {
    "state": "Running",
    "start": 2,
    "account": "LocalSystem",
    "image": "x",
    "image_exists": True,
    "read_from": "x",
}


def state_of(guest: dict) -> dict:
    """The guest state. Keys of a guest, all optional:

    ``changes``: fact to value, its path with slashes. ``services``: name to changes of it, or null for none.
    ``agent_log``: lines of trouble. ``plugin``: the message with which the last run failed.
    ``events``: kind to lists of number and data. ``winhttp``: proxy, or a list of proxy and bypass list.
    ``proxies``: proxy to the status of its answer, or to the error of the connection. ``fabric: silent``.
    """
    edits: dict = {}
    if guest.get("fabric") == "silent":
        edits.update(states.UNREACHED)
    if "agent_log" in guest:
        edits.update(states.agent_log(*guest["agent_log"]))
    if "plugin" in guest:
        edits.update(states.failed_run(guest["plugin"]))
    if "winhttp" in guest:
        told = guest["winhttp"]
        edits["proxy.winhttp"] = states.winhttp_value(*([told] if isinstance(told, str) else told))
    if "proxies" in guest:
        edits["fabric.proxies"] = [_answer(place, told) for place, told in guest["proxies"].items()]
    for kind, found in guest.get("events", {}).items():
        edits[f"events.{kind}"] = [states.event(*item) for item in found]
    raw = states.edited(edits)
    for name, told in guest.get("services", {}).items():
        raw["services"][name] = None if told is None else {**(raw["services"].get(name) or SERVICE), **told}
    for path, value in guest.get("changes", {}).items():
        support_cases.change(raw, path.split("/"), copy.deepcopy(value))
    return raw


def _answer(place: str, told: int | str) -> dict:
    return states.proxy_answer(place, told) if isinstance(told, int) else states.proxy_answer(place, error=told)
