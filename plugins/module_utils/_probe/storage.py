# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``storage``: mounts as the snapshot extension meets them, the agent's directory, space and inodes."""

import fcntl
import os
import stat
import struct
import sys

from .._guest import handlers, mount_table, network_mounts, trees
from .._guest.agent import LIB_DIR
from .._guest.host import NEEDS_ROOT, Late, Missing
from . import _freeze_list, _reach, _space, _vmbackup_conf

LSBLK_SECONDS, LSBLK_AGAIN_SECONDS = 3.0, 6.0
AFTER_LSBLK_SECONDS = 4.0
"""What the rest of the section needs."""
GET_FLAGS = 0x80006601 | struct.calcsize("l") << 16
IMMUTABLE = 0x10
LSBLK_PLACES = ("/usr/bin/lsblk", "/bin/lsblk")


class Hangs(Missing):
    """A command did not answer when it was asked again, either."""


def collect(host, options, facts):
    try:
        mounts, source = mount_table.read(host)
    except Missing as missing:
        for name in ("mounts_from", "lib_dir", "lsblk", "frozen", "twice", "network", "space", "zfs"):
            facts.lack(name, missing)
        return
    facts["mounts_from"] = source
    facts["zfs"] = [mount.target for mount in mount_table.visible(mounts) if mount.fstype == "zfs"]
    # First: what follows may hang on the very mount that this names.
    facts.take("network", lambda: network(host, mounts, source))
    path = facts.take("lib_dir", lambda: lib_dir(host, mounts, source))
    directory = path["path"] if path else LIB_DIR
    facts.take("space", lambda: _space.measure(host, mounts, directory))
    seen = facts.take("lsblk", lambda: lsblk(host, facts))
    points = seen["mount_points"] if seen else None
    chosen = facts.take("frozen", lambda: frozen(host, mounts, points, source)) or ()
    if any("open_error" not in mount for mount in chosen):
        facts.lack("frozen.open_error", NEEDS_ROOT)
    duplicates = _freeze_list.twice(mounts)
    facts["twice"] = [
        {"device": group["device"], "targets": [mount.target for mount in group["mounts"]], "read_from": source}
        for group in duplicates
    ]
    if seen:
        seen["complete"] = seen.pop("mount_points") is not None


def lib_dir(host, mounts, source):
    """The agent's directory and the mount that covers it, the deepest."""
    path = handlers.lib_dir(host)[0]
    info = host.stat(path)
    # Behind a link it is the target's mount that counts.
    place = os.path.realpath(path) if host.live else path
    mount = mount_table.covering(mounts, place)
    return {
        "path": path,
        "exists": info is not None,
        "leads_to": None if info else host.link(path),
        "is_directory": stat.S_ISDIR(info.st_mode) if info else None,
        "immutable": _immutable(place) if host.live else None,
        "owner": info.st_uid if info else None,
        "mode": "{0:03o}".format(info.st_mode & 0o7777) if info else None,
        "mount": dict(mount.as_fact(), read_from=source) if mount else None,
        "noexec": "noexec" in mount.options if mount else False,
        "read_only": mount.read_only if mount else False,
        "read_from": source,
    }


def _immutable(path):
    """Whether ``chattr +i`` keeps even root from making files in a directory; None where nobody says."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        flags = fcntl.ioctl(handle, GET_FLAGS, bytes(bytearray(8)))
    except OSError:
        return None
    finally:
        os.close(handle)
    return bool(bytearray(flags)[0 if sys.byteorder == "little" else -1] & IMMUTABLE)


def lsblk(host, facts):
    """``{path, error, answers, mount_points}``: the extension needs lsblk, and runs it without a time limit.

    Where there is no time to ask a slow one again, only its file is known; ``facts`` are told so.
    """
    path = next((place for place in LSBLK_PLACES if host.exists(place)), None)
    if path is None:
        trees.need_system(host)
    stated = {"path": path, "mount_points": None, "read_from": path or LSBLK_PLACES[0]}
    if path is None or not host.live:
        return dict(stated, error=None, answers=None)
    try:
        status, out, err = _listed(host, (path,) + _freeze_list.LSBLK[1:])
    except Late as late:
        facts.lack("lsblk.error", late)
        facts.lack("lsblk.answers", late)
        return stated
    except Hangs as hangs:
        return dict(stated, error=str(hangs), answers=False)
    except Missing as missing:
        return dict(stated, error=str(missing), answers=True)
    points = _freeze_list.parse_lsblk(out)
    error = None
    if status != 0 and not points:
        error = err.strip().splitlines()[-1] if err.strip() else "exit status {0}".format(status)
    # Without a single mount point it sees other devices than ours (a container): no basis to choose by.
    return dict(stated, error=error, answers=True, mount_points=points or None)


def _listed(host, argv):
    """What lsblk answers, the second time it is asked at the latest. Raises Late where there is time for one only, and
    Hangs where it answers neither time."""
    try:
        return host.run(argv, LSBLK_SECONDS)
    except Late:
        longer = min(LSBLK_AGAIN_SECONDS, host.remaining() - AFTER_LSBLK_SECONDS)
        if longer <= LSBLK_SECONDS:
            raise
    try:
        return host.run(argv, longer)
    except Late as late:
        # A loaded guest is slow with everything: one that hangs does not answer the second time either.
        raise Hangs(late.reason) from None


def frozen(host, mounts, lsblk_points, source):
    """The mounts that the next backup would freeze, with what is wrong about each as far as it can be seen."""
    conf = _vmbackup_conf.read(host)
    skip = (conf["options"]["MountsToSkip"] if conf else None) or ""
    resource_disk = _freeze_list.resource_disk(host) if host.live else None
    chosen = _freeze_list.select(mounts, lsblk_points, resource_disk, skip.split(","))
    targets = [mount.target for mount in chosen]
    opened = _reach.open_all(host, targets) if host.live else dict.fromkeys(targets)
    unknown = {"errors": None, "suspended": None}
    found = []
    for mount in chosen:
        facts = dict(mount.as_fact(), **(_freeze_list.device_facts(host, mount) if host.live else unknown))
        if mount.target in opened:
            facts["open_error"] = opened[mount.target]
        facts["turned_read_only"] = mount.turned_read_only
        facts["read_from"] = source
        found.append(facts)
    return found


def network(host, mounts, source):
    """Mounts over a network or through a program; ``answers``: None where nobody asked."""
    return [
        {
            "target": mount.target,
            "fstype": mount.fstype,
            "source": mount.source,
            "answers": answers,
            "read_from": source,
        }
        for mount, answers in network_mounts.look(host, mounts)
    ]
