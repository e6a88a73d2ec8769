# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which mounts the extension would freeze, in its order, and what is known of each without touching it."""

import re

from .._guest import mount_table

RESOURCE_DISK_GEN1 = "00000000-0001"
RESOURCE_DISK_GEN2 = "f8b3781a-1e82-4818-a1c3-63d806ec15bb"
VMBUS = "/sys/bus/vmbus/devices"
MAX_MOUNTS = 64

PAIR = re.compile(r'(NAME|TYPE|FSTYPE|MOUNTPOINT)="([^"]*)"')
LSBLK = ("lsblk", "-b", "-n", "-P", "-o", "NAME,TYPE,FSTYPE,MOUNTPOINT")


def parse_lsblk(text):
    """``{mount point: type}`` of lsblk's pairs; it names one mount point a device, whatever else is mounted there."""
    found = {}
    for line in text.splitlines():
        pairs = dict(PAIR.findall(line))
        if pairs.get("MOUNTPOINT", "").startswith("/"):
            found.setdefault(pairs["MOUNTPOINT"], pairs.get("TYPE"))
    return found


def select(mounts, lsblk, resource_disk, skipped):
    """The mounts that the extension passes to its freeze helper, the root last.

    ``lsblk``: its mount points, None when unknown; the extension takes only what stands there: never a part of a file
    system that is mounted elsewhere, as long as the whole is mounted. ``skipped``: the targets of MountsToSkip; the
    root cannot be skipped.
    """
    chosen = []
    for mount in reversed(mount_table.visible(mounts)):
        if mount.fstype not in mount_table.FREEZABLE or mount.loop or mount.of_containers:
            continue
        if lsblk is not None and (mount.target not in lsblk or lsblk[mount.target] == "loop"):
            continue
        if lsblk is None and mount.fstype != "btrfs" and mount.root not in (None, "/"):
            continue
        on_resource_disk = resource_disk is not None and re.match("/dev/" + resource_disk + r"[0-9]*\Z", mount.source)
        if mount.target == "/" or not (on_resource_disk or mount.target in skipped):
            chosen.append(mount)
    root_last = sorted(chosen, key=lambda mount: mount.target == "/")
    return root_last[:MAX_MOUNTS]


def twice(mounts):
    """Groups of freezable mounts that show one file system more than once, as ``[{device, mounts}]``.

    Bind mounts of a part of a file system and subvolumes are no duplicates: the extension does not see them, and
    distributions ship with them. Mounts of containers and snaps are normal too.
    """
    groups = {}
    for mount in mount_table.visible(mounts):
        if mount.fstype not in mount_table.FREEZABLE or mount.loop or mount.of_containers:
            continue
        if mount.root not in (None, "/") or any(option.startswith("subvol=") for option in mount.options):
            continue
        groups.setdefault(mount.device or mount.source, []).append(mount)
    return [{"device": key, "mounts": found} for key, found in sorted(groups.items()) if len(found) > 1]


def resource_disk(host):
    """The kernel's name of Azure's temporary disk (``sdb``), which the extension leaves out, or None."""
    for device in host.names(VMBUS):
        guid = (host.line("{0}/{1}/device_id".format(VMBUS, device)) or "").strip("{}")
        if not (guid.startswith(RESOURCE_DISK_GEN1) or guid == RESOURCE_DISK_GEN2):
            continue
        folder = "{0}/{1}".format(VMBUS, device)
        for path in _scsi_devices(host, folder):
            # On the newer generation all disks share one controller; the temporary disk is number 1.
            if guid == RESOURCE_DISK_GEN2 and not path.endswith(":1"):
                continue
            names = host.names(path + "/block")
            if names:
                return names[0]
    return None


def _scsi_devices(host, folder):
    for bus in host.names(folder):
        if bus.startswith("host"):
            for target in host.names("{0}/{1}".format(folder, bus)):
                if target.startswith("target"):
                    below = "{0}/{1}/{2}".format(folder, bus, target)
                    for name in host.names(below):
                        if name.count(":") == 3:
                            yield "{0}/{1}".format(below, name)


def device_facts(host, mount):
    """``{errors, suspended}`` of the block device of a mount; None where the system does not tell."""
    name = (host.link("/sys/dev/block/" + mount.device) or "").rpartition("/")[2] if mount.device else ""
    errors = host.line("/sys/fs/ext4/{0}/errors_count".format(name)) if name else None
    suspended = host.line("/sys/dev/block/{0}/dm/suspended".format(mount.device)) if mount.device else None
    return {
        "errors": int(errors) if errors and errors.isdigit() else None,
        "suspended": None if suspended is None else suspended == "1",
    }
