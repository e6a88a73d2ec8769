# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``security``: what may forbid the agent or its extensions to run."""

import re

from .._guest import processes
from .._guest.masking import cut

AUDIT_LOG = "/var/log/audit/audit.log"
AUDIT_TAIL = 128 << 10
OF_THE_AGENT = ("waagent", "handle.sh", "safefreeze", "handle.py", "WALinuxAgent")
FIELD = re.compile(r'(?<!\w)(\w{1,64})=("[^"]*"|\S+)')
DENIED_BY_FANOTIFY = "2"
"""The answer of application control such as fapolicyd to the kernel."""

EVENT = re.compile(rb"msg=audit\(([0-9.]{1,20}:[0-9]{1,20})\)")
STAMP = re.compile(r"msg=audit\((\d+)\.")
ACTION = re.compile(r"denied\s{1,8}\{([\w ]{1,256})\}")
GUARDS = (
    "auditd",
    "cbagentd",
    "clamd",
    "clamonacc",
    "ds_agent",
    "esets_daemon",
    "falcon-sensor",
    "fapolicyd",
    "kesl",
    "mfetpd",
    "s1-agent",
    "savd",
    "sisamdagent",
    "wdavdaemon",
)
"""Antivirus, application control and audit, by their processes."""


def collect(host, options, facts):
    facts.take("selinux", lambda: selinux(host))
    facts.take("denials", lambda: denials(*_audit(host)))
    facts.take("refused_files", lambda: refused_files(*_audit(host)))
    facts.take("fips", lambda: _fips(host))
    facts.take("guards", lambda: _guards(host))


def selinux(host):
    """``{mode, configured, read_from}``; ``mode`` is what holds now: enforcing, permissive or disabled."""
    text = host.text("/etc/selinux/config") or ""
    lines = [line.strip().partition("=") for line in text.splitlines()]
    configured = next((value.strip().lower() for key, mark, value in lines if mark and key.strip() == "SELINUX"), None)
    stated = {"configured": configured, "read_from": "/etc/selinux/config"}
    if host.live:
        flag = host.line("/sys/fs/selinux/enforce")
        stated["mode"] = {"1": "enforcing", "0": "permissive"}.get(flag, "disabled")
        stated["read_from"] = "/sys/fs/selinux/enforce"
    return stated


def _audit(host):
    """The end of the audit log, empty without one, and when the machine was booted."""
    data = host.once("audit", lambda: host.read(AUDIT_LOG, AUDIT_TAIL, tail=True))
    return data or b"", processes.booted(host) if data and host.live else None


def denials(data, since=None):
    """Denials that name the agent and were enforced, the newest last: ``{time, action, name, context, count}``."""
    found = {}
    for line in data.split(b"\n"):
        if b"denied" not in line or b"avc" not in line.lower():
            continue
        text = cut(line.decode("utf-8", "replace"))
        stamp = STAMP.search(text)
        when = int(stamp.group(1)) if stamp else None
        fields = {key: value.strip('"') for key, value in FIELD.findall(text)}
        if fields.get("permissive") == "1" or (since and when and when < since):
            continue
        if not any(word in text for word in OF_THE_AGENT):
            continue
        told = ACTION.search(text)
        action = told.group(1).strip() if told else ""
        key = (action, fields.get("name") or fields.get("path"), fields.get("scontext"))
        count = found.pop(key, {"count": 0})["count"]
        found[key] = {
            "time": when,
            "action": action,
            "name": key[1],
            "command": fields.get("comm"),
            "context": key[2],
            "count": count + 1,
            "read_from": AUDIT_LOG,
        }
    return list(found.values())[-5:]


def refused_files(data, since=None):
    """Files of the agent that application control did not let anyone open or execute, the newest last."""
    events, found = set(), {}
    for line in data.split(b"\n") if b"type=FANOTIFY " in data else ():
        event = EVENT.search(line)
        if not event:
            continue
        if line.startswith(b"type=FANOTIFY "):
            fields = dict(FIELD.findall(line.decode("utf-8", "replace")))
            if fields.get("resp") == DENIED_BY_FANOTIFY and not (
                since and float(event.group(1).split(b":")[0]) < since
            ):
                events.add(event.group(1))
        elif line.startswith(b"type=PATH ") and event.group(1) in events:
            path = dict(FIELD.findall(line.decode("utf-8", "replace"))).get("name", "").strip('"')
            if any(word in path for word in OF_THE_AGENT):
                found.pop(path, None)
                found[path] = True
    return [cut(path) for path in list(found)[-5:]]


def _fips(host):
    host.need_live()
    return {"enabled": host.line("/proc/sys/crypto/fips_enabled") == "1", "read_from": "/proc/sys/crypto/fips_enabled"}


def _guards(host):
    """Running programs that may forbid others to run or to touch files."""
    names = set(process.name for process in processes.listed(host))
    return sorted(names.intersection(GUARDS))
