# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The way to Azure Storage: names, direct connections, and the proxies that agent and extension use."""

import socket
import threading
import time

from . import _http
from . import proxy as proxy_section

HTTPS = 443
KNOWN_HOST = "management.azure.com:443"
"""Asked of a proxy where no storage endpoint is named: its answer then says only whether it wants a log-in."""


def split(endpoint, port=HTTPS):
    """``host[:port]`` as a pair."""
    name, mark, number = endpoint.rpartition(":")
    return (name, int(number)) if mark and number.isdigit() else (endpoint, port)


def direct(endpoint, seconds):
    """Name resolution, connection and TLS handshake with a storage endpoint, without proxy.

    The handshake trusts what the guest's Python trusts, as the agent does: ``tls_error`` shows a missing store of
    authorities as well as an intermediary that opens TLS.
    """
    name, port = split(endpoint)
    bound = _http.Bound(seconds)
    addresses, error = resolve(name, bound)
    facts = {
        "endpoint": "{0}:{1}".format(name, port),
        "addresses": addresses,
        "dns_error": error,
        "connected": False,
        "error": error,
        "seconds": None,
        "tls_error": None,
        "read_from": "tcp {0}:{1}".format(name, port),
    }
    if error:
        return facts
    channel, connection = _http.connect(addresses[0], port, bound)
    facts.update(connection)
    if channel is not None:
        facts["tls_error"] = _http.handshake(channel, name, bound)
        channel.close()
    return facts


def resolve(name, bound):
    """``(addresses, error)``; the resolver knows no time-out of ours, so it is left behind when it takes too long."""
    answers = []

    def ask():
        try:
            found = socket.getaddrinfo(name, HTTPS, socket.AF_UNSPEC, socket.SOCK_STREAM)
            answers.append((sorted(set(str(item[4][0]) for item in found), key=lambda text: (":" in text, text)), None))
        except (OSError, UnicodeError) as error:
            answers.append(([], _http.reason(error)))

    thread = threading.Thread(target=ask, name="resolve")
    thread.daemon = True
    thread.start()
    thread.join(bound.left())
    return answers[0] if answers else ([], "cannot be resolved: timed out")


def proxies(host, options, seconds):
    """Each proxy that agent or extension uses, tried once: connection, tunnel, TLS through the tunnel."""
    clients = {}
    for client, path in proxy_section.paths(host, options).items():
        if path["via"] == "proxy" and client in ("agent", "snapshot_extension"):
            clients.setdefault(path["proxy"], []).append(client)
    found = []
    threads = []
    for place in sorted(clients):
        thread = threading.Thread(target=lambda place=place: found.append(_try(place, options, seconds)), name=place)
        thread.daemon = True
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join(seconds + 1)
    return [dict(facts, clients=sorted(clients[facts["proxy"]])) for facts in sorted(found, key=lambda f: f["proxy"])]


def _try(place, options, seconds):
    name, port = split(place)
    bound, started = _http.Bound(seconds), time.monotonic()
    endpoint = options["storage_endpoint"]
    target = "{0}:{1}".format(*split(endpoint)) if endpoint else KNOWN_HOST
    channel, facts = _http.connect(name, port, bound)
    facts.update(
        proxy=place,
        target=target,
        target_is_storage=bool(endpoint),
        status=None,
        answer=None,
        tls_error=None,
        read_from="tcp {0}: CONNECT {1}".format(place, target),
    )
    if channel is not None:
        facts["status"], facts["answer"] = _http.tunnel(channel, target, bound)
        facts["seconds"] = round(time.monotonic() - started, 3)
        if facts["status"] == 200 and endpoint:
            facts["tls_error"] = _http.handshake(channel, split(endpoint)[0], bound)
        channel.close()
    return facts
