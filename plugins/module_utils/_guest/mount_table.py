# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The mount table: parsed from the kernel's list, or from what a tree has of it. Pure functions but for ``read``."""

import re

from . import unit_files
from .host import NEEDS_LIVE, Missing

MOUNTINFO = "/proc/self/mountinfo"
FSTAB = "/etc/fstab"
OTHERS = ("/proc/mounts", "/etc/mtab", FSTAB)
FREEZABLE = ("ext3", "ext4", "xfs", "btrfs")
NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre", "gfs2", "ocfs2", "9p", "afs")
# iSCSI, network block devices, Ceph, DRBD and NVMe over a network, by where the kernel has them.
REMOTE_DISK = re.compile(r"/session[0-9]+/|/(?:nbd|rbd|drbd)[0-9]+(?:/|\Z)|/nvme-fabrics/")
LOCAL_FUSE = ("fuse.lxcfs", "fuse.snapfuse", "fuse.portal", "fuse.gvfsd-fuse", "fuse.vmware-vmblock", "fuse.overlayfs")

CONTAINERS = re.compile(
    r"/(?:var/lib/(?:docker|containerd|containers|kubelet|lxc|lxd|machines|snapd)|run/(?:docker|containerd|user|netns|snapd|host)"
    r"|snap|mnt/wsl)(?:/|\Z)"
)


class Mount(object):
    """One mount. ``device`` (major:minor) and ``root`` are None when the list does not have them.

    ``turned_read_only``: the mount is to be written to, but the file system stopped that by itself, on errors.
    """

    def __init__(self, target, source, fstype, options, device=None, root=None, turned_read_only=False):
        self.target, self.source, self.fstype = target, source, fstype
        self.options, self.device, self.root = options, device, root
        self.turned_read_only = turned_read_only

    @property
    def read_only(self):
        return "ro" in self.options or self.turned_read_only

    @property
    def network(self):
        return self.fstype in NETWORK or (self.fstype.startswith("fuse") and not self._local_fuse)

    @property
    def _local_fuse(self):
        return self.fstype in LOCAL_FUSE or self.fstype == "fuseblk" or self.fstype == "fusectl"

    @property
    def loop(self):
        return self.source.startswith("/dev/loop")

    @property
    def of_containers(self):
        return bool(CONTAINERS.match(self.target))

    def as_fact(self):
        return {
            "target": self.target,
            "source": self.source,
            "fstype": self.fstype,
            "device": self.device,
            "root": self.root,
            "options": ",".join(self.options),
        }


def read(host):
    """``(mounts, where they were read)``, once for all sections. Raises Missing when nothing tells them."""
    return host.once("mounts", lambda: _read(host))


def _read(host):
    text = host.text(MOUNTINFO)
    if text:
        return parse_mountinfo(text), MOUNTINFO
    for path in OTHERS:
        text = host.text(path)
        if text:
            return parse_mounts(text) + (_of_units(host) if path == FSTAB else []), path
    raise Missing("Cannot read '{0}': there is no such file".format(MOUNTINFO) if host.live else NEEDS_LIVE)


def _of_units(host):
    """What units of the administrator mount at boot beside fstab."""
    directory, mounts = unit_files.DIRECTORIES[0], []
    for name in host.names(directory):
        if name.endswith(".mount") and unit_files.wanted(host, name):
            unit = unit_files.unit(host, name, "{0}/{1}".format(directory, name))
            said = {setting.key: setting.value for setting in unit.settings if setting.section == "Mount"}
            if said.get("Where", "").startswith("/"):
                options = (said.get("Options") or "defaults").split(",")
                mounts.append(Mount(said["Where"], said.get("What", ""), said.get("Type", "auto"), options))
    return mounts


def parse_mountinfo(text):
    """Mounts in the order of the kernel: a later one on the same target lies over the earlier."""
    mounts = []
    for line in text.splitlines():
        head, mark, tail = line.partition(" - ")
        left, right = head.split(), tail.split(" ")
        if not mark or len(left) < 6 or len(right) < 2:
            continue
        options = left[5].split(",")
        turned = "rw" in options and len(right) > 2 and "ro" in right[2].split(",")
        mounts.append(Mount(plain(left[4]), plain(right[1]), right[0], options, left[2], plain(left[3]), turned))
    return mounts


def parse_mounts(text):
    """The same from lines of /proc/mounts, mtab or fstab."""
    mounts = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 4 and not line.startswith("#") and words[1].startswith("/"):
            mounts.append(Mount(plain(words[1]), plain(words[0]), words[2], words[3].split(",")))
    return mounts


def plain(text):
    """The text with the kernel's octal escapes (blanks, tabs, backslashes) resolved."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), text)


def covering(mounts, path):
    """The mount that a path lies on: the deepest, of equal ones the last. None when the list has no root."""
    best = None
    for mount in mounts:
        inside = path == mount.target or path.startswith(mount.target.rstrip("/") + "/")
        if inside and (best is None or len(mount.target) >= len(best.target)):
            best = mount
    return best


def on_remote_disk(host, mount):
    """Whether the disk of a mount, or one below it, is reached over a network."""
    return _is_remote(host, "/sys/class/block/" + host.resolved(mount.source).rpartition("/")[2])


def _is_remote(host, disk):
    below = ["/sys/class/block/" + name for name in host.names(disk + "/slaves")]
    return bool(REMOTE_DISK.search(host.resolved(disk))) or any(_is_remote(host, name) for name in below)


def visible(mounts):
    """The mounts that are not hidden below a later one on the same target."""
    return list({mount.target: mount for mount in mounts}.values())
