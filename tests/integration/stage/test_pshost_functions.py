# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions of the Windows probe on a real PowerShell engine, where they need no Windows."""

import json
import socket
import subprocess
import threading
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).resolve().parents[3] / "plugins/module_utils").glob("_Win*.psm1"))


@pytest.fixture(scope="session")
def call(pshost):
    """What a PowerShell expression gives, by way of JSON."""

    def run(expression):
        loads = "\n".join(f"Import-Module '{path}' -DisableNameChecking" for path in MODULES)
        script = f"{loads}\nConvertTo-Json -Compress -Depth 5 -InputObject @({expression})"
        done = subprocess.run(
            [pshost, "-NoProfile", "-Command", script], capture_output=True, text=True, timeout=60, check=True
        )
        return json.loads(done.stdout)

    return run


@pytest.fixture
def server():
    """A server that answers one request as a wire server does, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            peer, _address = listener.accept()
            with peer:
                peer.recv(1000)
                body = b"<Versions><Supported><Version>2012-11-30</Version></Supported></Versions>"
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


def probe(port):
    return f"@{{ address = '127.0.0.1'; port = {port}; request = \"GET / HTTP/1.1`r`n`r`n\"; tls_name = $null }}"


def test_a_place_that_is_none_costs_no_other_connection(call, server):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refused = closed.getsockname()[1]
    items = f"$items = {probe(99999)}, {probe(server)}, {probe(refused)}; Invoke-VmbConnection $items; "
    found = call(f"$({items} $items | ForEach-Object {{ @{{ connected = $_.connected; error = $_.error }} }})")
    assert [item["connected"] for item in found] == [False, True, False]
    assert found[0]["error"] == "no host and port" and found[2]["error"]


def test_an_answer_is_read_to_its_end(call, server):
    items = f"$items = @({probe(server)}); Invoke-VmbConnection $items; $items[0].answer"
    (answer,) = call(f"$({items})")
    assert answer.startswith("HTTP/1.1 200") and answer.endswith("</Versions>")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("example.blob.core.windows.net", "example.blob.core.windows.net", 443),
        ("https://x.test/container", "x.test", 443),
        ("x.test:8443", "x.test", 8443),
    ],
)
def test_endpoints(call, text, host, port):
    assert call(f"Split-VmbEndpoint '{text}' 443") == [{"host": host, "port": port}]


def test_passwords_do_not_leave_the_guest(call):
    (text,) = call("Hide-VmbSecret 'http://user:secret@proxy:3128 and sig=abc%2Fdef&x=1'")
    assert "secret" not in text and "proxy:3128" in text
