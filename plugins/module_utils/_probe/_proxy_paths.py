# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The path that each client takes to Azure Storage, by the rules of its own code."""

import socket
import struct

STORAGE_HOSTS = ("account.blob.core.windows.net", "md-hdd-x.z1.blob.storage.azure.net")
"""Names of the form that agent and extension call, to try bypass entries on."""


def split_url(text):
    """``(host, port, problem)`` as the agent takes a proxy variable apart; both None when it ignores the text."""
    scheme, mark, rest = text.strip().partition("//")
    if not mark or (scheme and not scheme.endswith(":")):
        return None, None, "no scheme"
    place = rest.split("/")[0].split("?")[0].split("#")[0].rpartition("@")[2]
    if place.startswith("["):
        host, _mark, tail = place[1:].partition("]")
        port = tail[1:]
    else:
        host, _mark, port = place.partition(":")
    if not host:
        return None, None, "no host"
    if not port:
        return host.lower(), None, "no port"
    if not port.isdigit() or int(port) >= 65536:
        return host.lower(), None, "the port is no number"
    return host.lower(), int(port), None


def agent(conf_host, conf_port, environment, storage_hosts=STORAGE_HOSTS):
    """The agent's path for HTTPS to storage: ``{via, proxy, reason, source, problem}``.

    ``conf_host`` None lets the environment decide, any other text does not, not even an empty one.
    ``environment``: names and values of the service. ``source``: conf, environment or None.
    ``problem``: why a proxy that is written down is not used.
    """
    if conf_host is not None:
        if conf_port is None:
            return _direct("HttpProxy.Host without a usable HttpProxy.Port is not used", "conf", "no usable port")
        path = _proxy(conf_host, conf_port, "HttpProxy.Host and HttpProxy.Port", "conf")
    else:
        name = next((name for name in ("https_proxy", "HTTPS_PROXY") if name in environment), None)
        if name is None:
            return _direct("no proxy is configured", None)
        host, port, problem = split_url(environment[name])
        if problem:
            return _direct("{0} is not used: {1}".format(name, problem), "environment", problem)
        path = _proxy(host, port, name, "environment")
    entries = no_proxy_entries(environment)
    if storage_hosts and all(any(matches(entry, host) for entry in entries) for host in storage_hosts):
        return _direct("no_proxy exempts storage", path["source"])
    return path


def host_plugin():
    """Agents since 2.2.15 never use a proxy for the host plugin."""
    return _direct("agents since 2.2.15 never use a proxy for the host plugin", None)


def old_host_plugin(agent_path):
    """The path to the host plugin of agents before 2.2.15: the same as to storage."""
    if agent_path["via"] == "proxy":
        return dict(agent_path, reason="agents before 2.2.15 use the proxy for the host plugin, too")
    return agent_path


def extension(host, port, readable=True):
    """The snapshot extension's path from the texts it reads in waagent.conf; the environment does not count."""
    if not readable:
        return _direct("the extension gives waagent.conf up", None)
    if host is None:
        return _direct("HttpProxy.Host is not set", None)
    if port is not None:
        return _direct("the extension connects directly whenever HttpProxy.Port is set", "conf")
    name, mark, number = host.rpartition(":")
    if mark and number.isdigit():
        return _proxy(name, int(number), "HttpProxy.Host without HttpProxy.Port", "conf")
    return _proxy(host, 443, "HttpProxy.Host without HttpProxy.Port: the extension takes port 443", "conf")


def _direct(reason, source, problem=None):
    return {"via": "direct", "proxy": None, "reason": reason, "source": source, "problem": problem}


def _proxy(host, port, reason, source):
    place = "{0}:{1}".format(host, port)
    return {"via": "proxy", "proxy": place, "reason": reason, "source": source, "problem": None}


def no_proxy_entries(environment):
    text = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    return [entry for entry in text.replace(" ", "").split(",") if entry]


def matches(entry, host):
    """Whether the agent takes a no_proxy entry for ``host``: exact address, network, or end of the name."""
    address = _number(host)
    if address is None:
        return host.lower().endswith(entry.lower())
    network, slash, bits = entry.partition("/")
    if slash and bits.isdigit() and 1 <= int(bits) <= 32 and _number(network) is not None:
        shift = 32 - int(bits)
        return address >> shift == _number(network) >> shift
    return host == entry


def entry_kind(entry):
    """``wildcard`` (matches nothing in the agent), ``network``, ``address`` or ``suffix``."""
    if "*" in entry:
        return "wildcard"
    if _number(entry.partition("/")[0]) is not None:
        return "network" if "/" in entry else "address"
    return "suffix"


def exempts(environment, address):
    """Whether common clients (curl and the like) call ``address`` without the proxy of this environment."""
    entries = no_proxy_entries(environment)
    return any(entry == "*" or entry.lstrip(".") == address or matches(entry, address) for entry in entries)


def _number(text):
    try:
        return struct.unpack("!I", socket.inet_pton(socket.AF_INET, text))[0]
    except (OSError, ValueError):
        return None
