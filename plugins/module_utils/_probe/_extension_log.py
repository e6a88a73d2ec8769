# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The extension's logs: what its last run did. Pure functions on the ends of the files."""

import re

from .._guest.handlers import short

TAIL = 256 * 1024
MAX_FAILURES = 8
START = "starting daemon"

REFUSED = ("Downgrade not allowed", "Failed to save handler status", "Failed to set handler state")
"""What the agent says when its record of the extension does not fit what is there."""

NOTHING_RAN = {"exit_status": None, "refused": None, "denied": False, "module": None, "version": None, "at": None,
               "detail": None, "no_status": False}  # fmt: skip

NO_STATUS = ("couldn't read any status", "Failed to get status file", "no status file", "status file was not")
"""What the agent says when the extension has ended and left it no result."""

MAX_ERRORS = 6
ERRORS = re.compile(r"\b(?:error|exception|failed|unable|cannot)\b", re.IGNORECASE)
RAISED = re.compile(r"(?:[A-Za-z_][\w.]*\.)?[A-Za-z]*(?:Error|Exception|Interrupt|Exit)(?::.*)?\Z|MemoryError\b.*")
KILLED = re.compile(
    r"(?:^|: +[0-9]+ +)(?:Killed|Terminated|Segmentation fault|Bus error|Illegal instruction|Aborted)\b"
)

CANNOT_EXECUTE = 126
"""The shell's exit status for a program that is there and may not run."""

MAX_TRACEBACK = 60
MODULE = re.compile(r"(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?")
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
        "started": _moment(lines),
        "ended": _moment(reversed(lines)),
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
        "crash": None,
        "signatures": sorted(set(name for name, mark in SIGNATURES if any(mark in line for line in lines))),
    }
    for line in lines:
        _note(run, line)
    if run["code"] is None:
        run["crash"] = ended_with(lines)
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
        mount, _mark, told = failure.group("rest").partition(" with error")
        words = WORDS.search(told)
        run["failures"].append(
            {
                "step": (failure.group("step") or "directory").lower(),
                "mount": (mount if words else failure.group("rest")).strip(),
                "error": (told[words.end() :] if words else failure.group("directory") or "").strip(),
            }
        )
    run["freezing"] = run["freezing"] or any(mark in line for mark in FREEZING)
    run["frozen"] = run["frozen"] or FROZEN in line
    run["thawed"] = run["thawed"] or any(mark in line for mark in THAWED)


def _moment(lines):
    """The first time that stands in the lines, as they write it."""
    for line in lines:
        match = MOMENT.search(line)
        if match:
            return "{0} {1}".format(match.group(1).replace("/", "-"), match.group(2))
    return None


def last_launch(text):
    """The last launch in shell.log: ``{returned, no_python}``, or None."""
    returned, no_python, pending = None, False, False
    for line in text.splitlines():
        match = re.search(r"- ?([0-9]+) returned from handle\.py", line)
        if match:
            returned, no_python, pending = int(match.group(1)), pending, False
        elif "python version unknown" in line or "python 3 default" in line:
            pending = True
    return None if returned is None else {"returned": returned, "no_python": no_python}


def command_error(text):
    """What stopped the last command that CommandExecution.log tells of: ``{module, denied}``, or None."""
    found = None
    for line in text.splitlines():
        module = MODULE.search(line)
        if module:
            # The first of a chain is the cause; those after it come from the attempts to go on without it.
            detail = short(line.strip())
            found = (
                found if found and found["module"] else {"module": module.group(1), "denied": False, "detail": detail}
            )
        elif "Permission denied" in line and "main/handle.sh" in line:
            found = {"module": None, "denied": True, "detail": short(line.strip())}
        elif not (found and found["module"]) and (RAISED.match(line.strip()) or KILLED.search(line.strip())):
            found = {"module": None, "denied": False, "detail": short(line.strip())}
        elif "Executing command:" in line or "Command: main/" in line:
            found = None
    return found


def _missing_module(lines):
    """The first module that a traceback below a line of the agent's log misses, or None."""
    for line in lines:
        match = MODULE.search(line)
        if match or MOMENT.match(line):
            return match.group(1) if match else None
    return None


def _detail(lines):
    """The last line of a record that goes on below its first one, or None."""
    told = []
    for line in lines:
        if MOMENT.match(line):
            break
        if line.strip() and not line.startswith("["):
            told.append(line.strip())
    return short(told[-1]) if told else None


def agent_word(text, name):
    """The agent's last word on the extension in waagent.log: ``{exit_status, refused, denied, module, ...}``, or None.

    ``exit_status`` is that of a failed command, None when a later line says that it was enabled.
    """
    found = None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if name not in line:
            continue
        match = re.search(r"Non-zero exit code: ([0-9]+)", line)
        if match:
            status, version = int(match.group(1)), re.search(re.escape(name) + r"-([0-9.]+[0-9])", line)
            found = {
                "exit_status": status,
                "refused": None,
                "denied": status == CANNOT_EXECUTE,
                "module": _missing_module(lines[number + 1 : number + MAX_TRACEBACK]),
                "version": version and version.group(1),
                "detail": _detail(lines[number + 1 : number + MAX_TRACEBACK]),
                "no_status": False,
                "at": _moment(lines[number:]),
            }
        elif any(text in line for text in NO_STATUS):
            found = dict(found or NOTHING_RAN, no_status=True, at=_moment(lines[number:]))
        elif any(text in line for text in REFUSED):
            text = next(text for text in REFUSED if text in line)
            found = dict(NOTHING_RAN, refused=text, at=_moment(lines[number:]))
        elif "Plugin enabled" in line or "Command: main/handle.sh enable" in line:
            found = None
    return found
