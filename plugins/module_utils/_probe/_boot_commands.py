# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Commands that a disk runs at each boot: of rc.local, of enabled services of its own, and when interfaces come up."""

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
UNITS = "/etc/systemd/system"
EXEC = ("ExecStartPre", "ExecStart", "ExecStartPost")
MAX_SIZE, MAX_LINE, MAX_COMMANDS = 1 << 16, 1 << 11, 1000
IN_WORDS = ":,!@$%+^{}[]"
"""What belongs to a word besides what shlex takes for it."""
FROM = "<"
"""Before the file that a command reads: both are words of it."""


def read(host):
    """``[(file:line, words)]`` of each command, at most ``MAX_COMMANDS``."""
    return host.once("boot_commands", lambda: _read(host))


def _read(host):
    found, values = [], {}
    for lines in (_scripts(host), _services(host), _interfaces(host)):
        for path, number, line in lines:
            for words in split(line) if len(found) < MAX_COMMANDS else ():
                name, assigned, value = words[-1].partition("=")
                if assigned and words[:-1] in ([], ["export"]):
                    values[path, name] = value
                else:
                    words = [values.get((path, word.strip("${}")), word) if word[0] == "$" else word for word in words]
                    found.append(("{0}:{1}".format(path, number), words))
    return found


def _scripts(host):
    paths = list(RC_LOCAL)
    for directory in SCRIPTS:
        paths += ["{0}/{1}".format(directory, name) for name in host.names(directory)]
    for path in paths:
        info = host.stat(path)
        if info is not None and stat.S_ISREG(info.st_mode) and info.st_mode & 0o100:
            for statement in interfaces.statements(host.text(path, MAX_SIZE) or ""):
                yield path, statement.number, " ".join(statement.words)


def _services(host):
    for name in host.names(UNITS):
        path = "{0}/{1}".format(UNITS, name)
        if name.endswith(".service") and host.link(path) is None and unit_files.wanted(host, name):
            unit = unit_files.unit(host, name, path)
            for setting in (one for key in EXEC for one in unit.values(key)):
                yield setting.path, setting.line, setting.value


def _interfaces(host):
    for path in network_config.interfaces_files(host):
        for statement in interfaces.statements(host.text(path, MAX_SIZE) or ""):
            if statement.words[:1] and statement.words[0] in network_config.UP:
                yield path, statement.number, " ".join(statement.words[1:])


def split(line, nested=True):
    """The words of each command in a line of a shell and inside ``sh -c``; none where its quotes do not close."""
    lexer = shlex.shlex(line[:MAX_LINE], posix=True, punctuation_chars=True)
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
