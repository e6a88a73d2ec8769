# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy variables for logins and for the agent's service: what is taken, what is added, how it is written."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import environment_proxy

PROXY = "http://proxy:3128"


@pytest.mark.parametrize(
    "url",
    [
        "proxy:3128",
        "http://proxy",
        "ftp://proxy:21",
        "http://proxy:0",
        "http://proxy:99999",
        "http://p:1/path",
        "http://p q:1",
        'http://p:1"',
    ],
)
def test_proxies_that_the_agent_would_ignore_are_refused(url):
    params = {"state": "present", "http_proxy": url, "https_proxy": None}
    with pytest.raises(ChangeError, match="Cannot set 'http_proxy'"):
        environment_proxy._urls(params)


@pytest.mark.parametrize("url", [PROXY, "http://u:p%40w@proxy.example:8080/", "http://[fd00::1]:3128"])
def test_proxies_that_it_takes(url):
    urls = environment_proxy._urls({"state": "present", "http_proxy": url, "https_proxy": None})
    assert urls == {"http_proxy": url, "https_proxy": url}


def test_the_platform_is_always_kept_out_of_the_proxy():
    wanted = environment_proxy._wanted({"http_proxy": PROXY, "https_proxy": PROXY}, ["*.internal", " a "], {})
    assert wanted["no_proxy"] == wanted["NO_PROXY"] == ".internal,a,168.63.129.16,169.254.169.254"


def test_present_exceptions_are_kept_when_none_are_given():
    wanted = environment_proxy._wanted(
        {"http_proxy": PROXY, "https_proxy": PROXY}, None, {"no_proxy": "x, 168.63.129.16"}
    )
    assert wanted["no_proxy"] == "x,168.63.129.16,169.254.169.254"


def test_the_drop_in_escapes_what_systemd_would_expand():
    wanted = environment_proxy._wanted({"http_proxy": "http://u:p%40w@h:1", "https_proxy": PROXY}, [], {})
    assert b'Environment="http_proxy=http://u:p%%40w@h:1"' in environment_proxy.render(wanted)
