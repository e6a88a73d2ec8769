# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxies of machines, from the states that a diagnosis has kept."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._schedules._proxies import proxies_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._states import kept, machines_in, write


def machine(name):
    return {"vm": {"id": f"/subscriptions/x/virtualMachines/{name}", "name": name}}


def guest(*proxies):
    return {"fabric": {"proxies": [{"proxy": proxy} for proxy in proxies]}}


def test_only_what_a_guest_said_is_known():
    guests = {"a": guest("p:1", "p:1", "o:2"), "b": guest(), "silent": {"fabric": {}}, "other": guest("p:1")}
    machines = {name: machine(name.upper()) for name in ("a", "b", "silent", "no-guest")} | {"dark": {}}
    assert proxies_of(guests, machines) == {
        "/subscriptions/x/virtualmachines/a": ["o:2", "p:1"],
        "/subscriptions/x/virtualmachines/b": [],
    }


def test_a_damaged_state_names_its_host(tmp_path):
    guests = kept(str(tmp_path))
    guests.folder.mkdir()
    write(machines_in(guests).folder / "web1.json.gz", machine("web1"))
    assert proxies_of(guests, machines_in(guests)) == {}
    (guests.folder / "web1.json.gz").write_bytes(b"{")
    with pytest.raises(ValueError, match="Cannot read the state of 'web1': "):
        proxies_of(guests, machines_in(guests))
