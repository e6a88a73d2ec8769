# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``fabric``: what the guest reaches. All probes run at the same time, each inside its own bound."""

import json
import threading
import time

from .._guest.errors import surprise
from .._guest.host import NEEDS_LIVE
from . import _firewall, _hosts_file, _http, _instance, _links, _netlink, _saved_routes, _storage

SECONDS = 5.0
"""How long one probe may take: a lost packet is sent again after 1 and after 3 seconds."""

SUSPICIOUS = 1.0
"""Seconds after which a connection that still waits is worth a look at the packet filter."""

PRIMARY = "eth0"
"""The primary interface of a disk whose system does not run: images for Azure keep that name."""

ANSWERS = ("wire_http", "host_plugin", "imds", "route", "proxies", "storage")
VERSIONS = "/?comp=versions"


def collect(host, options, facts):
    facts.take("pinned_names", lambda: _hosts_file.read(host))
    if not host.live:
        for name in ANSWERS:
            facts.lack(name, NEEDS_LIVE)
        _probe(facts, "firewall", lambda: _filters(host, options, {"interface": PRIMARY}))
        _probe(facts, "saved_routes", lambda: _saved_routes.read(host, options["wire_server"]))
        return
    facts.lack("saved_routes", "not looked at: the route in force is known")
    probes = [
        ("wire_http", lambda: wire_http(host, options)),
        ("host_plugin", lambda: _host_plugin(host, options)),
        ("imds", lambda: _imds(host, options)),
        ("route", lambda: _route(host, options["wire_server"])),
        ("proxies", lambda: _storage.proxies(host, options, _bound(host))),
    ]
    if options["storage_endpoint"]:
        probes.append(("storage", lambda: _storage.direct(options["storage_endpoint"], _bound(host))))
    else:
        facts.lack("storage", "no storage endpoint is known")
    threads = {name: _started(facts, name, make) for name, make in probes}
    patience = time.monotonic() + SUSPICIOUS
    for name in ("wire_http", "host_plugin", "route"):
        threads[name].join(max(0.0, patience - time.monotonic()))
    if facts.get("wire_http", {}).get("is_version_list") and facts.get("host_plugin", {}).get("connected"):
        facts.lack("firewall", "not looked at: both ports answer")
    else:
        _probe(facts, "firewall", lambda: _filters(host, options, facts.get("route") or {}))
    for thread in threads.values():
        thread.join(host.remaining())


def _started(facts, name, make):
    thread = threading.Thread(target=_probe, args=(facts, name, make), name=name)
    thread.daemon = True
    thread.start()
    return thread


def _probe(facts, name, make):
    try:
        facts.take(name, make)
    except Exception as error:  # pylint: disable=broad-except
        # A surprise of one probe must not leave the others' facts unexplained.
        facts.lack(name, "Cannot probe '{0}': {1}".format(name, surprise(error)))


def _bound(host):
    return max(0.5, min(SECONDS, host.remaining() - 0.5))


def wire_http(host, options):
    """The wire server's answer to the agent's first question, asked once for all sections.

    ``clock_offset_s``: how much the guest's clock is ahead of the answer's date (a resolution of a second).
    """
    return host.once("wire_http", lambda: _wire_http(host, options))


def _wire_http(host, options):
    address, port = options["wire_server"], options["wire_port"]
    facts, fields, body = _http.get(address, port, VERSIONS, _bound(host))
    date = _http.date(fields)
    facts.update(
        address=address,
        port=port,
        # Not parsed as XML: that costs more than this whole probe, and an intermediary's page has no such words.
        is_version_list=facts["status"] == 200 and b"<Versions" in body and b"<Version>" in body,
        clock_offset_s=None if date is None else round(time.time() - date, 1),
        read_from="http {0}:{1}{2}".format(address, port, VERSIONS),
    )
    return facts


def _host_plugin(host, options):
    address, port = options["wire_server"], options["host_plugin_port"]
    facts, _fields, body = _http.get(address, port, "/versions", _bound(host))
    facts.update(
        address=address,
        port=port,
        is_version_list=facts["status"] == 200 and body.strip()[:1] == b"[",
        read_from="tcp {0}:{1}: connect".format(address, port),
    )
    return facts


def _imds(host, options):
    address, port = options["imds_server"], options["imds_port"]
    facts, _fields, body = _http.get(address, port, _instance.PATH, _bound(host), (("Metadata", "true"),))
    facts.update(address=address, port=port, read_from="http {0}:{1}/metadata/instance".format(address, port))
    try:
        facts["instance"] = _instance.read(json.loads(body.decode("utf-8"))) if facts["status"] == 200 else None
    except (ValueError, AttributeError, LookupError, TypeError):
        # A page of something else than IMDS.
        facts["instance"] = None
    return facts


def _route(host, address):
    """The way to the wire server, beside the primary interface. ``explicit``: a route for this very address."""
    try:
        found = dict(_netlink.route(address), error=None)
    except OSError as error:
        found = {"interface": None, "gateway": None, "source": None, "error": _http.reason(error)}
    primary, why = _links.primary(host)
    same = [route for route in _links.routes(host) if (route["destination"], route["prefix"]) == (address, 32)]
    candidates = [
        link["name"] for link in _links.interfaces(host) if link["addresses"] and not link["virtual_function"]
    ]
    found.update(
        explicit=same[0]["interface"] if same else None,
        default_interface=primary["name"] if why == "default route" else None,
        addressed_interfaces=candidates,
        source_secondary=any(
            item["address"] == found["source"] and item["secondary"]
            for link in _links.interfaces(host)
            for item in link["addresses"]
        ),
        read_from="route to {0}".format(address),
    )
    return found


def _filters(host, options, route):
    """The rules that stop root's connections to the wire server or the answers, one for each port that is stopped."""
    ruleset, tools = _firewall.read(host)
    address = options["wire_server"]
    found = []
    for port in (options["wire_port"], options["host_plugin_port"]):
        for inbound in (False, True):
            packet = _firewall.Packet(address, port, route.get("interface"), route.get("source"), inbound)
            answer = _firewall.blocking(ruleset, packet)
            if answer:
                found.append(answer.as_dict(packet))
                break
    return {"blocking": found, "read_from": tools or ["no packet filter"]}
