# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Finds systems on disks that are mounted elsewhere, as on a rescue host: where their root is, and what belongs to it.

Nothing is mounted or activated here. File systems of one system that are mounted side by side (``/boot``, volumes of
LVM) are put together by what the system's own fstab says of them.
"""

import os

from . import mount_table
from .host import Host, Missing

SIGNS = ("etc/fstab", "etc/os-release", "etc/redhat-release")
NEEDED = ("/etc", "/usr", "/var/lib/waagent", "/var/log")
"""Where the diagnosis of a disk finds what it reads."""
MAX_DEPTH = 3
MAX_DIRECTORIES = 2000
DEV = "/dev"
MOUNTS = mount_table.MOUNTINFO
_LINKS = {"UUID": "by-uuid", "LABEL": "by-label", "PARTUUID": "by-partuuid", "PARTLABEL": "by-partlabel"}


def host_of(root, beside=None, deadline=None):
    """The Host of a directory: of the one system at or below it, else of the directory as it is.

    ``beside``: the directory at or below which other file systems of the system are mounted, if not ``root``.
    """
    root = os.path.realpath(root or "/")
    if root == "/":
        return Host(root, deadline)
    found = systems(root)
    top = found[0] if len(found) == 1 else root
    return Host(top, deadline, parts(top, os.path.realpath(beside or root)))


def systems(top):
    """The roots of systems at or below a directory; none of them is inside another."""
    if os.path.isdir(os.path.join(top, "etc")):
        return [top]
    found, todo, left = [], [(top, MAX_DEPTH)], MAX_DIRECTORIES
    while todo:
        folder, depth = todo.pop(0)
        for path in _folders(folder):
            left -= 1
            if left < 0:
                return found
            if any(os.path.lexists(os.path.join(path, sign)) for sign in SIGNS):
                found.append(path)
            elif depth > 1:
                todo.append((path, depth - 1))
    return found


def _folders(folder):
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def parts(root, top):
    """``{mount point: directory here}`` of the system's other file systems that are mounted at or below ``top``."""
    here = _mounted_below(top)
    found = {}
    for mount in _wanted(root):
        place = (_device(mount.source), _subvolume(mount))
        target = os.path.normpath(mount.target)
        if target != "/" and place in here and here[place] != root:
            found[target] = here[place]
    return found


def _subvolume(mount):
    """What fstab mounts of a file system: a subvolume of btrfs, else all of it."""
    named = [option[len("subvol=") :] for option in mount.options if option.startswith("subvol=")]
    return os.path.normpath("/" + named[-1].lstrip("/")) if named else "/"


def unmounted(host):
    """``{mount point: device}`` of a tree's file systems that hold what is needed and are not here."""
    found = {}
    for mount in _wanted(host.root):
        target = os.path.normpath(mount.target)
        needed = target != "/" and any((path + "/").startswith(target + "/") for path in NEEDED)
        if needed and mount.fstype != "tmpfs" and not mount.network and _is_empty(host, target):
            found[target] = mount.source
    return found


def _is_empty(host, target):
    try:
        return not os.path.ismount(host.path(target)) and not host.names(target)
    except (OSError, Missing):
        return False


def _mounted_below(top):
    """``{(major:minor, subvolume): mount point here}``; parts of file systems other than btrfs are none of a system."""
    try:
        text = Host().text(MOUNTS) or ""
    except Missing:
        return {}
    mounts = mount_table.visible(mount_table.parse_mountinfo(text))
    inside = [mount for mount in mounts if (mount.target + "/").startswith(top.rstrip("/") + "/")]
    found = {(mount.device, mount.root): mount.target for mount in inside if mount.root == "/"}
    # The number that the kernel has for a mount of btrfs is not that of its device.
    found.update({(_device(mount.source), mount.root): mount.target for mount in inside if mount.fstype == "btrfs"})
    return found


def _wanted(root):
    try:
        return mount_table.parse_mounts(Host(root).text("/etc/fstab") or "")
    except Missing:
        return []


def _device(source):
    """What fstab names, as ``major:minor``; None where this host has no such device."""
    kind, mark, name = source.partition("=")
    path = os.path.join(DEV, "disk", _LINKS[kind], name.strip("\"'")) if mark and kind in _LINKS else source
    if os.path.normpath(path) != path or not path.startswith(DEV + "/"):
        return None
    try:
        number = os.stat(path).st_rdev
    except OSError:
        return None
    return "{0}:{1}".format(os.major(number), os.minor(number))
