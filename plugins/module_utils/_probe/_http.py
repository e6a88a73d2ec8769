# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Connections and one plain HTTP request, by sockets alone: no library that would pick up a proxy, little CPU."""

import calendar
import os
import socket
import time

from .._guest.masking import excerpt

MAX_ANSWER = 256 << 10


class Bound(object):
    """A point in time until which a conversation may last."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        """Seconds left, at least a millisecond: a socket time-out of 0 would mean something else."""
        return max(0.001, self.end - time.monotonic())


def reason(error):
    """What went wrong, in the system's words."""
    if isinstance(error, socket.timeout):
        return "timed out"
    if isinstance(error, socket.gaierror):
        return "cannot be resolved: {0}".format(error.strerror or error)
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error)


def connect(address, port, bound):
    """``(socket, facts)``; the socket is None when the connection fails. ``facts``: connected, error, seconds."""
    started = time.monotonic()
    try:
        channel = socket.create_connection((address, port), bound.left())
    except (OSError, UnicodeError, ValueError) as error:
        return None, {"connected": False, "error": reason(error), "seconds": _since(started)}
    return channel, {"connected": True, "error": None, "seconds": _since(started)}


def _since(started):
    return round(time.monotonic() - started, 3)


def get(address, port, path, seconds, headers=()):
    """``(facts, headers, body)`` of a GET without proxy; ``facts`` of ``connect`` and status, answer_error, date."""
    bound = Bound(seconds)
    channel, facts = connect(address, port, bound)
    facts.update(status=None, answer_error=None, via=None)
    if channel is None:
        return facts, {}, b""
    lines = ["GET {0} HTTP/1.1".format(path), "Host: {0}".format(address), "Connection: close", "Accept: */*"]
    lines.extend("{0}: {1}".format(name, value) for name, value in headers)
    try:
        head, body = _exchange(channel, "\r\n".join(lines) + "\r\n\r\n", bound)
        facts["status"], fields = parse_head(head)
    except (OSError, ValueError) as error:
        facts["answer_error"] = reason(error)
        return facts, {}, b""
    finally:
        channel.close()
    facts["via"] = fields.get("via") or fields.get("x-cache")
    return facts, fields, _dechunked(body) if "chunked" in fields.get("transfer-encoding", "") else body


def _exchange(channel, request, bound):
    """Sends a request and reads the answer to its end: ``(head, body)``."""
    channel.settimeout(bound.left())
    channel.sendall(request.encode("ascii"))
    data = b""
    while len(data) < MAX_ANSWER:
        channel.settimeout(bound.left())
        try:
            chunk = channel.recv(1 << 16)
        except socket.timeout:
            # A server that keeps the connection open has still answered.
            if b"\r\n\r\n" in data:
                break
            raise
        data += chunk
        if not chunk or _complete(data):
            break
    head, mark, body = data.partition(b"\r\n\r\n")
    if not mark:
        raise ValueError("no HTTP answer" if data else "closed without an answer")
    return head, body


def _complete(data):
    head, mark, body = data.partition(b"\r\n\r\n")
    if not mark:
        return False
    length = parse_head(head)[1].get("content-length", "")
    return length.isdigit() and len(body) >= int(length)


def parse_head(head):
    """``(status, fields)`` of the head of an answer. Raises ValueError when it is no HTTP."""
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        raise ValueError("no HTTP answer")
    pairs = (line.partition(":") for line in lines[1:])
    return int(words[1]), {name.strip().lower(): value.strip() for name, _mark, value in pairs}


def _dechunked(body):
    found = b""
    while body:
        size, _mark, rest = body.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0] or b"0", 16)
        except ValueError:
            break
        if not length:
            break
        found, body = found + rest[:length], rest[length + 2 :]
    return found


def tunnel(channel, target, bound):
    """Asks a proxy on ``channel`` for a tunnel to ``host:port``: ``(status, reason text)``; status None without one."""
    request = "CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n".format(target)
    try:
        channel.settimeout(bound.left())
        channel.sendall(request.encode("ascii"))
        data = b""
        while b"\r\n\r\n" not in data and len(data) < 1 << 16:
            channel.settimeout(bound.left())
            chunk = channel.recv(4096)
            if not chunk:
                break
            data += chunk
        status, _fields = parse_head(data.partition(b"\r\n\r\n")[0])
    except (OSError, ValueError, UnicodeError) as error:
        return None, reason(error)
    return status, excerpt(data.split(b"\r\n")[0].decode("latin-1"), 200)


def handshake(channel, name, bound):
    """TLS on an open connection: None when the certificate is trusted, else what is wrong."""
    # Imported where it is needed only: it costs a guest 15 ms.
    import ssl

    try:
        channel.settimeout(bound.left())
        ssl.create_default_context().wrap_socket(channel, server_hostname=name).close()
    except ssl.SSLError as error:
        text = getattr(error, "verify_message", None) or getattr(error, "reason", None) or str(error)
        return "TLS: {0}".format(str(text).partition(" (_ssl.c")[0].replace("_", " ").lower())
    except (OSError, ValueError) as error:
        return reason(error)
    return None


def date(fields):
    """Seconds since the epoch by the Date field of an answer, or None."""
    try:
        return calendar.timegm(time.strptime(fields.get("date", ""), "%a, %d %b %Y %H:%M:%S GMT"))
    except ValueError:
        return None
