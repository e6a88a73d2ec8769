# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, saying, tree, without
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from support import verdict

ID = "agent_confinement"
SILENT = {"status": None}
"""The daemon runs and has not reported since it started."""


def unit(*lines):
    entries = [dict(zip(("name", "value"), line.split("=", 1), strict=True)) for line in lines]
    return {"confinement": [dict(entry, read_from="/etc/d.conf:2") for entry in entries]}


def status(lines, *changes):
    return verdict(ID, healthy(*changes, unit=unit(*lines))).status


STOPS_THE_AGENT = [
    ["User=nobody"],
    ["DynamicUser=yes"],
    ["ProtectSystem=strict"],
    ["ProtectSystem=strict", "ReadWritePaths=/var/log /run"],
    ["ReadOnlyPaths=/var"],
    ["ReadOnlyPaths=-/var/lib/waagent", "ReadWritePaths=/var"],
    ["InaccessiblePaths=/var/lib/waagent"],
    ["TemporaryFileSystem=/var/lib:ro"],
    ["RootDirectory=/srv/root"],
    ["PrivateNetwork=yes"],
    ["IPAddressDeny=0.0.0.0/0"],
    ["IPAddressDeny=10.0.0.0/8", "IPAddressDeny=168.63.0.0/16"],
    ["IPAddressDeny=any", "IPAddressAllow=localhost link-local 10.0.0.0/8"],
    ["RestrictAddressFamilies=AF_UNIX AF_NETLINK"],
    ["RestrictAddressFamilies=~AF_INET AF_INET6"],
    ["BindReadOnlyPaths=/srv/agent:/var/lib/waagent:norbind"],
    ["NetworkNamespacePath=/run/netns/management"],
    ["SystemCallFilter=~@network-io"],
    ["SystemCallFilter=@system-service", "SystemCallFilter=~@clock connect:EPERM"],
    ["SystemCallFilter=@basic-io @file-system @process ioctl"],
    ["SystemCallFilter=~@mount @process"],
]
STOPS_EXTENSIONS = [
    ["NoExecPaths=/var"],
    ["NoExecPaths=/", "ExecPaths=/usr /bin"],
    ["CapabilityBoundingSet="],
    ["CapabilityBoundingSet=CAP_NET_ADMIN CAP_CHOWN"],
    ["CapabilityBoundingSet=~CAP_SYS_ADMIN"],
    ["PrivateUsers=yes"],
    ["SystemCallFilter=@basic-io @file-system @process @network-io"],
    ["SystemCallFilter=~ioctl"],
    ["SecureBits=noroot-locked noroot"],
    ["SecureBits=noroot", "AmbientCapabilities=CAP_NET_ADMIN"],
    ["PATH=/opt/tools/sbin:/opt/tools"],
]
HARMLESS = [
    ["User=root"],
    ["DynamicUser=no"],
    ["ProtectSystem=full"],
    ["ProtectSystem=strict", "ReadWritePaths=/var /run"],
    ["ProtectSystem=strict", "ReadWritePaths=/var/log", "StateDirectory=waagent"],
    ["ReadOnlyPaths=/var", "ReadWritePaths=/var/lib /var/log"],
    ["ReadOnlyPaths=/home /var/lib/waagent2"],
    ["InaccessiblePaths=/home -/root"],
    ["TemporaryFileSystem=/var/lib", "BindPaths=/srv/waagent:/var/lib/waagent"],
    ["NoExecPaths=/", "ExecPaths=/usr /var/lib/waagent"],
    ["RootDirectory=/"],
    ["CapabilityBoundingSet=~CAP_SYS_MODULE CAP_SYS_TIME"],
    ["MemoryMax=2G", "TasksMax=512", "CPUQuota=75%", "LimitNOFILE=1024:524288", "LimitFSIZE=4G"],
    ["MemoryMax=infinity", "TasksMax=10%", "RuntimeMaxSec=infinity"],
    ["WatchdogSec=0", "RuntimeMaxSec=0"],
    ["PATH=/opt/python/bin:/bin/"],
    ["PATH=/nix/store/0c-coreutils-9.5/bin:/nix/store/0d-openssl-3.3/bin"],
    ["LimitAS=4G", "LimitDATA=infinity", "LimitCPU=infinity"],
    ["PrivateNetwork=no"],
    ["IPAddressDeny=multicast 10.9.0.0/16 fe80::/64"],
    ["IPAddressDeny=any", "IPAddressAllow=localhost", "IPAddressAllow=168.63.129.16/32"],
    ["IPAddressDeny=not-an-address"],
    ["RestrictAddressFamilies=AF_UNIX", "RestrictAddressFamilies=AF_INET AF_INET6"],
    ["RestrictAddressFamilies=~AF_PACKET"],
    ["SystemCallFilter=~@obsolete @clock @swap:EPERM"],
    ["SystemCallFilter=@system-service @mount", "SystemCallFilter=~@resources"],
    ["SystemCallFilter=~@network-io", "SystemCallFilter=@network-io"],
    ["MemoryHigh=1G", "LimitSTACK=8M", "ProcSubset=all"],
    ["SecureBits=keep-caps no-setuid-fixup"],
    ["SecureBits=noroot", "AmbientCapabilities=CAP_SYS_ADMIN CAP_DAC_OVERRIDE"],
    ["BindReadOnlyPaths=/etc/hosts /srv/tools:/opt/tools"],
]
LIMITS = [
    ["MemoryMax=12M"],
    ["MemoryHigh=6M"],
    ["LimitSTACK=64K"],
    ["TasksMax=2"],
    ["LimitNOFILE=8"],
    ["LimitFSIZE=20M"],
    ["CPUQuota=1%"],
    ["RuntimeMaxSec=5"],
    ["WatchdogSec=1min"],
    ["LimitDATA=8M"],
    ["LimitAS=67108864:infinity"],
    ["LimitCPU=1min"],
    ["ProcSubset=pid"],
]


@pytest.mark.parametrize("lines", STOPS_THE_AGENT, ids=str)
def test_a_setting_stops_the_agent(lines):
    assert status(lines, STOPPED) == status(lines, SILENT) == "fail"
    assert verdict(ID, tree(unit=unit(*lines))).status == "fail"


@pytest.mark.parametrize("lines", STOPS_THE_AGENT, ids=str)
def test_an_agent_that_works_is_not_stopped_by_it(lines):
    found = verdict(ID, healthy(unit=unit(*lines)))
    assert found.status == "warn" and "in spite of it" in found.why


@pytest.mark.parametrize("lines", STOPS_EXTENSIONS, ids=str)
def test_a_setting_stops_extensions_of_an_agent_that_works(lines):
    assert status(lines) == "fail"


@pytest.mark.parametrize("lines", HARMLESS, ids=str)
def test_a_setting_is_harmless(lines):
    assert status(lines) == status(lines, SILENT) == "ok"


@pytest.mark.parametrize("lines", LIMITS, ids=str)
def test_a_limit_is_low(lines):
    assert status(lines) == status(lines, SILENT) == verdict(ID, tree(unit=unit(*lines))).status == "warn"
    assert status(lines, STOPPED) == "fail"


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["RestrictNetworkInterfaces=lo docker0"], "fail"),
        (["RestrictNetworkInterfaces=~wg0", "RestrictNetworkInterfaces=~eth0"], "fail"),
        (["RestrictNetworkInterfaces=lo", "RestrictNetworkInterfaces=eth0"], "ok"),
        (["RestrictNetworkInterfaces=~wg0 docker0"], "ok"),
    ],
    ids=str,
)
def test_interfaces_that_the_service_may_use(lines, answer):
    state = healthy(STOPPED, unit=unit(*lines))
    assert verdict(ID, state).status == "ok", "nothing says which interface the agent needs"
    state["dhcp"] = {"primary": {"interface": "eth0"}}
    assert verdict(ID, state).status == answer


def test_what_is_in_force_comes_first():
    found = verdict(ID, healthy(unit=unit("User=nobody", "NoExecPaths=/var")))
    assert (found.status, found.evidence[0].value) == ("fail", "/var")
    assert found.evidence[0].source == "/etc/d.conf:2: NoExecPaths"


@pytest.mark.parametrize("spoilt", ["key_error", "error"])
def test_it_explains_a_certificate_that_the_agent_cannot_make(spoilt):
    raw = healthy(unit=unit("LimitFSIZE=512"), openssl={spoilt: "File too large"})
    found = _registry.diagnose(raw, only=(ID, "agent_certificates", "openssl"))
    assert found["first_cause"] == (ID if spoilt == "key_error" else "openssl")


def test_it_explains_what_the_log_says_of_the_host():
    raw = tree(saying("wire_unanswered"), unit=unit("PrivateNetwork=true"))
    assert _registry.diagnose(raw, only=(ID, "wire_http_80", "agent_goal_state"))["first_cause"] == ID


def test_elsewhere_there_are_none():
    assert verdict(ID, healthy(unit={"kind": "sysvinit"})).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"


@pytest.mark.parametrize(
    ("lines", "mount", "found"),
    [
        (["ProtectHome=tmpfs"], "/home", "fail"),
        (["ProtectHome=true"], "/home/data", "fail"),
        (["ProtectHome=read-only"], "/home", "ok"),
        (["ProtectHome=no"], "/home", "ok"),
        (["ProtectHome=yes"], "/srv", "ok"),
        (["InaccessiblePaths=-/srv"], "/srv/db", "fail"),
        (["TemporaryFileSystem=/srv", "BindPaths=/srv/db"], "/srv/db", "ok"),
    ],
)
def test_a_mount_point_that_systemd_hides_cannot_be_frozen(lines, mount, found):
    failure = {"step": "fifreeze", "mount": mount, "error": "Operation not supported"}
    raw = healthy(unit=unit(*lines))
    raw["extension"] = {"last_run": {"failures": [failure], "read_from": "extension.log"}}
    assert verdict(ID, raw).status == found
    raw["extension"]["last_run"]["failures"] = []
    assert verdict(ID, raw).status == "ok"
