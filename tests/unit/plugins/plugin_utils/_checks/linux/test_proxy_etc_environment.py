# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy
from network_states import CONF, fabric, probed, storage
from support import fix_of, guest, verdict

ID = "proxy_etc_environment"
FILES = {CONF: "# x\n", "/etc/environment": "http_proxy=http://10.0.0.5:3128\nno_proxy=168.63.129.16\n"}


def test_nothing_there(tmp_path):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: "# x\n"}))).status == "not_applicable"


def test_it_is_harmless_by_itself(tmp_path):
    found = verdict(ID, guest(**probed(tmp_path, FILES)))
    assert found.status == "ok" and "does not read" in found.why


def test_it_is_relied_on_in_vain(tmp_path):
    state = probed(tmp_path, FILES)
    closed = fabric(storage=storage(connected=False, error="timed out"))
    assert verdict(ID, guest(**state, fabric=closed)).status == "warn"
    assert verdict(ID, guest(**state, fabric=fabric(storage=storage()))).status == "ok"


def test_the_agent_has_its_own(tmp_path):
    state = probed(tmp_path, {**FILES, CONF: "HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n"})
    closed = fabric(storage=storage(connected=False, error="timed out"))
    assert verdict(ID, guest(**state, fabric=closed)).status == "ok"


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


def test_the_fix_gives_the_service_what_is_wanted(tmp_path):
    raw = guest(**probed(tmp_path, FILES), fabric=fabric(storage=storage(connected=False, error="timed out")))
    found = verdict(ID, raw, expect_proxy=Proxy("10.0.0.5", 3128))
    assert fix_of(found) == ("environment_proxy", {"http_proxy": "http://10.0.0.5:3128", "targets": ["service"]})
    assert "diagnose_expect_proxy" in verdict(ID, raw).fix.advice
