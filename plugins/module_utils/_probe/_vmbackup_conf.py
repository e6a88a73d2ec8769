# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""/etc/azure/vmbackup.conf as the extension reads it, and the copy in its own directory that nothing reads."""

from .._guest.ini import DEFAULT, Ini
from .._guest.vmbackup_keys import MAIN_SECTION, PATH, STATED

COPY = "main/tempPlugin/vmbackup.conf"


def read(host):
    """``{error, options, unreadable, elsewhere, lsblk_user}``; None when there is no file (its normal state)."""
    data = host.read(PATH)
    if data is None:
        return None
    return dict(parse(data), read_from=PATH)


def parse(data):
    """What the extension takes from the file. ``elsewhere``: options of ours in a section where nothing looks."""
    conf = Ini(data)
    taken, unreadable = conf.values(MAIN_SECTION), conf.unreadable(MAIN_SECTION)
    return {
        "error": conf.error,
        "options": {name: taken.get(name.lower()) for name in STATED},
        "unreadable": [name for name in STATED if name.lower() in unreadable],
        "elsewhere": [] if conf.error else _elsewhere(conf),
        "lsblk_user": conf.values("lsblkUser").get("username"),
    }


def _elsewhere(conf):
    names = {name.lower(): name for name in STATED}
    # What all sections share is seen from the main one, if there is one.
    seen = (MAIN_SECTION, DEFAULT) if conf.has(MAIN_SECTION) else (MAIN_SECTION,)
    return [
        "{0}.{1}".format(option.section, names[option.name])
        for option in conf.options
        if option.name in names and option.section not in seen
    ]


def misplaced(host, directory):
    """Options of ours that somebody set in the extension's own copy, which it never reads."""
    path = "{0}/{1}".format(directory, COPY)
    data = host.read(path)
    if data is None:
        return None
    options = parse(data)["options"]
    return {"options": {name: value for name, value in options.items() if value is not None}, "read_from": path}
