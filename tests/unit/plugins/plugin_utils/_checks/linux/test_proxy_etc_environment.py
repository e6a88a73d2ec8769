# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from network_states import CONF, fabric, probed, storage
from support import guest, verdict

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
