# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Space and inodes where the agent and the extension write, and what eats them when they run out."""

import os
import stat

from .._guest import mount_table
from .._guest.host import Missing

FULL_PERCENT = 95.0
MAX_ENTRIES = 100000
MANY_ENTRIES = (
    "{lib}/events",
    "{lib}/history",
    "{lib}",
    "/var/spool/postfix/maildrop",
    "/var/spool/mqueue",
    "/var/spool/clientmqueue",
    "/var/lib/php/sessions",
    "/var/log/azure",
    "/var/log",
    "/var/tmp",
    "/tmp",
)
LARGE_FILES = ("/var/log", "/var/log/azure", "/var/log/journal", "/var/crash", "/tmp", "{lib}")


def measure(host, mounts, lib_dir):
    """One entry a local file system: ``{paths, mount, ..., entries, largest}``. Never asks a mount over a network.

    What is mounted read-only for good, such as the image of a system, is always full: it counts for the agent only.
    """
    host.need_live()
    found, own = {}, mount_table.covering(mounts, lib_dir)
    for path in dict.fromkeys((lib_dir, "/", "/var", "/var/log", "/var/log/azure", "/tmp")):
        mount = mount_table.covering(mounts, path)
        if mount is None or mount.network or not host.exists(path):
            continue
        if "ro" in mount.options and mount is not own:
            continue
        if mount.target in found:
            found[mount.target]["paths"].append(path)
        else:
            found[mount.target] = dict(usage(path), paths=[path], mount=mount.target)
    for entry in found.values():
        _add_eaters(host, mounts, lib_dir, entry)
    return list(found.values())


def usage(path):
    """``{total_mib, free_mib, root_free_mib, used_percent, inodes, free_inodes, inodes_used_percent}``."""
    try:
        info = os.statvfs(path)
    except OSError as error:
        raise Missing("Cannot measure '{0}': {1}".format(path, error.strerror or error)) from error
    used = info.f_blocks - info.f_bfree
    unit = info.f_frsize / 1048576.0
    return {
        "total_mib": round(info.f_blocks * unit, 1),
        "free_mib": round(info.f_bavail * unit, 1),
        "root_free_mib": round(info.f_bfree * unit, 1),
        "used_percent": round(100.0 * used / (used + info.f_bavail), 1) if used + info.f_bavail else 0.0,
        # File systems that make inodes as they go report none: there is no such limit.
        "inodes": info.f_files or None,
        "free_inodes": info.f_ffree if info.f_files else None,
        "inodes_used_percent": round(100.0 - 100.0 * info.f_ffree / info.f_files, 1) if info.f_files else None,
    }


def _add_eaters(host, mounts, lib_dir, entry):
    """Looks for what fills a file system, only when it is nearly full: looking costs time."""
    entry["entries"] = entry["largest"] = None

    def here(paths):
        places = (path.format(lib=lib_dir) for path in paths)
        return [
            path for path in places if getattr(mount_table.covering(mounts, path), "target", None) == entry["mount"]
        ]

    if (entry["inodes_used_percent"] or 0) >= FULL_PERCENT:
        counted = [{"path": path, "count": _count(host, path)} for path in here(MANY_ENTRIES)]
        entry["entries"] = max(counted, key=lambda item: item["count"], default=None)
    if entry["used_percent"] >= FULL_PERCENT:
        files = [file for path in here(LARGE_FILES) for file in _files(host, path)]
        entry["largest"] = max(files, key=lambda item: item["mib"], default=None)


def _count(host, path):
    """How many names a directory holds, counted up to MAX_ENTRIES."""
    total = 0
    try:
        with os.scandir(host.path(path)) as names:
            for _name in names:
                total += 1
                if total >= MAX_ENTRIES or not host.remaining():
                    break
    except OSError:
        pass
    return total


def _files(host, path):
    try:
        names = host.names(path)[:2000]
    except Missing:
        return
    for name in names:
        file = "{0}/{1}".format(path, name)
        info = host.stat(file, follow=False)
        if info is not None and stat.S_ISREG(info.st_mode):
            yield {"path": file, "mib": round(info.st_blocks / 2048.0, 1)}
