# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts a file system that takes every request and answers none, as a dead NFS server does; runs in a guest.

Whoever touches it hangs in the kernel, where no signal ends him, until this process ends. Usage: python3 - TYPE TARGET
"""

import ctypes
import os
import struct
import sys

_HEADER = struct.Struct("<IIQQIIII")  # length, operation, id of the request, ...
_INIT = 26
_ANSWER = struct.Struct("<IiQII12xI40x")  # length, error, id; version of the protocol, largest write
_VERSION = (7, 31)
_LARGEST_WRITE = 4096
_BUFFER = 1 << 17


def main() -> None:
    fstype, target = sys.argv[1:]
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"fileserver:/share", target.encode(), fstype.encode(), 0, options):
        error = ctypes.get_errno()
        sys.exit(f"Cannot mount '{target}': {os.strerror(error)}")
    while True:
        # A request that was never read could still be given up; one that was read cannot.
        _length, operation, unique = _HEADER.unpack_from(os.read(device, _BUFFER))[:3]
        if operation == _INIT:
            # Without this one answer the kernel sends no other request.
            os.write(device, _ANSWER.pack(_ANSWER.size, 0, unique, *_VERSION, _LARGEST_WRITE))


if __name__ == "__main__":
    main()
