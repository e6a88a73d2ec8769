# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What a unit takes from its processes: rights, files, network, resources."""

from .._guest.host import Missing
from .._guest.masking import excerpt
from . import _environment

LISTS = frozenset((
    "ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "NoExecPaths", "ExecPaths", "TemporaryFileSystem",
    "BindPaths", "BindReadOnlyPaths", "StateDirectory", "LogsDirectory", "RuntimeDirectory", "CapabilityBoundingSet",
    "AmbientCapabilities", "SecureBits", "SystemCallFilter", "IPAddressAllow", "IPAddressDeny",
    "RestrictAddressFamilies", "RestrictNetworkInterfaces",
))  # fmt: skip
"""Settings of which every line counts, up to an empty one."""

SINGLE = frozenset((
    "User", "DynamicUser", "PrivateUsers", "ProtectSystem", "ProtectHome", "RootDirectory", "RootImage", "MemoryMax",
    "MemoryHigh", "TasksMax", "CPUQuota", "PrivateNetwork", "LimitFSIZE", "LimitNOFILE", "RuntimeMaxSec",
    "WatchdogSec", "LimitAS", "LimitDATA", "LimitSTACK", "LimitCPU", "NetworkNamespacePath", "ProcSubset",
))  # fmt: skip
"""Settings of which the last line counts."""

FORMER = {
    "ReadOnlyDirectories": "ReadOnlyPaths",
    "ReadWriteDirectories": "ReadWritePaths",
    "InaccessibleDirectories": "InaccessiblePaths",
    "MemoryLimit": "MemoryMax",
}


def settings(unit):
    """``[{name, value, read_from}]`` of the settings in force."""
    found = {}
    for setting in unit.settings:
        name = FORMER.get(setting.key, setting.key)
        if setting.section != "Service" or name not in LISTS | SINGLE:
            continue
        if not setting.value or name in SINGLE:
            found.pop(name, None)
        # An empty list of capabilities takes all; any other empty value takes nothing.
        if setting.value or name == "CapabilityBoundingSet":
            place = "{0}:{1}".format(setting.path, setting.line)
            found.setdefault(name, []).append({"name": name, "value": setting.value, "read_from": place})
    return [entry for name in sorted(found) for entry in found[name]]


def search_path(host):
    """The PATH that systemd's files give the unit, in the same form."""
    try:
        found = [variable for variable in _environment.of_unit(host) if variable.name == "PATH"]
    except Missing:  # what else is known of the unit stays
        return []
    return [{"name": "PATH", "value": excerpt(last.value, 1000), "read_from": last.read_from} for last in found[-1:]]
