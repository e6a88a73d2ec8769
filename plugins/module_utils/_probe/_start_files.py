# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The files that the agent, or what starts it, reads only when it starts, and how long ago each was changed."""

import math
import re
import time

from .._guest import init_scripts, unit_files

AT_ONCE = re.compile(r"Restart|StartLimit|(?:Slice|CPUQuota|CPUAccounting|MemoryAccounting)\Z").match
"""Settings that systemd goes by as soon as it has read them, and those that the agent itself writes when it runs."""

APPLIED = "/systemd/system.control/"
"""Drop-ins of `systemctl set-property`, which applies what it writes."""


def describe(host, conf, service):
    """``[{path, age_s}]``, the newest first."""
    host.need_live()
    now = time.time()
    paths = [conf.path] + (_of_unit(host) if service and service["kind"] == "systemd" else _of_script(service))
    known = [(path, host.stat(path)) for path in dict.fromkeys(paths)]
    found = [{"path": path, "age_s": math.floor(now - info.st_mtime)} for path, info in known if info]
    return sorted(found, key=lambda file: file["age_s"])


def _of_unit(host):
    unit = unit_files.agent_unit(host)
    if unit is None:
        return []
    heard = [setting for setting in unit.settings if setting.section == "Service" and not AT_ONCE(setting.key)]
    return [setting.path for setting in heard if APPLIED not in setting.path] + unit_files.environment_files(host, unit)


def _of_script(service):
    return [service["fragment"], init_scripts.DEFAULTS] if service else []
