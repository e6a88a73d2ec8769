# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections of guest states for the tests of network checks."""

from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import conf, proxy

WIRE = "168.63.129.16"
OPTIONS = {"wire_server": WIRE, "imds_server": "169.254.169.254", "storage_endpoint": None}
CONF = "/etc/waagent.conf"
UNIT = "/usr/lib/systemd/system/walinuxagent.service"
TIMED_OUT = {"connected": False, "error": "timed out"}


def probed(root, files):
    """Sections ``conf`` and ``proxy`` as the probe states them of a tree below ``root``."""
    for path, content in files.items():
        file = root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    host, found = _probe.Host(str(root)), {"missing": {}}
    for name, module in (("conf", conf), ("proxy", proxy)):
        facts = _probe.Facts()
        module.collect(host, OPTIONS, facts)
        found[name] = mask(dict(facts))
        found["missing"].update({f"{name}.{fact}": reason for fact, reason in facts.missing.items()})
    return found


def answer(port=80, **changes):
    """An answer of the fabric, a good one unless ``changes`` say otherwise."""
    facts = {
        "connected": True,
        "error": None,
        "seconds": 0.001,
        "status": 200,
        "answer_error": None,
        "via": None,
        "address": WIRE,
        "port": port,
        "is_version_list": True,
        "read_from": f"tcp {WIRE}:{port}: connect",
    }
    if changes.get("connected") is False:
        facts.update(status=None, is_version_list=False)
    return {**facts, **changes}


def fabric(wire=None, plugin=None, route=None, **more):
    """Section ``fabric`` of a healthy guest; ``wire``, ``plugin`` and ``route`` change single facts of it."""
    return {
        "wire_http": answer(80, **(wire or {})),
        "host_plugin": answer(32526, **(plugin or {})),
        "route": {
            "interface": "eth0",
            "gateway": "10.0.0.1",
            "source": "10.0.0.4",
            "error": None,
            "explicit": "eth0",
            "default_interface": "eth0",
            "addressed_interfaces": ["eth0"],
            "source_secondary": False,
            "read_from": f"route to {WIRE}",
            **(route or {}),
        },
        "proxies": [],
        **more,
    }


def cut_off(**more):
    """Section ``fabric`` of a guest whose packets to the wire server vanish."""
    return fabric(wire=TIMED_OUT, plugin=TIMED_OUT, **more)


def imds(*addresses):
    return {
        "connected": True,
        "status": 200,
        "error": None,
        "answer_error": None,
        "instance": {"os_type": "Linux", "primary_address": addresses[0], "further_addresses": list(addresses[1:])},
        "read_from": "http 169.254.169.254:80/metadata/instance",
    }


def dhcp(method="dhcp", static=(), lease="default", **more):
    """Section ``dhcp``: one interface, eth0, with 10.0.0.4."""
    if lease == "default":
        lease = {"option_245": WIRE, "keeps_options": True, "expires": "never", "expired": False, "read_from": "LEASE"}
    return {
        "interfaces": [{"name": "eth0", "mac": "00:0d:3a:11:22:33"}],
        "primary": {
            "interface": "eth0",
            "method": method,
            "addresses": ["10.0.0.4"],
            "static_addresses": list(static),
            "read_from": "/etc/netplan/50.yaml:4",
        },
        "lease": lease,
        "pinned_macs": [],
        "cached_endpoint": None,
        **more,
    }


def proxy_answer(**changes):
    """What one proxy answered: refused the tunnel with 407 unless ``changes`` say otherwise."""
    return {
        "proxy": "10.0.0.5:3128",
        "clients": ["agent"],
        "connected": True,
        "error": None,
        "target": "management.azure.com:443",
        "target_is_storage": False,
        "status": 407,
        "answer": "HTTP/1.1 407 Proxy Authentication Required",
        "tls_error": None,
        "read_from": "tcp 10.0.0.5:3128: CONNECT management.azure.com:443",
        **changes,
    }


def storage(**changes):
    """What a storage endpoint answered: a trusted handshake unless ``changes`` say otherwise."""
    return {
        "endpoint": "x.blob.core.windows.net:443",
        "addresses": ["20.0.0.1"],
        "dns_error": None,
        "connected": True,
        "error": None,
        "tls_error": None,
        "read_from": "tcp x.blob.core.windows.net:443",
        **changes,
    }
