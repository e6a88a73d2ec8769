# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The extension's logs: what its last run did. Pure functions on the ends of the files."""

import re

from .._guest.handlers import short
from .._guest.masking import mask

TAIL = 256 * 1024
MAX_FAILURES = 8
START = "starting daemon"

MAX_ERRORS = 6
ERRORS = re.compile(r"\b(?:error|exception|failed|unable|cannot)\b", re.IGNORECASE)
RAISED = re.compile(r"(?:[A-Za-z_][\w.]*\.)?[A-Za-z]*(?:Error|Exception|Interrupt|Exit)(?::.*)?\Z|MemoryError\b.*")
KILLED = re.compile(
    r"(?:^|: +[0-9]+ +)(?:Killed|Terminated|Segmentation fault|Bus error|Illegal instruction|Aborted)\b"
)

MAX_TRACEBACK = 60
MOMENT = re.compile(r"([0-9]{4}[-/][0-9]{2}[-/][0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})")
STAMP = re.compile(MOMENT.pattern + r"[.,0-9]*Z? *(?:\[[^\]]*\])?")
RESULT = re.compile(r"\bEnable,([a-z]+),([0-9]+),")
ARGUMENTS = re.compile(r"\['[^']*safefreeze[^']*'(?:, '[^']*')*\]")
PRE_SNAPSHOT = re.compile(r"PreSnapshot: Status Code: ([0-9]+)")
DO_SNAPSHOT = re.compile(
    r"(?:DoSnapshot: Status Code: |hostStatusCodeDoSnapshot=|dosnapshot responseBody:.*?\()([0-9]{3})\b"
)
FAILURE = re.compile(
    r"(?:Failed to (?P<step>FIFREEZE|FITHAW|open|stat):|(?P<directory>Path not a directory):) (?P<rest>/.*)"
)
WORDS = re.compile(r"message ?: ")

SIGNATURES = (
    ("certificate_not_loaded", "unable to load certificate"),
    ("helper_missing", "safefreeze binary is missing"),
    ("kernel_too_old", "FATAL: kernel too old"),
    ("freeze_timed_out", "freeze took longer than timeout"),
    ("freeze_timed_out", "freeze timed-out"),
    ("freeze_timed_out", "Binary output for signal handled: 0"),
    ("frozen_by_another", "Mount Points already freezed by some other processor"),
    ("inconsistent", "snapshot result inconsistent"),
    ("command_too_late", "CRP timeout limit has reached"),
    ("snapshot_limit", "The snapshot count against this blob has been exceeded"),
    ("rate_exceeded", "The rate of snapshot blob calls is exceeded"),
    ("df_timed_out", "df command executed for process wait time value0"),
    ("old_agent_library", "__init__() takes exactly 2 arguments (1 given)"),
    ("old_agent_library", "blob properties with error: __init__() missing 1 required"),
    ("wrong_host_address", "Hitting wrong WireServer IP"),
)
"""Texts of the extension that say something by themselves. Left out: lines that healthy runs write too."""

FROZEN = "Freeze Completed"
THAWED = ("Binary Thaw Signal Received", "Thawing:", "thawing the mount")
FREEZING = ("Starting Freeze Binary", "proceeded for accepting signals", "Binary Freeze Started")


def last_run(text):
    """The last run in the end of extension.log, or None when there is none in it."""
    lines = text.splitlines()
    begin = max((n for n, line in enumerate(lines) if START in line and "initially" in line), default=None)
    if begin is None:
        begin = max((n for n, line in enumerate(lines) if START in line), default=0)
    lines = lines[begin:]
    if not lines:
        return None
    run = {
        "started": first_moment(lines),
        "ended": first_moment(reversed(lines)),
        "code": None,
        "word": None,
        "mounts": None,
        "freezing": False,
        "frozen": False,
        "thawed": False,
        "failures": [],
        "pre_snapshot": None,
        "do_snapshot": None,
        "errors": [short(line) for line in lines if ERRORS.search(line)][-MAX_ERRORS:],
        "crash": ended_with(lines),
        "signatures": sorted(set(name for name, mark in SIGNATURES if any(mark in line for line in lines))),
    }
    for line in lines:
        _note(run, line)
    return run


def ended_with(lines):
    """The last line of an error that no later step of the program follows, or None."""
    for line in reversed(lines[-MAX_TRACEBACK:]):
        said = STAMP.sub("", line).strip()
        if KILLED.search(said) or (RAISED.match(said) and not said.startswith("Enable")):
            return short(said)
        if said and MOMENT.match(line) and not said.startswith(("Traceback", "File ")):
            return None
    return None


def _note(run, line):
    result = RESULT.search(line)
    if result:
        run["word"], run["code"] = result.group(1), int(result.group(2))
    arguments = ARGUMENTS.search(line)
    if arguments:
        run["mounts"] = [word for word in re.findall(r"'([^']*)'", arguments.group())[2:] if word.startswith("/")]
    answer = PRE_SNAPSHOT.search(line)
    if answer:
        run["pre_snapshot"] = int(answer.group(1))
    answer = DO_SNAPSHOT.search(line)
    if answer:
        run["do_snapshot"] = int(answer.group(1))
    failure = FAILURE.search(line)
    if failure and len(run["failures"]) < MAX_FAILURES:
        # A name that shows a secret may stand before the place where the two are parted.
        mount, told = _told(mask(failure.group("rest")))
        run["failures"].append(
            {
                "step": (failure.group("step") or "directory").lower(),
                "mount": mount.strip(),
                "error": (told or failure.group("directory") or "").strip(),
            }
        )
    run["freezing"] = run["freezing"] or any(mark in line for mark in FREEZING)
    run["frozen"] = run["frozen"] or FROZEN in line
    run["thawed"] = run["thawed"] or any(mark in line for mark in THAWED)


def _told(text):
    """``(mount point, error)`` of what a failed step says of both; the error is None where it does not tell it."""
    mount, _mark, told = text.partition(" with error")
    words = WORDS.search(told)
    if words:
        return mount, told[words.end() :]
    mount, mark, told = text.partition(": ")
    return (mount, told) if mark else (text, None)


def first_moment(lines):
    """The first time that stands in the lines, as they write it."""
    for line in lines:
        match = MOMENT.search(line)
        if match:
            return "{0} {1}".format(match.group(1).replace("/", "-"), match.group(2))
    return None
