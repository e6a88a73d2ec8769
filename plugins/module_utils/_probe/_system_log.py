# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The system's logs: how the agent's service ended, what the kernel said, and when the guest last wrote anything."""

import re
import struct
import time

from .._guest import time_zone
from . import _agent_log, _set_off, _signatures, _tails
from ._log_lines import Lines, clean, parse_time

TAIL = 128 << 10
LOGS = ("/var/log/syslog", "/var/log/messages", "/var/log/kern.log", "/var/log/daemon.log")
BANS = "/var/log/fail2ban.log"
OTHERS = ("/var/log/auth.log", "/var/log/secure", "/var/log/cron", "/var/log/dpkg.log")
JOURNALS = ("/var/log/journal", "/run/log/journal")
JOURNAL = ("journalctl", "--quiet", "--no-pager", "--boot", "--utc", "--output=short-iso", "--lines=1000",
           "_TRANSPORT=kernel", "+", "_SYSTEMD_UNIT=waagent.service", "_SYSTEMD_UNIT=walinuxagent.service",
           "+", "UNIT=waagent.service", "UNIT=walinuxagent.service", "UNIT=firewalld.service",
           "UNIT=nftables.service", "UNIT=NetworkManager.service", "UNIT=systemd-networkd.service")  # fmt: skip
"""The newest records since boot of the kernel, of the agent, and of the system manager about agent and network."""

JOURNAL_SECONDS = 4.0
JOURNAL_TAIL = 192
"""Where a journal's header has the time of its newest entry, in microseconds."""

OFFSET = re.compile(rb"(?:[.,][0-9]+)?(?:Z|([+-])([0-9]{2}):?([0-9]{2}))")
ZONES_S = 14 * 3600
"""What local time can be away from UTC."""

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
RAISED = re.compile(
    rb"(?:python[0-9.]*|waagent|walinuxagent|env)(?:\[[0-9]+\])?: +((?:[A-Za-z_]+\.)*[A-Za-z]*(?:Error|Exception)\b.*"
    rb"|(?:\S+: )?(?:error while loading shared libraries|symbol lookup error|relocation error): .*)"
)
OF_AGENT = re.compile(rb"waagent|azurelinuxagent", re.IGNORECASE)
UNIT_ENDED = re.compile(rb" (?:wa|walinux)agent\.service: (?:Main|Control) process exited")
ABOVE, BELOW = 40, 5


def describe(host, now, booted, log, options):
    """The logs for the guest state; None when there are none. ``log``: the agent's own, or None."""
    last = log["last_line"] if log else None
    near = now if now is not None else last
    logs = _logs(host, near)
    signatures = _signatures.of_log(options, "system")
    current = {}
    for path, lines in logs:
        end = near if now is not None else lines.time(len(lines.lines) - 1)
        for name, entry in _agent_log.found_in(lines, signatures, end, booted)[0].items():
            current.setdefault(name, dict(entry, read_from=path))
    latest, path = _newest(host, logs, near) or (None, None)
    if not logs and latest is None:
        return None
    return {
        "current": current,
        "crash": _crash(host, logs, last),
        "silent_s": max(0, latest - last) if not host.live and latest and last else None,
        "newest_in": path,
        "universal": _compares(host, last or near),
        "read_from": [name for name, _lines in logs] or [path],
    }


def changes(host, now):
    """What changed the guest, for ``_set_off.find``. Local times compare only where the guest's zone is known."""
    near = now if now is not None else _agent_log.last_time(host)
    if near is None or not _compares(host, near):
        return []
    return [one for _path, log in _logs(host, near) for one in _set_off.changes(log)]


def _logs(host, near):
    return host.once("system_logs", lambda: _read(host, near))


def _read(host, near):
    """``[(path, Lines)]`` of the logs that are there. ``near``: a time in the year of lines that do not name theirs."""
    zone = _zone(host)
    files = [(path, _tails.end(host, path, TAIL)) for path in LOGS + (BANS,)]
    found = [(path, Lines(data, lambda line: moment(line, near, zone))) for path, data in files if data]
    # The log of bans tells nothing of the system.
    return found if any(path != BANS for path, _lines in found) else _journal(host) + found


def _journal(host):
    """What the journal holds where nothing writes it to files: its form is the journal's own."""
    if not host.live or not any(host.names(folder) for folder in JOURNALS):
        return []
    _status, out, _err = host.run(JOURNAL, JOURNAL_SECONDS)
    return [("journal", Lines(out.encode("utf-8")))] if out else []


def moment(line, near, zone):
    """Seconds since the epoch of a line of syslog, in either form, or None. In an unknown zone as if it were UTC."""
    when, offset = parse_time(line), _offset(line)
    if offset:
        sign, hours, minutes = offset.groups()
        ahead = int(hours) * 3600 + int(minutes) * 60 if sign else 0
        return when + ahead if sign == b"-" else when - ahead
    if when is None:
        when = _without_a_year(line, near)
    return when - (zone.ahead(when) or 0) if when is not None and zone else when


def _offset(line):
    return OFFSET.match(line, 19) if parse_time(line) is not None else None


def _without_a_year(line, near):
    words = line[:16].decode("ascii", "replace").split()
    if len(words) < 3 or words[0] not in MONTHS or near is None:
        return None
    try:
        hours = [int(part) for part in words[2].split(":")]
        month, day = MONTHS.index(words[0]) + 1, int(words[1])
        years = [time.gmtime(near).tm_year + more for more in (-1, 0, 1)]
        each = [_calendar(year, month, day, *hours) for year in years]
    except (ValueError, TypeError, OverflowError):
        return None
    return min(each, key=lambda one: abs(one - near))


def _calendar(year, month, day, hour, minute, second):
    return (
        parse_time("{0:04}-{1:02}-{2:02} {3:02}:{4:02}:{5:02}".format(year, month, day, hour, minute, second).encode())
        or 0
    )


def _crash(host, logs, last):
    """The last line of the agent's last traceback in the system's logs, ``{text, over, read_from}``, or None."""
    for path, log in logs:
        for number in range(len(log.lines) - 1, -1, -1):
            match = RAISED.search(log.lines[number])
            if match and _of_agent(log.lines, number):
                when = log.time(number)
                return {
                    "text": clean(match.group(1)),
                    "over": _over(host, log.lines[number], when, last),
                    "read_from": path,
                }
    return None


def _over(host, line, when, last):
    """Whether the agent wrote its own log after it; None where the zone of its time would have to be known for that."""
    if not last or not when:
        return False
    unsure = 0 if _offset(line) or _compares(host, when) else ZONES_S
    return None if abs(last - when) < unsure else last > when


def _of_agent(lines, number):
    """Whether an error is the agent's: its files stand above it, or its unit ends right below."""
    above, below = lines[max(0, number - ABOVE) : number + 1], lines[number + 1 : number + 1 + BELOW]
    return any(OF_AGENT.search(line) for line in above) or any(UNIT_ENDED.search(line) for line in below)


def _newest(host, logs, near):
    """``(time, path)`` of the newest line of any log of the system; None without one."""
    found, zone = [], _zone(host)
    for path, log in logs:
        found.append((log.time(len(log.lines) - 1) or 0, path))
    for path in OTHERS:
        data = _tails.end(host, path, 4096)
        if data:
            lines = Lines(data, lambda line: moment(line, near, zone))
            found.append((lines.time(len(lines.lines) - 1) or 0, path))
    found += _journals(host)
    best = max(found, default=(0, None))
    return best if best[0] else None


def _journals(host):
    for folder in JOURNALS:
        for machine in host.names(folder):
            path = "{0}/{1}/system.journal".format(folder, machine)
            header = host.read(path, JOURNAL_TAIL + 8)
            if header and header[:8] == b"LPKSHHRH" and len(header) == JOURNAL_TAIL + 8:
                yield struct.unpack_from("<Q", header, JOURNAL_TAIL)[0] // 1000000, path


def _zone(host):
    return host.once("time_zone", lambda: time_zone.read(host))


def _compares(host, near):
    """Whether local times of that time compare: where the guest's zone is known."""
    zone = _zone(host)
    return zone is not None and zone.ahead(near or 0) is not None
