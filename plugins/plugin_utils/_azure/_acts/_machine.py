# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Power and model of a virtual machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api_versions import COMPUTE
from .._values import last, word
from ._kind import Kind, Nothing, Seen

_CALLS = {"running": "start", "deallocated": "deallocate", "stopped": "powerOff"}
_PASSING = ("starting", "stopping", "deallocating", "creating", "updating")


class Power(Kind):
    """The power state: running, stopped (still allocated) or deallocated."""

    name, noun = "power", "power of"

    def read(self, id_: str) -> Seen:
        view = self.client.get(f"{id_}/instanceView", COMPUTE)
        codes = [status.get("code", "") for status in view.get("statuses", ())]
        power = next((word(code) for code in codes if code.startswith("PowerState/")), None)
        return Seen(power, busy=power in _PASSING)

    def write(self, id_: str, value: Any, seen: Seen) -> None:
        call = _CALLS[value]
        self.send("POST", f"{id_}/{call}", COMPUTE, f"{call[0].upper()}{call[1:]} '{last(id_)}'")

    def undone(self, entry: Mapping) -> Any:
        if entry["before"] == "stopped" and entry["after"] == "deallocated":
            raise Nothing("a machine that was shut down from inside stays deallocated; start it if it is needed")
        if entry["before"] not in _CALLS:
            raise Nothing("its power state before the change is not known; start or deallocate it yourself")
        return entry["before"]


class Provisioning(Kind):
    """The provisioning state, which applying the model again brings back to Succeeded."""

    name, noun = "provisioning", "model of"
    permanent = "the model was applied again; there is nothing to bring back"

    def read(self, id_: str) -> Seen:
        state = self.client.get(id_, COMPUTE)["properties"]["provisioningState"]
        return Seen(state, busy=state in ("Updating", "Creating"))

    def write(self, id_: str, value: Any, seen: Seen) -> None:
        self.send("POST", f"{id_}/reapply", COMPUTE, f"Reapply '{last(id_)}'")
