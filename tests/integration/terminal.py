# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command in a terminal, and what is on the screen."""

import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def run(command, cwd, environment, columns=100, lines=40):
    """The exit status of a command and all that it sent to a terminal of this size."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    said = []
    reader = threading.Thread(target=lambda: said.extend(_all(main)))
    reader.start()
    surroundings = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**surroundings, "TERM": "xterm", **environment},
            stdin=subprocess.DEVNULL,
            stdout=side,
            stderr=side,
            timeout=600,
            check=False,
        )
    finally:
        os.close(side)
        reader.join(60)
    return done.returncode, b"".join(said).decode()


def screen(text, lines=40):
    """The last lines of what a terminal was sent, the prompt's among them."""
    shown = [_ANSI.sub("", line.rpartition("\r")[2]) for line in text.replace("\r\n", "\n").split("\n")]
    return shown[-lines:]


def _all(descriptor):
    with contextlib.suppress(OSError):
        while data := os.read(descriptor, 65536):
            yield data
