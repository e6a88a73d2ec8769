# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Changes on a disk that is mounted here: for that time the system on it is all that this process sees.

So paths in the journal are those of the system itself, links on the disk never lead out of it, and a run can be undone
from here or after the system has started. What lies on the disk is not to be trusted: no command is run, and nothing is
imported.
"""

import contextlib
import importlib
import os
import sys

from .._guest import commands, disks, mount_table
from .._guest.host import Host
from .errors import cannot

# Others import these only when they need them.
for _module in ("encodings.idna", "ipaddress", "unicodedata"):
    importlib.import_module(_module)

NEEDED = ("/etc", "/usr/lib/systemd/system", "/var/lib/waagent")


@contextlib.contextmanager
def inside(root, journal_dir):
    """Make the system at or below a directory the only one that is seen; raises ChangeError where that is unsafe."""
    top = _system(root)
    _check_whole(top, NEEDED + (journal_dir,))
    before = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            os.chroot(top)
        except OSError as error:
            raise cannot("work on", root, error) from None
        os.chdir("/")
        with commands.forbidden(), _without_imports():
            yield top
    finally:
        os.fchdir(before)
        os.chroot(".")
        os.close(before)


@contextlib.contextmanager
def _without_imports():
    """The paths of Python would now lead to files of the disk."""
    finders = list(sys.meta_path)
    sys.meta_path[:] = [finder for finder in finders if getattr(finder, "__module__", "") == "_frozen_importlib"]
    try:
        yield
    finally:
        sys.meta_path[:] = finders


def is_inside():
    """Tell whether a mounted disk is worked on."""
    return commands.are_forbidden()


def _system(root):
    path = os.path.realpath(root)
    if path == "/":
        raise cannot("work on", root, "that is the running system; leave root out")
    found = disks.systems(path)
    if not found or not os.path.isdir(os.path.join(found[0], "etc")):
        raise cannot("work on", root, "no system was found there")
    if len(found) > 1:
        raise cannot("work on", root, "it holds several systems: " + ", ".join(found))
    return found[0]


def _check_whole(top, needed):
    """A directory that is a file system of its own and is not mounted below the root would be changed in vain."""
    host = Host(top)
    text = host.text("/etc/fstab") or ""
    for mount in mount_table.parse_mounts(text):
        target = os.path.normpath(mount.target)
        is_needed = any((path + "/").startswith(target + "/") for path in needed)
        if target != "/" and is_needed and mount.fstype != "tmpfs" and not os.path.ismount(host.path(target)):
            raise cannot(
                "work on", top, "its file system for {} is not mounted at '{}'".format(target, host.path(target))
            )
