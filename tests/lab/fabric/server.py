# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fabric's listeners. They live in the lab's namespace; only the package proxy dials out, from the machine's."""

from __future__ import annotations

import base64
import binascii
import json
import socket
import struct
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .. import namespace
from ..files import get_json, put_json
from ..settings import GATEWAY, HOST_PLUGIN_PORT, IMDS, PACKAGE_PORT, STORAGE, STORAGE_NAME, WIRE_SERVER
from . import documents, extension
from .control import EVERYBODY
from .packages import fetch

LISTENERS = {
    "wire": (WIRE_SERVER, 80),
    "hostplugin": (WIRE_SERVER, HOST_PLUGIN_PORT),
    "imds": (IMDS, 80),
    "storage": (STORAGE, 80),
    "packages": (GATEWAY, PACKAGE_PORT),
}
_HANG_SECONDS = 30
_XML, _JSON, _TEXT = "text/xml; charset=utf-8", "application/json", "text/plain"


class Book:
    """The fabric's state on disk: settings to obey, requests and status to record."""

    def __init__(self, run: Path, package_hosts: frozenset[str]):
        self.run = run
        self.package_hosts = package_hosts
        self._lock = threading.Lock()
        (run / "status").mkdir(parents=True, exist_ok=True)

    def settings_for(self, address: str) -> dict[str, Any]:
        """What is set for everybody, overridden by what is set for this guest; the newer incarnation counts."""
        table = get_json(self.run / "settings.json", {})
        common, own = table.get(EVERYBODY, {}), table.get(address, {})
        incarnation = max(common.get("incarnation", 1), own.get("incarnation", 1))
        faults = own.get("faults", []) + common.get("faults", [])
        return {**common, **own, "incarnation": incarnation, "faults": faults}

    def record(self, **entry: Any) -> None:
        line = json.dumps({"time": round(time.time(), 3), **entry})
        with self._lock, open(self.run / "requests.jsonl", "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def keep_status(self, address: str, blob: bytes) -> None:
        """Keep the newest status an agent reported, if it is one."""
        try:
            status = json.loads(blob)
        except ValueError:
            return
        put_json(self.run / "status" / f"{address}.json", {**status, "received": time.time()})


class Listener(ThreadingHTTPServer):
    """One address of the fabric."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, name: str, book: Book):
        self.name = name
        self.book = book
        super().__init__(LISTENERS[name], Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A guest that goes away in mid-request is no news."""


class Handler(BaseHTTPRequestHandler):
    """Answers one guest's requests to one listener."""

    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""
    timeout = 60
    server: Listener

    def handle_any(self) -> None:
        self.source = self.client_address[0]
        self.settings = self.server.book.settings_for(self.source)
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self._fault()
        if fault is None:
            getattr(self, f"answer_{self.server.name}")()
        else:
            self._misbehave(fault)

    do_GET = do_HEAD = do_POST = do_PUT = do_CONNECT = handle_any

    def answer_wire(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        kind = query.get("comp", "")
        if url.path.startswith("/metadata/"):
            self.answer_imds()  # agents ask here when the metadata address fails
        elif url.path.startswith("/HealthService") or kind in ("health", "telemetrydata"):
            self.reply(200)
        elif kind == "versions":
            self.reply(200, documents.VERSIONS)
        elif "x-ms-version" not in self.headers:
            self.reply(400, "<Error>the header x-ms-version is missing</Error>")
        elif kind == "goalstate":
            self.reply(200, documents.goal_state(self.source, self.settings["incarnation"]))
        elif kind == "config":
            self._answer_config(query.get("type", ""))
        elif kind == "roleProperties":
            self.reply(202)
        else:
            self.reply(404)

    def _answer_config(self, kind: str) -> None:
        incarnation = self.settings["incarnation"]
        if kind == "hostingEnvironmentConfig":
            self.reply(200, documents.hosting_environment(self.source, incarnation))
        elif kind == "sharedConfig":
            self.reply(200, documents.shared_config(self.source, incarnation))
        elif kind == "extensionsConfig":
            wanted = self.settings.get("extension")
            self.reply(200, documents.extensions_config(self.source, incarnation, wanted))
        else:
            self.reply(404)

    def answer_hostplugin(self) -> None:
        if self.path == "/versions":
            self.reply(200, '["2015-09-01"]', _JSON)
        elif self.path == "/health":
            self.reply(200)
        elif self.path == "/extensionArtifact":
            self._storage(urlsplit(self.headers.get("x-ms-artifact-location", "")).path)
        elif self.path == "/status" and self.command == "PUT":
            self._keep_wrapped_status()
            self.reply(200)
        elif self.path == "/vmAgentLog" and self.command == "PUT":
            self.reply(200)
        else:
            self.reply(404)  # /vmSettings too: 'not supported here', agents then follow the wire server alone

    def _keep_wrapped_status(self) -> None:
        try:
            content = base64.b64decode(json.loads(self.body)["content"])
        except (ValueError, KeyError, binascii.Error):
            return
        self.server.book.keep_status(self.source, content)

    def answer_imds(self) -> None:
        if self.headers.get("Metadata", "").lower() != "true":
            self.reply(400, '{"error": "Bad request. Required metadata header not specified"}', _JSON)
            return
        found: Any = documents.instance_metadata(self.source)
        parts = urlsplit(self.path).path.strip("/").split("/")
        if parts[:2] != ["metadata", "instance"]:
            self.reply(404, "{}", _JSON)
            return
        for part in parts[2:]:
            found = found.get(part) if isinstance(found, dict) else None
        self.reply(*(404, "{}") if found is None else (200, json.dumps(found)), _JSON)

    def answer_storage(self) -> None:
        self._storage(urlsplit(self.path).path)

    def _storage(self, path: str) -> None:
        if path == "/agent/manifest.xml":
            self.reply(200, documents.manifest())
        elif path == "/extension/manifest.xml":
            package = f"http://{STORAGE_NAME}/extension/package.zip"
            self.reply(200, documents.manifest(extension.VERSION, package))
        elif path == "/extension/package.zip":
            self.reply(200, extension.package(), "application/zip")
        elif path.startswith("/status/") and self.command == "PUT":
            self.server.book.keep_status(path.rpartition("/")[2], self.body)
            self.reply(201)
        else:
            self.reply(404)

    def answer_packages(self) -> None:
        """A proxy for apt that reaches the machine's own package sources and nothing else."""
        url = urlsplit(self.path)
        allowed = url.scheme == "http" and url.port in (None, 80) and url.hostname in self.server.book.package_hosts
        if self.command not in ("GET", "HEAD") or not allowed:
            self.reply(403, "package sources only\n", _TEXT)
            return
        self.close_connection = True
        try:
            size = fetch(self.command, url, self.headers, self.wfile)
        except OSError as exc:
            self.reply(502, f"{exc}\n", _TEXT)
            return
        self._record(200, size=size)

    def reply(self, code: int, data: str | bytes = b"", kind: str = _XML) -> None:
        body = data.encode() if isinstance(data, str) else data
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self._record(code)

    def date_time_string(self, timestamp: float | None = None) -> str:
        offset = self.settings.get("clock_offset", 0)
        return formatdate((time.time() if timestamp is None else timestamp) + offset, usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are recorded as JSON lines instead."""

    def _record(self, answer: int | str, **more: Any) -> None:
        self.server.book.record(
            listener=self.server.name,
            source=self.source,
            method=self.command,
            path=self.path,
            answer=answer,
            via=self.headers.get("Via"),
            agent=self.headers.get("User-Agent"),
            **more,
        )

    def _fault(self) -> int | str | None:
        for fault in self.settings["faults"]:
            if fault["listener"] == self.server.name and fault["path"] in self.path:
                return fault["answer"]
        return None

    def _misbehave(self, answer: int | str) -> None:
        if isinstance(answer, int):
            self.reply(answer, "a fault of the lab\n", _TEXT)
            return
        self._record(answer)
        self.close_connection = True
        if answer == "hang":
            time.sleep(_HANG_SECONDS)
        else:
            # Lingering for zero seconds makes the close a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def serve(netns: str, run: Path, package_hosts: frozenset[str]) -> None:
    """Answer on every address of the fabric until the process is ended."""
    book = Book(run, package_hosts)
    listeners = namespace.call_within(netns, lambda: [Listener(name, book) for name in LISTENERS])
    threads = [threading.Thread(target=listener.serve_forever) for listener in listeners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
