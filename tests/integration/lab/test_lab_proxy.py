# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's use of its proxy, proved by the proxy's own log."""

import pytest
from lab import Extension
from lab.command import wait_until
from lab.settings import AUTH_PROXY_PORT, GATEWAY, PROXY_PORT, STORAGE_NAME

pytestmark = pytest.mark.lab


def run_with(host, *lines):
    """Put lines into waagent.conf in place of its proxy settings, and let the agent fetch the extension."""
    host.exec("sed -i '/HttpProxy/d' /etc/waagent.conf")
    host.exec("cat >>/etc/waagent.conf", stdin="".join(f"{line}\n" for line in lines))
    host.restart_agent()
    host.lab.fabric.set_extension(Extension(), host.address)
    host.wait_handler("Ready")


def test_agent_goes_through_the_proxy_with_host_and_port(lab, lab_host):
    host = lab_host()
    run_with(host, f"HttpProxy.Host={GATEWAY}", f"HttpProxy.Port={PROXY_PORT}")

    targets = {request.target for request in lab.proxy_log.requests(host.address)}
    assert targets and all(STORAGE_NAME in target for target in targets)
    assert any("package.zip" in target for target in targets)
    fetched = [entry for entry in lab.fabric.requests(listener="storage", path="package.zip") if entry["via"]]
    assert any("tinyproxy" in entry["via"] for entry in fetched)


@pytest.mark.parametrize("lines", [(), (f"HttpProxy.Port={PROXY_PORT}",)], ids=["no key", "only the port"])
def test_agent_goes_straight_without_the_host_key(lab, lab_host, lines):
    host = lab_host()
    run_with(host, *lines)
    assert lab.proxy_log.requests(host.address) == []
    assert lab.fabric.requests(host.address, "storage", "package.zip")


def test_agent_with_the_host_key_alone_does_not_reach_the_proxy(lab, lab_host):
    host = lab_host()
    run_with(host, f"HttpProxy.Host={GATEWAY}")
    assert lab.proxy_log.requests(host.address) == []


def test_other_proxy_wants_credentials(lab, lab_host):
    host = lab_host()
    url = f"http://{STORAGE_NAME}/extension/manifest.xml"

    def ask(credentials):
        proxy = f"http://{credentials}{GATEWAY}:{AUTH_PROXY_PORT}"
        return host.exec(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-x", proxy, url]).stdout

    assert ask("") == "407"
    assert ask("lab:lab-secret@") == "200"
    wait_until("the proxy's log", lambda: len(lab.auth_proxy_log.requests(host.address)) >= 1)
