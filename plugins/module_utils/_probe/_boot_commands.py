# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Commands that a disk runs at each boot: of rc.local, of enabled services of its own, of cron, of interfaces that come
up, and of the scripts that these start."""

import re
import shlex
import stat

from .._guest import interfaces, network_config, unit_files

RC_LOCAL = ("/etc/rc.local", "/etc/rc.d/rc.local")
SCRIPTS = (
    "/etc/NetworkManager/dispatcher.d",
    "/etc/network/if-pre-up.d",
    "/etc/network/if-up.d",
    "/etc/networkd-dispatcher/routable.d",
)
CRONTABS = ("/var/spool/cron/crontabs/root", "/var/spool/cron/root", "/var/spool/cron/tabs/root")
SYSTEM_CRONTABS, CRON_D = "/etc/crontab", "/etc/cron.d"
AT_BOOT = re.compile(r"\s*@reboot\s+(.+)")
SHELLS = ("sh", "bash", "dash", "ksh")
PACKAGED = re.compile(r"/(?:usr/)?(?:s?bin|lib(?:32|64|exec)?|share)/")
"""Where programs of packages lie, whose scripts are not read."""
DECIDES = re.compile(r"^[ \t]*(?:(?:case|if|while|until|function)\b|[\w-]+[ \t]*\(\))", re.MULTILINE)
"""What makes it uncertain that a script runs each of its lines."""
BEGINS = r"(?:^|[;&|({]|\b(?:then|do|else)\b|-c\s+['\"])\s*(?:!\s*)?"
BRANCHES = re.compile(
    BEGINS + r"(?:(?:case|if|while|until|for|select|function|source|\.)\s|(?:elif|else)\b|[\w-]+\s*\(\))"
)
LEAVES = re.compile(BEGINS + r"(?:exit|return)\b")
"""What makes it uncertain how often the lines of a script run, and with which values."""
HOLDS = r"\[+ \"?\$\{?(?:(?:2|MODE)\b\}?\"? %s \"?(?:up|start)|(?:1|IFACE)\b\}?\"? %s \"?lo)\"? \]+"
AT_UP = re.compile(
    r"^[ \t]*(?:if {0}(?:; *then)?|{0} \|\| exit(?: 0)?|{1} && exit(?: 0)?)[ \t;]*$".format(
        HOLDS % ("==?", "!="), HOLDS % ("!=", "==?")
    ),
    re.MULTILINE,
)
"""What scripts of interfaces ask before their commands, and what is so when an interface comes up."""
TESTS = re.compile(BEGINS + r"(?:test|\[{1,2})\s")
"""What makes the commands of its own line uncertain."""
PRINTED = re.compile(r"\$\([^()]*\)|`[^`]*`")
"""What another command prints: as little known as a variable that is never set."""
CASE = re.compile(r"\s*case\s+\"?\$\{?1\}?\"?\s+in\s*\Z")
LABEL = re.compile(r"\(?([\w\"| *-]+)\)(.*)")
MAX_SCRIPTS = 20
UNITS = "/etc/systemd/system"
EXEC = ("ExecStartPre", "ExecStart", "ExecStartPost")
MAX_SIZE, MAX_LINE, MAX_COMMANDS = 1 << 16, 1 << 11, 1000
IN_WORDS = ":,!@$%+^{}[]"
"""What belongs to a word besides what shlex takes for it."""
FROM = "<"
"""Before the file that a command reads: both are words of it."""


def read(host):
    """``[(file:line, words, certain)]`` of each command, at most ``MAX_COMMANDS``.

    ``certain``: it runs once as it stands, as far as its script tells.
    """
    return host.once("boot_commands", lambda: _read(host))


def _read(host):
    found, values = [], {}
    for lines in (_scripts(host), _services(host), _cron(host), _interfaces(host)):
        _add(lines, values, found)
    started = {}
    for _place, words, certain in found:
        path, text = _script(host, words) or (None, None)
        started[path] = (text, certain and started.get(path, (None, True))[1])
    for path in [path for path in started if path][:MAX_SCRIPTS]:
        _add(_lines(path, *started[path]), values, found)
    return found


def _add(lines, values, found):
    for path, number, line, certain in lines:
        certain = certain and not BRANCHES.search(line) and not TESTS.search(line)
        for words in split(line) if len(found) < MAX_COMMANDS else ():
            name, assigned, value = words[-1].partition("=")
            if assigned and words[:-1] in ([], ["export"]):
                values[path, name] = value
            else:
                words = [values.get((path, word.strip("${}")), word) if word[0] == "$" else word for word in words]
                found.append(("{0}:{1}".format(path, number), words, certain))


def _script(host, words):
    """``(path, text)`` of the script that a command starts, where it runs each line of the text; None for others."""
    first = words[0].lstrip("-@:+!")
    by_shell = first.rpartition("/")[2] in SHELLS
    path, *arguments = words[1:] if by_shell and words[1:] else [first] + words[1:]
    if not path.startswith("/") or PACKAGED.match(path):
        return None
    text = regular(host, path)
    if text is None:
        return None
    shell = text.partition("\n")[0].rpartition("/")[2].split()
    if not by_shell and not (text.startswith("#!") and shell[-1:] and shell[-1] in SHELLS):
        return None
    text = _with_argument(text, arguments[0]) if arguments else text
    return None if DECIDES.search(text) else (path, text)


def regular(host, path, limit=MAX_SIZE):
    """The text of a file as a command or directory names it; None where no regular file has that name."""
    try:
        info = host.stat(path)
    except ValueError:
        return None
    return host.text(path, limit) if info is not None and stat.S_ISREG(info.st_mode) else None


def _with_argument(text, argument):
    """A script without the lines that it does not run for this argument, where ``case $1`` tells them."""
    found, runs = [], None
    for line in text.split("\n"):
        if runs is None:
            runs = False if CASE.match(line) else None
            found.append(line if runs is None else "")
            continue
        label = LABEL.match(line.strip())
        if label:
            runs = argument in label.group(1).replace('"', "").replace(" ", "").split("|")
            line = label.group(2)
        found.append(line.replace(";;", "") if runs else "")
        runs = None if line.strip() == "esac" else runs and ";;" not in line
    return "\n".join(found)


def _lines(path, text, certain=True):
    """The lines of a script; none is certain to run where one decides, or leaves the script before its last one."""
    lines = [(statement.number, " ".join(statement.words)) for statement in interfaces.statements(text)]
    lines = [(number, line) for number, line in lines if line]
    certain = certain and not any(BRANCHES.search(line) for _number, line in lines)
    certain = certain and not any(LEAVES.search(line) for _number, line in lines[:-1])
    for number, line in lines:
        yield path, number, line, certain


def _cron(host):
    """The commands of cron at boot; the system's own tables name a user before each."""
    tables = [SYSTEM_CRONTABS] + ["{0}/{1}".format(CRON_D, name) for name in host.names(CRON_D)]
    for path in tables + list(CRONTABS):
        for number, line in enumerate((regular(host, path) or "").splitlines(), 1):
            found = AT_BOOT.match(line)
            if found:
                line = found.group(1)
                yield path, number, line if path in CRONTABS else "".join(line.split(None, 1)[1:]), True


def _scripts(host):
    paths = list(RC_LOCAL)
    for directory in SCRIPTS:
        paths += ["{0}/{1}".format(directory, name) for name in host.names(directory)]
    for path in paths:
        info = host.stat(path)
        if info is not None and stat.S_ISREG(info.st_mode) and info.st_mode & 0o100:
            text = host.text(path, MAX_SIZE) or ""
            yield from _lines(path, text if path in RC_LOCAL else AT_UP.sub("", text))


def _services(host):
    for name in host.names(UNITS):
        path = "{0}/{1}".format(UNITS, name)
        if name.endswith(".service") and host.link(path) is None and unit_files.wanted(host, name):
            unit = unit_files.unit(host, name, path)
            for setting in (one for key in EXEC for one in unit.values(key)):
                yield setting.path, setting.line, setting.value, True


def _interfaces(host):
    for path in network_config.interfaces_files(host):
        for statement in interfaces.statements(host.text(path, MAX_SIZE) or ""):
            if statement.words[:1] and statement.words[0] in network_config.UP:
                yield path, statement.number, " ".join(statement.words[1:]), True


def split(line, nested=True):
    """The words of each command in a line of a shell and inside ``sh -c``; none where its quotes do not close."""
    lexer = shlex.shlex(PRINTED.sub("$", line[:MAX_LINE]), posix=True, punctuation_chars=True)
    lexer.wordchars += IN_WORDS
    commands = [[]]
    try:
        for word in lexer:
            if word != FROM and set(word) <= set(lexer.punctuation_chars):
                commands.append([])
            elif nested and " " in word and "-c" in commands[-1]:
                commands += split(word, nested=False) + [[]]
            else:
                commands[-1].append(word)
    except ValueError:
        return []
    return [words for words in commands if words]
