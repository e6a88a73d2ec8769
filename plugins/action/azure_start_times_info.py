# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _options
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._starts import missed, read
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._client import Client
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._login import SIGN_IN, settle
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import sign_in
from ansible_collections.vmbackup.azure.plugins.plugin_utils._schedules._policies import hours, plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._schedules._proxies import proxies_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._states import kept, machines_in

_SPEC = {
    **{name: _options.SPEC[name] for name in (*SIGN_IN, "subscriptions", "timeout")},
    "azure": {"type": "raw"},
    "limit": {"type": "int", "required": True},
    "start": {"type": "str", "default": "00:00"},
    "end": {"type": "str", "default": "00:00"},
    "report_dir": {"type": "path"},
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        try:
            allowed = hours(options["start"], options["end"])
            if options["limit"] < 1:
                raise ValueError(f"Cannot use the limit {options['limit']}: it is at least 1")
            guests = kept(options["report_dir"]) if options["report_dir"] else None
            proxies = {} if guests is None else proxies_of(guests, machines_in(guests))
            login = settle(sign_in(options))
            places = options["subscriptions"] or ([login.subscription_id] if login.subscription_id else [])
            client = Client(login, options["timeout"])
            planned = plan(*read(client, places), options["limit"], allowed, proxies)
            return {"changed": False, **planned, "subscriptions": places, "missed": missed(client, places)}
        except (AzureError, ValueError) as error:
            return {"failed": True, "msg": str(error)}
