# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Moves whole directories aside and back; nothing is ever deleted before its copy is complete."""

import contextlib
import errno
import os
import shutil
import stat

from . import answer, atomic
from .errors import cannot


def move(source, target):
    """Move a file or directory; across file systems it is copied first and only then taken away."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise cannot("move", source, error) from None
        _copy_and_remove(source, target)
    for folder in sorted({os.path.dirname(source), os.path.dirname(target)}):
        atomic.sync_directory(folder)


def _copy_and_remove(source, target):
    clean(source, target)
    partial, gone = _partial(target), _gone(source)
    try:
        _copy(source, partial)
        os.rename(partial, target)
        # From here on both exist; the original leaves its name in one step.
        os.rename(source, gone)
    except OSError as error:
        remove(partial)
        raise cannot("move", source, error) from None
    remove(gone)


def leftovers(source, target):
    """Return what a killed move between the two has left beside them."""
    return [path for path in (_partial(target), _gone(source)) if os.path.lexists(path)]


def clean(source, target):
    """Remove what a killed move between the two has left beside them."""
    for path in leftovers(source, target):
        remove(path)


def _partial(target):
    return os.path.join(os.path.dirname(target), atomic.TEMP_PREFIX + os.path.basename(target))


def _gone(source):
    return os.path.join(os.path.dirname(source), atomic.TEMP_PREFIX + os.path.basename(source) + ".gone")


def _copy(source, target):
    answer.goes_on()
    info = os.lstat(source)
    if stat.S_ISDIR(info.st_mode):
        os.mkdir(target, 0o700)
        for name in os.listdir(source):
            _copy(os.path.join(source, name), os.path.join(target, name))
    elif stat.S_ISLNK(info.st_mode):
        os.symlink(os.readlink(source), target)
    elif stat.S_ISREG(info.st_mode):
        shutil.copyfile(source, target)
    else:
        return  # a socket or FIFO: whoever made it makes it anew
    os.chown(target, info.st_uid, info.st_gid, follow_symlinks=False)
    # Mode, times and extended attributes, SELinux's among them.
    shutil.copystat(source, target, follow_symlinks=False)


def remove(path):
    """Remove a file or a whole directory, as far as that works."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        # Another run that does not have the lock yet may do so at the same moment.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
