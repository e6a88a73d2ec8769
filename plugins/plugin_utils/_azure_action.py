# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions that change something in Azure share: they run on the controller, for the host of the task."""

from __future__ import annotations

import datetime
import functools
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._guest.masking import mask
from ._azure import _options
from ._azure._acts._change import Changed, change, settled
from ._azure._acts._journal import Journal
from ._azure._acts._kind import Kind, Seen
from ._azure._client import Client
from ._azure._error import AzureError
from ._azure._login import SIGN_IN, settle
from ._run import REPORT_DIR

SPEC: dict[str, dict] = {
    **{name: _options.SPEC[name] for name in SIGN_IN},
    "azure": {"type": "raw"},
    "timeout": {"type": "int", "default": 1800},
    "run_id": {"type": "str"},
    "report_dir": REPORT_DIR,
}

_RESOURCE_ID = re.compile(
    r"/subscriptions/[^/?#]+/resourceGroups/[^/?#]+/providers/[^/?#]+(/[^/?#]+){2,}/?\Z", re.IGNORECASE
)


class AzureAction(ActionBase):
    """An action that changes resources of Azure, each one recorded before."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    spec: ClassVar[dict[str, dict]] = {}
    rules: ClassVar[dict[str, Any]] = {}
    """What the validator of arguments is told beside the options."""
    ids: ClassVar[tuple[str, ...]] = ("id",)
    """Options that are resource ids."""

    def run(self, tmp: str | None = None, task_vars: dict | None = None) -> dict:
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec={**SPEC, **self.spec}, **self.rules)
        self.host = (task_vars or {})["inventory_hostname"]
        run_id = options["run_id"] or new_run()
        told: dict[str, Any] = {"run_id": run_id}
        try:
            self.recorded = Journal(options["report_dir"], run_id)
            self._options = options
            for name in self.ids:
                if options.get(name):
                    options[name] = resource_id(name, options[name])
            return {**told, **mask(self.act(options))}
        except (AzureError, ValueError, OSError) as error:
            return {**told, "failed": True, "msg": mask(str(error))}

    @functools.cached_property
    def client(self) -> Client:
        """Made when Azure is asked for the first time: an undo without changes in Azure needs no sign-in."""
        return Client(settle(sign_in(self._options)), self._options["timeout"])

    def act(self, options: Mapping) -> dict:
        """The result of the action."""
        raise NotImplementedError

    @property
    def journal(self) -> Journal | None:
        """Where changes are recorded; None in check mode."""
        return None if self._task.check_mode else self.recorded

    def tell(self, sentence: str) -> None:
        Display().display(f"[{self.host}] {mask(sentence)}", stderr=True)

    def made(self, kind: Kind, id_: str, wanted: Any) -> Changed:
        """Makes a resource as wanted, when no other change of it is under way."""
        return change(kind, id_, wanted, self.settled(kind, id_), self.journal, self.host)

    def settled(self, kind: Kind, id_: str) -> Seen:
        """The resource, when no other change of it is under way."""
        return settled(kind, id_, self.recorded)

    def shown(self, made: Changed) -> dict:
        """The result of a change."""
        result = {"changed": made.changed, "before": made.before, "after": made.after}
        if self._task.diff and made.changed:
            result["diff"] = {"before": _lines(made.before), "after": _lines(made.after)}
        return result


def new_run() -> str:
    """The name of a run that is not named."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def resource_id(name: str, given: str) -> str:
    """A resource id, as requests need it. Raises ValueError for what is none. ``name``: its option."""
    if not _RESOURCE_ID.match(given):
        raise ValueError(
            f"Cannot use '{given}' as {name}: a resource id reads"
            " /subscriptions/ID/resourceGroups/GROUP/providers/TYPE/NAME, with the type in one or more parts"
        )
    return given.rstrip("/")


def sign_in(options: Mapping) -> dict:
    """Options of sign-in, those of the mapping ``azure`` where the task has none."""
    given = options["azure"] if isinstance(options["azure"], Mapping) else {}
    return {name: options[name] or given.get(name) for name in SIGN_IN}


def _lines(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=1, sort_keys=True) + "\n"
