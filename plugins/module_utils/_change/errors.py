# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The one exception of this package, and how its messages are worded."""

import errno
import os

from .._guest.errors import surprise
from .._guest.host import Missing

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EBUSY: "it is in use, for example as a mount point",
    errno.EACCES: "permission denied",
}


class ChangeError(Exception):
    """A change was refused or failed; the text is fit for the user, `facts` for the result."""

    def __init__(self, message, **facts):
        super().__init__(message)
        self.facts = facts


def cannot(verb, target, reason, **facts):
    """Return the error `Cannot <verb> '<target>': <reason>`; an OSError as reason is put in words."""
    if isinstance(reason, OSError):
        reason = words(reason)
    return ChangeError("Cannot {} '{}': {}".format(verb, target, reason), **facts)


def words(error):
    """Return why the system refused something, in words."""
    return REASONS.get(error.errno or 0) or os.strerror(error.errno or 0)


def failure_of(error, name):
    """Return the ChangeError for whatever stopped a module of this name."""
    if isinstance(error, ChangeError):
        return error
    if isinstance(error, Missing):
        return ChangeError(str(error))
    if isinstance(error, OSError):
        return cannot("work on", error.filename or "this host", error)
    return cannot("run", name, surprise(error))
