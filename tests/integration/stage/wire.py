# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WinRM servers on this machine that fail at a chosen point of a conversation. No guest is behind them."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

WINDOWS = Path(__file__).resolve().parents[2] / "windows"
USER, PASSWORD = "azureuser", "only-for-tests"

Command = Callable[[str, bytes], tuple[int, bytes, bytes]]

QUOTA_SHELLS = (
    2150859173,
    "w:InternalError",
    "The WS-Management service cannot process the request. This user is allowed a maximum number of 30 concurrent "
    "shells, which has been exceeded. Close existing shells or raise the quota for this user.",
)
QUOTA_OPERATIONS = (
    2150859174,
    "w:InternalError",
    "The WS-Management service cannot process the request. The maximum number of concurrent operations for this user "
    "has been exceeded. Close existing operations for this user, or raise the quota for this user.",
)
TOO_LARGE = (
    2150858822,
    "w:EncodingLimit",
    "The WS-Management service cannot process the request because the request exceeds the configured MaxEnvelopeSize.",
)


def answers(result: dict) -> Command:
    """A guest whose module gives that result."""
    return lambda _command, _stdin: (0, json.dumps(result).encode(), b"")


def out_of_memory(_command: str, _stdin: bytes) -> tuple[int, bytes, bytes]:
    """A guest whose shell ran into MaxMemoryPerShellMB."""
    return 1, b"", b"Exception of type 'System.OutOfMemoryException' was thrown.\r\n"


class Wire:
    """One server. It gives a fault at the actions in ``faults`` and hangs up at those in ``breaks``, every time."""

    def __init__(
        self,
        command: Command,
        *,
        faults: dict | None = None,
        breaks: tuple = (),
        password: str = PASSWORD,
        tls: tuple | None = None,
    ):
        sys.path.insert(0, str(WINDOWS))
        import wsman_server

        class Service(wsman_server.WSMan):
            def handle(self, body: bytes):
                for action in breaks:
                    if f"/{action}</".encode() in body:
                        raise ConnectionAbortedError(action)
                self.faults = list((faults or {}).items())
                return super().handle(body)

        self.service = Service(wsman_server.RecordBackend(command), max_receive=1.0)
        self.server = wsman_server.Server(self.service, cred=(USER, password), tls=tls)
        self.server.handle_error = lambda *_connection: None
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_port

    @property
    def open_shells(self) -> int:
        """Shells that no client has closed."""
        return len(self.service.shells)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
