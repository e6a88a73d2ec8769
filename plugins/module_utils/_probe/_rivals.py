# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What else on this guest may freeze file systems: the lock that such products share, and their traces."""

from .._guest import handlers

LOCK = "/etc/azure/MicrosoftRecoverySvcsSafeFreezeLock/SafeFreezeLockFile"
MODULES = {
    "involflt": "Azure Site Recovery",
    "veeamsnap": "Veeam",
    "blksnap": "Veeam",
    "bdevfilter": "Veeam",
    "dattobd": "Datto",
    "elastio_snap": "Elastio",
    "snapapi26": "Acronis",
    "r1soft": "R1Soft",
    "hcpdriver": "R1Soft",
}
DIRECTORIES = {
    "/usr/local/ASR": "Azure Site Recovery",
    "/opt/commvault": "Commvault",
    "/opt/simpana": "Commvault",
    "/usr/openv/netbackup": "NetBackup",
    "/etc/veeam": "Veeam",
    "/usr/lib/Acronis": "Acronis",
    "/etc/rubrik": "Rubrik",
    "/opt/tivoli/tsm/client": "Spectrum Protect",
}


def products(host):
    """``[{name, sign}]`` of other products that take snapshots, each once."""
    found = {}
    for directory, name in DIRECTORIES.items():
        if host.exists(directory):
            found.setdefault(name, directory)
    if host.live:
        loaded = set(line.split()[0] for line in (host.text("/proc/modules") or "").splitlines() if line.strip())
        for module, name in MODULES.items():
            if module in loaded:
                found.setdefault(name, "kernel module " + module)
    for handler in sorted(handlers.directories(host)):
        if "siterecovery" in handler.lower():
            found.setdefault("Azure Site Recovery", handler)
    return [{"name": name, "sign": found[name]} for name in sorted(found)]


def lock(host):
    """``{exists, holder}``; the file alone says nothing, its holder (``{pid, name, backup}``) does."""
    info = host.stat(LOCK)
    if info is None:
        return {"exists": False, "holder": None, "read_from": LOCK}
    host.need_live()
    pid = holder(host.text("/proc/locks") or "", info.st_ino)
    return {"exists": True, "holder": pid and _process(host, pid), "read_from": LOCK}


def holder(locks, inode):
    """The process that holds a lock on the inode, by the text of /proc/locks."""
    for line in locks.splitlines():
        words = line.split()
        if len(words) >= 6 and words[1] != "->" and words[5].rpartition(":")[2] == str(inode):
            return int(words[4])
    return None


def _process(host, pid):
    command = (host.text("/proc/{0}/cmdline".format(pid), 4096) or "").replace("\0", " ")
    name = host.line("/proc/{0}/comm".format(pid))
    return {"pid": pid, "name": name, "backup": handlers.NAME in command or "main/handle.py" in command}
