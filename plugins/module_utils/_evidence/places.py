# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which files of a Linux guest are evidence: found without following a link, in bounded time, the newest first."""

import collections
import contextlib
import fnmatch
import itertools
import os
import re
import stat
import threading

from .._guest import agent, handlers, waagent_conf
from .._guest.host import Host

MAX_ENTRIES = 50000
MAX_DEPTH = 8
NO_ANSWER = "no_answer"
ANSWER_SECONDS = 5
"""A directory that cannot be listed in this time hangs whoever does, as one on a dead file server."""

LINES_OF_SYSTEM_LOGS = re.compile(
    r"waagent|azure|vmsnapshot|vmbackup|safefreeze|fsfreeze|cloud-init|dhclient|networkd|networkmanager|oom|i/o error",
    re.IGNORECASE,
)
"""Those lines of a log of the whole system are kept that are about the agent, backups or the network."""

LOGS = (agent.LOG + "*", "/var/log/azure/**")
SYSTEM_LOGS = ("/var/log/syslog*", "/var/log/messages*", "/var/log/kern.log*")
SUPPORT_LOGS = SYSTEM_LOGS + ("/var/log/cloud-init*.log*", "/var/log/dmesg*", "/var/log/boot.log*")

Found = collections.namedtuple("Found", "path size modified kind first lines top")
"""``kind``: file, link or special; for what cannot be had, why. ``first``: goes in before logs.
``lines``: a pattern of lines to keep, or None. ``top``: the folder that was named; others may have made what is below
it."""


def find(for_support=False, host=None):
    """The files, those that decide most first, then the newest; and whether a directory was too large to list."""
    host = host or Host()
    seen, walk = {}, _Walk()
    for pattern in _settings(host):
        _add(seen, walk, pattern, True, None)
    for pattern in LOGS:
        _add(seen, walk, pattern, False, None)
    for pattern in SUPPORT_LOGS if for_support else SYSTEM_LOGS:
        _add(seen, walk, pattern, False, None if for_support else LINES_OF_SYSTEM_LOGS)
    for path, reason in walk.unread.items():
        seen[path] = absent(path, reason)
    found = sorted(seen.values(), key=lambda each: (not each.first, -each.modified, each.path))
    return found, walk.left == 0


def absent(path, reason):
    """What cannot be had, and why."""
    return Found(path, 0, 0, reason, False, None, path)


def _settings(host):
    lib = handlers.lib_dir(host)[0]
    patterns = [
        waagent_conf.active_path(host)[0],
        waagent_conf.DEFAULT_PATH,
        "/etc/azure/*.conf",
        "/usr/lib/os-release",
    ]
    patterns += [lib + "/*.xml", lib + "/*/config/*.settings", lib + "/*/config/Handler*", lib + "/*/status/*.status"]
    for name in agent.SERVICES:
        patterns += ["/etc/default/" + name, "/etc/sysconfig/" + name]
        patterns += ["/etc/systemd/system/{0}.service".format(name), "/etc/systemd/system/{0}.service.d/*".format(name)]
    return patterns


def _add(seen, walk, pattern, first, lines):
    named = itertools.takewhile(lambda name: not any(sign in name for sign in "*?["), pattern.split("/")[:-1])
    top = "/".join(named)
    for path, info in walk.matching(pattern):
        seen.setdefault(path, Found(path, info.st_size, int(info.st_mtime), _kind(info, first), first, lines, top))


def _kind(info, first):
    if stat.S_ISLNK(info.st_mode) or (stat.S_ISREG(info.st_mode) and info.st_nlink > 1 and not first):
        return "link"  # of a log nobody has a second name; to another file, whoever may write here can make one
    return "file" if stat.S_ISREG(info.st_mode) else "special"


class _Walk(object):
    """Files by patterns, of which ``**`` is a directory with all below it."""

    def __init__(self):
        self.left = MAX_ENTRIES
        self.unread = {}

    def matching(self, pattern):
        folder, _slash, name = pattern.rpartition("/")
        if name == "**":
            return self._below(folder, MAX_DEPTH)
        if any(sign in folder for sign in "*?["):
            top, _slash, middle = folder.partition("*")
            parents = [path for path, _info in self._entries(top.rstrip("/"), "*", folders=True)]
            folders = [parent + middle for parent in parents]
        else:
            folders = [folder]
        return [entry for each in folders for entry in self._entries(each, name)]

    def _below(self, folder, depth):
        found = self._entries(folder, "*")
        for path, _info in self._entries(folder, "*", folders=True) if depth else ():
            found += self._below(path, depth - 1)
        return found

    def _entries(self, folder, pattern, folders=False):
        if self.unread.get(folder) == NO_ANSWER:
            return []
        listed = []
        thread = threading.Thread(target=lambda: listed.append(_list(folder, pattern, folders, self.left)))
        thread.daemon = True
        thread.start()
        thread.join(ANSWER_SECONDS)
        if not listed:
            self.unread[folder] = NO_ANSWER
            return []
        found, seen, failed = listed[0]
        self.left -= seen
        self.unread.update(failed)
        return found


def _list(folder, pattern, folders, most):
    """What fits in a directory, how many entries were looked at, and for paths that could not be read, why."""
    found, seen, failed = [], 0, {}
    with _noted(failed, folder), os.scandir(folder) as entries:
        for entry in itertools.islice(entries, most):
            seen += 1
            if fnmatch.fnmatchcase(entry.name, pattern):
                with _noted(failed, entry.path):
                    if entry.is_dir(follow_symlinks=False) == folders:
                        found.append((entry.path, entry.stat(follow_symlinks=False)))
    return found, seen, failed


@contextlib.contextmanager
def _noted(failed, path):
    """Note why a path cannot be read; one that is not there, or goes meanwhile, is none."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        failed[path] = "unreadable: " + str(error.strerror)
