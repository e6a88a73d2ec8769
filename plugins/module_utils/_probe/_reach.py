# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Touches mounts that may hang, in a way that never makes the probe hang."""

import errno
import os
import threading
import time

from .._guest.host import NEEDS_LIVE, Missing

OPEN_SECONDS = 2.0


def open_all(host, targets):
    """``{target: error text, None when it opened}``; a target that does not open in time is an error too.

    Without root, those that only root may open are left out.
    """
    results, denied = {}, set()

    def attempt(target):
        try:
            handle = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_DIRECTORY | os.O_CLOEXEC)
            os.close(handle)
            results[target] = None
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM) and not host.privileged:
                denied.add(target)
            results[target] = error.strerror or str(error)

    if not host.live:
        raise Missing(NEEDS_LIVE)
    threads = [threading.Thread(target=attempt, args=(target,)) for target in targets]
    until = time.monotonic() + min(OPEN_SECONDS, host.remaining())
    for thread in threads:
        thread.daemon = True
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    hung = "no answer within {0:g} s".format(OPEN_SECONDS)
    return {target: results.get(target, hung) for target in targets if target not in denied}
