# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""A saved tree may hold a part of a system only: what is not in it says nothing then."""

from .host import Missing

PROGRAMS = ("/usr/bin/env", "/bin/sh", "/usr/bin/sh", "/bin/busybox")


def holds_system(host):
    """False for a tree without the system's programs."""
    return host.live or any(host.stat(path, follow=False) for path in PROGRAMS)


def need_system(host):
    """Raises Missing for a tree that does not hold the system's programs: an absent one is no fact there."""
    if not holds_system(host):
        raise Missing("the tree does not contain the system's programs")


def need(host, directory):
    """Raises Missing for a tree without this directory."""
    if not host.live and not host.exists(directory):
        raise Missing("the tree does not contain '{0}'".format(directory))
