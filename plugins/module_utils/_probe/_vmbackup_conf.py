# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""/etc/azure/vmbackup.conf as the extension reads it, and the copy in its own directory that nothing reads."""

from .._guest.vmbackup_conf import VmbackupConf
from .._guest.vmbackup_keys import MAIN_SECTION, PATH, STATED

COPY = "main/tempPlugin/vmbackup.conf"


def read(host):
    """``{error, options, elsewhere, lsblk_user}``; None when there is no file (its normal state)."""
    data = host.read(PATH)
    if data is None:
        return None
    return dict(parse(data), read_from=PATH)


def parse(data):
    """What the extension takes from the file. ``elsewhere``: options of ours in a section where nothing looks."""
    conf = VmbackupConf(data)
    taken = conf.values(MAIN_SECTION)
    return {
        "error": conf.error(),
        "options": {name: taken.get(name.lower()) for name in STATED},
        "elsewhere": _elsewhere(conf, data),
        "lsblk_user": conf.values("lsblkUser").get("username"),
    }


def _elsewhere(conf, data):
    found = []
    for line in data.decode("utf-8", "replace").splitlines():
        name = line.strip()[1:-1]
        if line.strip().startswith("[") and line.strip().endswith("]") and name != MAIN_SECTION:
            values = conf.values(name)
            found.extend("{0}.{1}".format(name, option) for option in STATED if option.lower() in values)
    return found


def misplaced(host, directory):
    """Options of ours that somebody set in the extension's own copy, which it never reads."""
    path = "{0}/{1}".format(directory, COPY)
    data = host.read(path)
    if data is None:
        return None
    options = parse(data)["options"]
    return {"options": {name: value for name, value in options.items() if value is not None}, "read_from": path}
