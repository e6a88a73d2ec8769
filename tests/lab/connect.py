# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSH's way into the lab (ProxyUseFdpass): connects inside a namespace and hands the open socket to ssh."""

import socket
import sys


def main() -> None:
    address, port = sys.argv[1], int(sys.argv[2])
    try:
        link = socket.create_connection((address, port), 10)
    except OSError as exc:
        sys.exit(f"Cannot reach '{address}:{port}': {exc}")
    link.settimeout(None)
    with socket.socket(fileno=1) as ssh:
        socket.send_fds(ssh, [b"\0"], [link.fileno()])


if __name__ == "__main__":
    main()
