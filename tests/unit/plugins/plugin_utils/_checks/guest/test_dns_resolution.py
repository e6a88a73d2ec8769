# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import saying, tree
from network_states import fabric, proxy_answer, storage
from support import guest, verdict

ID = "dns_resolution"
UNKNOWN = {
    "addresses": [],
    "dns_error": "cannot be resolved: unknown",
    "connected": False,
    "error": "x",
}


def test_names_resolve():
    assert verdict(ID, guest(fabric=fabric(storage=storage()))).status == "ok"


def test_names_do_not_resolve():
    assert verdict(ID, guest(fabric=fabric(storage=storage(**UNKNOWN)))).status == "warn"


def test_the_proxy_resolves():
    section = fabric(storage=storage(**UNKNOWN), proxies=[proxy_answer(status=200)])
    assert verdict(ID, guest(fabric=section)).status == "ok"


def test_the_agents_last_word_counts_on_a_disk():
    said, silent = tree(saying("address_not_resolved")), tree()
    said["fabric"] = silent["fabric"] = {"saved_routes": []}
    assert verdict(ID, said).status == "warn"
    assert verdict(ID, silent).status == "not_applicable"


def test_nothing_was_asked():
    assert verdict(ID, guest(fabric=fabric())).status == "not_applicable"
    assert verdict(ID, guest()).status == "unknown"
