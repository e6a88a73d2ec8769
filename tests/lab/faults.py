# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of one guest, on demand. Packet drops and the fabric's misbehaviour are the lab's and the fabric's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .hosts import Host

# A small file system with a copy of the directory's content takes its place, and is filled to the brim.
_REPLACE = """set -eu
mkdir -p "$1"; new=$(mktemp -d)
mount -t tmpfs -o "mode=$(stat -c %a "$1"),$2" lab-fault "$new"
cp -a "$1/." "$new/"
mount --bind "$new" "$1"; umount "$new"; rmdir "$new"
"""
_SILENT_MOUNT = Path(__file__).with_name("silent_mount.py")
_MOUNT = """set -eu
[ -e /dev/fuse ] || mknod /dev/fuse c 10 229
mkdir -p "$1"
systemd-run --quiet --unit=lab-silent-mount python3 "$3" "$2" "$1"
until grep -q " $1 $2 " /proc/mounts; do sleep 0.05; done
"""
_FILL_BLOCKS = 'dd if=/dev/zero of="$1/.lab-filler" bs=4k 2>/dev/null || true\n'
_FILL_INODES = 'mkdir "$1/.lab-filler"; i=0; while true >"$1/.lab-filler/$i"; do i=$((i+1)); done 2>/dev/null || true\n'


class GuestFaults:
    """Breaks and mends one guest."""

    def __init__(self, host: Host):
        self.host = host

    def cut_cable(self) -> None:
        """Pull the network cable: the guest reaches nobody, nobody reaches it."""
        self.host.lab.network.set_cable(self.host.spec.number, False)

    def plug_cable(self) -> None:
        self.host.lab.network.set_cable(self.host.spec.number, True)

    def freeze(self) -> None:
        """Hang the whole guest where it stands."""
        self.host.group.freeze(True)

    def thaw(self) -> None:
        self.host.group.freeze(False)

    def stop_unit_processes(self, unit: str = "walinuxagent.service") -> None:
        """Stop every process of a unit (SIGSTOP): systemd still calls it active."""
        self.host.exec(["systemctl", "kill", "--signal=STOP", unit])

    def continue_unit_processes(self, unit: str = "walinuxagent.service") -> None:
        self.host.exec(["systemctl", "kill", "--signal=CONT", unit])

    def fill_disk(self, directory: str, free_kib: int = 0) -> None:
        """Leave no block free (or so many KiB) in a directory, its content in place."""
        self._replace(directory, f'size=$(( $(du -sk "$1" | cut -f1) + 256 + {free_kib} ))k')
        self._shell(_FILL_BLOCKS, directory)
        if free_kib:
            self._shell(f'truncate -s "-{free_kib}K" "$1/.lab-filler"', directory)

    def exhaust_inodes(self, directory: str) -> None:
        """Leave no inode free in a directory, its content in place and blocks to spare."""
        self._replace(directory, 'size=64m,nr_inodes=$(( $(find "$1" | wc -l) + 64 ))')
        self._shell(_FILL_INODES, directory)

    def remount(self, directory: str, options: str) -> None:
        """Put mount options (ro, noexec ...) on a directory that had none of its own."""
        self._shell('mount --bind "$1" "$1" && mount -o "remount,bind,$2" "$1"', directory, options)

    def mount_silent(self, directory: str, fstype: str = "fuse.nfs") -> None:
        """Mount what never answers: whoever touches the directory hangs in the kernel until the guest stops."""
        program = "/run/lab-silent-mount.py"
        self.host.write(program, _SILENT_MOUNT.read_text("utf-8"))
        self._shell(_MOUNT, directory, fstype, program)

    def restore_directory(self, directory: str) -> None:
        """Take back fill_disk, exhaust_inodes or remount: the directory is again what it was before."""
        self._shell('umount --lazy "$1"', directory)

    def _replace(self, directory: str, options: str) -> None:
        self._shell(f'set -- "$1" "{options}"\n{_REPLACE}', directory)

    def _shell(self, script: str, *arguments: str) -> None:
        self.host.exec(["sh", "-c", script, "fault", *arguments])
