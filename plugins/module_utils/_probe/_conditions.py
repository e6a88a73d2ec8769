# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Start conditions of a unit, compared with what is there. systemd skips a start silently when one does not hold, and
fails it when an assertion does not."""

import stat

from .._guest import trees
from .._guest.host import Missing

CONDITION, ASSERTION = "Condition", "Assert"
CONTAINER = "/run/systemd/container"
HYPERVISOR = "/sys/bus/vmbus"


def evaluated(host, unit):
    """Each condition or assertion of ``unit``: ``{name, value, holds, found, read_from}``.

    ``holds`` is None where we cannot say. Of those with a pipe only one needs to hold; the others are not stated then.
    """
    return _evaluated(host, unit, CONDITION) + _evaluated(host, unit, ASSERTION)


def _evaluated(host, unit, kind):
    settings = []
    for setting in unit.settings:
        if setting.section == "Unit" and setting.key.startswith(kind):
            # An empty assignment to any of a kind forgets all before it.
            settings = settings + [setting] if setting.value else []
    stated = [_condition(host, setting) for setting in settings]
    triggers = [entry for entry in stated if entry["value"].startswith("|")]
    if any(entry["holds"] is not False for entry in triggers):
        return [entry for entry in stated if not entry["value"].startswith("|")]
    return stated


def _condition(host, setting):
    text = setting.value.lstrip("|")
    negated, text = text.startswith("!"), text.lstrip("!")
    test = TESTS.get(setting.key.replace(ASSERTION, CONDITION, 1))
    holds, found = None, None
    if test:
        try:
            holds, found = test(host, text.strip())
            if not holds:
                trees.need_system(host)
        except Missing as missing:
            holds = None
            found = str(missing)
    return {
        "name": setting.key,
        "value": setting.value,
        "holds": holds if holds is None else holds != negated,
        "found": found,
        "read_from": "{0}:{1}".format(setting.path, setting.line),
    }


def _path_exists(host, path):
    there = host.exists(path)
    return there, "present" if there else "no such file"


def _executable(host, path):
    info = host.stat(path)
    if info is None:
        return False, "no such file"
    good = stat.S_ISREG(info.st_mode) and bool(info.st_mode & 0o111)
    return good, "mode {0:04o}".format(stat.S_IMODE(info.st_mode))


def _not_empty(host, path):
    info = host.stat(path)
    size = info.st_size if info else 0
    return size > 0, "no such file" if info is None else "{0} bytes".format(size)


def _directory(host, path):
    info = host.stat(path)
    good = info is not None and stat.S_ISDIR(info.st_mode)
    return good, "a directory" if good else "no such directory"


def _virtualization(host, wanted):
    host.need_live()
    here = host.line(CONTAINER) or ("microsoft" if host.exists(HYPERVISOR) else None)
    if wanted == "microsoft":
        # A container counts before the machine it runs on.
        return here == "microsoft", here or "no Hyper-V bus"
    if wanted in ("yes", "true", "1", "vm") and here == "microsoft":
        return True, here
    return None, here


TESTS = {
    "ConditionPathExists": _path_exists,
    "ConditionFileIsExecutable": _executable,
    "ConditionFileNotEmpty": _not_empty,
    "ConditionPathIsDirectory": _directory,
    "ConditionVirtualization": _virtualization,
}
