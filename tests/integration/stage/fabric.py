# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's side of a stand-in's wire: wire server, host plugin and metadata service. Ends with the stand-in.

Runs in the network namespace at the far end of the wire, which owns these addresses. What the probe asks is answered,
nothing else.
"""

from __future__ import annotations

import http.server
import json
import os
import select
import sys
import threading

VERSIONS = (
    '<?xml version="1.0" encoding="utf-8"?>\n<Versions><Supported><Version>2012-11-30</Version></Supported></Versions>'
)
INSTANCE = {
    "compute": {"osType": "Windows", "name": "stand-in"},
    "network": {
        "interface": [{"ipv4": {"ipAddress": [{"privateIpAddress": "10.0.0.4"}]}, "macAddress": "000D3A112233"}]
    },
}
PLACES = (
    ("168.63.129.16", 80, "/?comp=versions", "text/xml", VERSIONS),
    ("168.63.129.16", 32526, "/versions", "application/json", json.dumps(["2015-09-01"])),
    ("169.254.169.254", 80, "/metadata/instance", "application/json", json.dumps(INSTANCE)),
)


def handler(path: str, kind: str, text: str) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.startswith(path)
            body = text.encode() if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments) -> None:
            pass

    return Handler


def main(guest: str) -> None:
    alive = os.pidfd_open(int(guest))
    for address, port, *answer in PLACES:
        server = http.server.ThreadingHTTPServer((address, port), handler(*answer))
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    select.select([alive], [], [])


if __name__ == "__main__":
    main(*sys.argv[1:])
