# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _environment, _package_proxy, proxy
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _proxy_paths as paths

UNIT = "/usr/lib/systemd/system/walinuxagent.service"
CONF = "/etc/waagent.conf"


@pytest.mark.parametrize(
    ("text", "host", "port", "problem"),
    [
        ("http://10.0.0.4:3128", "10.0.0.4", 3128, None),
        ("10.0.0.4:3128", None, None, "no scheme"),
        ("proxy.corp:3128", None, None, "no scheme"),
        ("http://10.0.0.4", "10.0.0.4", None, "no port"),
        ("https://PX:8080/", "px", 8080, None),
        ("http://u:p@h:3128", "h", 3128, None),
        ("http://[fd00::1]:3128", "fd00::1", 3128, None),
        ("http://h:abc", "h", None, "the port is no number"),
        ("", None, None, "no scheme"),
    ],
)
def test_proxy_variables_as_the_agent_takes_them_apart(text, host, port, problem):
    assert paths.split_url(text) == (host, port, problem)


@pytest.mark.parametrize(
    ("host", "port", "environment", "via", "proxy"),
    [
        (None, None, {}, "direct", None),
        ("p", 3128, {}, "proxy", "p:3128"),
        ("p", None, {"https_proxy": "http://e:1"}, "direct", None),
        (None, 3128, {}, "direct", None),
        ("", 3128, {}, "proxy", ":3128"),
        (None, None, {"https_proxy": "http://e:1"}, "proxy", "e:1"),
        (None, None, {"http_proxy": "http://e:1"}, "direct", None),
        (None, None, {"HTTPS_PROXY": "http://e:1"}, "proxy", "e:1"),
        (None, None, {"https_proxy": "", "HTTPS_PROXY": "http://e:1"}, "direct", None),
        (None, None, {"all_proxy": "http://e:1"}, "direct", None),
        ("p", 1, {"no_proxy": "*.blob.core.windows.net"}, "proxy", "p:1"),
        ("p", 1, {"no_proxy": ".windows.net, blob.storage.azure.net"}, "direct", None),
        ("p", 1, {"no_proxy": ".windows.net"}, "proxy", "p:1"),
    ],
)
def test_the_agents_path(host, port, environment, via, proxy):
    path = paths.agent(host, port, environment)
    assert (path["via"], path["proxy"]) == (via, proxy) and path["reason"]


@pytest.mark.parametrize(
    ("host", "port", "readable", "proxy"),
    [
        (None, None, True, None),
        ("p", "3128", True, None),
        ("p", None, True, "p:443"),
        ("p:3128", None, True, "p:3128"),
        ("p", None, False, None),
        (None, "3128", True, None),
    ],
)
def test_the_extensions_path(host, port, readable, proxy):
    assert paths.extension(host, port, readable)["proxy"] == proxy


@pytest.mark.parametrize(
    ("entry", "host", "answer"),
    [
        ("168.63.129.16", "168.63.129.16", True),
        ("168.63.129.16/32", "168.63.129.16", True),
        ("168.0.0.0/8", "168.63.129.16", True),
        ("168.63.129.16/0", "168.63.129.16", False),
        ("*", "168.63.129.16", False),
        ("*.windows.net", "x.blob.core.windows.net", False),
        ("Windows.Net", "x.blob.core.windows.net", True),
        ("com", "example.com", True),
    ],
)
def test_no_proxy_entries_in_the_agent(entry, host, answer):
    assert paths.matches(entry, host) is answer


def test_common_clients_take_an_asterisk():
    assert paths.exempts({"NO_PROXY": "a, *"}, "168.63.129.16")
    assert not paths.exempts({"no_proxy": "localhost"}, "168.63.129.16")


def test_kinds_of_no_proxy_entries():
    kinds = [paths.entry_kind(entry) for entry in ("*.x", "10.0.0.0/8", "10.0.0.1", ".x")]
    assert kinds == ["wildcard", "network", "address", "suffix"]


def test_login_environment():
    found = _environment.login('#http_proxy=a\nhttp_proxy="http://p:1"\nexport NO_PROXY=x\nPATH=/bin\n')
    assert [(v.name, v.value, v.read_from) for v in found] == [
        ("http_proxy", "http://p:1", "/etc/environment:2"),
        ("NO_PROXY", "x", "/etc/environment:3"),
    ]


def test_service_environment_from_all_its_places(tree):
    host = tree(
        {
            UNIT: "[Service]\nEnvironment=http_proxy=http://dropped:1\nEnvironmentFile=-/etc/default/walinuxagent\n",
            "/etc/systemd/system/walinuxagent.service.d/a.conf": "[Service]\nEnvironment=\n"
            'Environment="https_proxy=http://p:1" LANG=C \\\n  NO_PROXY=x\nUnsetEnvironment=all_proxy\n',
            "/etc/systemd/system.conf.d/x.conf": "[Manager]\nDefaultEnvironment=http_proxy=http://m:2 all_proxy=x\n",
            "/etc/default/walinuxagent": "# x\nno_proxy='a,b'\n",
        }
    )
    found = _environment.service(host)
    assert _environment.values(found) == {
        "http_proxy": "http://m:2",
        "https_proxy": "http://p:1",
        "NO_PROXY": "x",
        "no_proxy": "a,b",
    }
    assert found[1].read_from == "/etc/systemd/system/walinuxagent.service.d/a.conf:3: Environment"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Acquire::http::Proxy "http://p:1";\n', [(1, "http://p:1")]),
        ('Acquire {\n  HTTP {\n    Proxy "http://p:1";\n  }\n}\n', [(3, "http://p:1")]),
        ('Acquire::http { Proxy "http://p:1"; };\n', [(1, "http://p:1")]),
        ('# Acquire::http::Proxy "x";\n// Acquire::http::Proxy "x";\nAPT::Periodic "1";\n', []),
        ('Acquire::http::Proxy "DIRECT";\n', [(1, None)]),
        ('Acquire::http::Proxy::mirror "http://x:1";\n', []),
    ],
)
def test_apt(text, found):
    assert _package_proxy.apt_proxies(text) == found


@pytest.mark.parametrize(
    ("files", "manager", "proxy"),
    [
        ({"/etc/dnf/dnf.conf": "[main]\nproxy=http://u:x@p:1\n"}, "dnf", "http://u:x@p:1"),
        ({"/etc/dnf/dnf.conf": "[main]\ngpgcheck=1\n"}, "dnf", None),
        ({"/etc/sysconfig/proxy": 'PROXY_ENABLED="yes"\nHTTP_PROXY="http://p:1"\n'}, "zypper", "http://p:1"),
        ({"/etc/sysconfig/proxy": 'PROXY_ENABLED="no"\nHTTP_PROXY="http://p:1"\n'}, "zypper", None),
    ],
)
def test_other_package_managers(tree, files, manager, proxy):
    found = _package_proxy.find(tree(files))
    assert (found["manager"], found["proxy"]) == (manager, proxy)


def test_section_of_a_tree(tree, section):
    facts = section(
        proxy,
        tree(
            {
                CONF: "HttpProxy.Host=10.0.0.4\n",
                UNIT: "[Service]\nEnvironment=no_proxy=*.x,168.63.129.16\n",
                "/etc/environment": "https_proxy=http://u:secret@q:1\n",
                "/etc/apt/apt.conf.d/00x": "",
            }
        ),
        wire_server="168.63.129.16",
        imds_server="169.254.169.254",
    )
    assert facts["paths"]["agent"]["via"] == "direct"
    assert facts["paths"]["agent"]["read_from"] == "/etc/waagent.conf:1: HttpProxy.Host"
    assert facts["paths"]["snapshot_extension"]["proxy"] == "10.0.0.4:443"
    assert facts["paths"]["host_plugin"]["via"] == "direct"
    assert facts["no_proxy"] == [
        {"entry": "*.x", "kind": "wildcard"},
        {"entry": "168.63.129.16", "kind": "address"},
    ]
    assert facts["etc_environment"]["not_exempt"] == ["168.63.129.16", "169.254.169.254"]
    assert facts["service"]["not_exempt"] == ["169.254.169.254"]
    assert facts["package_manager"]["proxy"] == "http://***@q:1"
    assert facts.missing == {"process": "live"}
    assert "secret" not in repr(facts)


def test_old_agents_send_the_host_plugin_through_the_proxy(tree, section):
    facts = section(proxy, tree({CONF: "HttpProxy.Host=p\nHttpProxy.Port=3128\n"}))
    assert facts["paths"]["host_plugin_before_2_2_15"]["proxy"] == "p:3128"
    assert facts["paths"]["snapshot_extension"]["via"] == "direct"
