# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on 127.0.0.1 that answer every connection with one text."""

import contextlib
import socket
import threading


@contextlib.contextmanager
def answering(text):
    """A server that reads a request and sends ``text`` (bytes; None: nothing, it holds on). Gives port and requests."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests, held = [], []

    def serve():
        while True:
            try:
                channel, _peer = listener.accept()
            except OSError:
                return
            data = b""
            while b"\r\n\r\n" not in data:
                chunk = channel.recv(4096)
                if not chunk:
                    break
                data += chunk
            requests.append(data)
            if text is None:
                held.append(channel)
                continue
            channel.sendall(text)
            channel.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], requests
    finally:
        # Closing alone does not wake a thread that waits in accept().
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for channel in held:
            channel.close()


@contextlib.contextmanager
def closed_port():
    """A port of 127.0.0.1 that nothing listens on: it is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def http(body, status="200 OK", fields=""):
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
    return head.encode() + body
