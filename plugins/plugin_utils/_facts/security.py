# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may forbid the agent or its extensions to run, or to be answered."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, data, differs, flag, linux, mapping, record, records, text, texts, whole, windows

SECTION = record(
    __doc__,
    fips=differs(
        linux=record("FIPS mode.", enabled=flag("It is on.")),
        windows=whole("1: FIPS algorithms only.", NULL),
    ),
    **linux(
        "Windows has application control (applocker, code_integrity) and antivirus_filters.",
        selinux=record(
            "SELinux.",
            mode=text("enforcing, permissive or disabled, as it is now."),
            configured=text("The same in its configuration.", NULL),
        ),
        denials=records(
            "Denials that name the agent, since boot.",
            time=whole("Seconds since the epoch.", NULL),
            action=text("What was denied."),
            name=text("Of which file.", NULL),
            command=text("To which executable.", NULL),
            context=text("In which context.", NULL),
            count=whole("How often.", PEOPLE),
        ),
        refused_files=texts("Files of the agent that application control (fanotify) refused, since boot."),
        guards=texts("Running programs that may prevent others from running."),
    ),
    **windows(
        "Linux has SELinux and guards; its agent brings its own TLS (agent.openssl, agent.ca).",
        tls12_client=mapping("SCHANNEL settings of TLS 1.2 for clients.", data("Data of the value."), NULL),
        cipher_suites=record(
            "Cipher suites that a policy or the local list allows.", NULL, names=texts("In their order.")
        ),
        applocker=mapping(
            "Rule collections of AppLocker.",
            record("A collection.", enforcement=whole("1 enforced, 0 audit.", NULL), rules=texts("Rules as XML.")),
        ),
        commands=record(
            "How Windows starts the commands of the agent and the extension.",
            path=text("Where executables are looked for.", NULL),
            finds_system=flag("System32 is one of these folders."),
            comspec=text("What runs command files.", NULL),
            debuggers=mapping("Executables of theirs in whose place another one is started.", text("Its command.")),
        ),
        defender_exclusions=texts("Paths that Defender spares."),
        antivirus_filters=texts("File system filters of antivirus products."),
        code_integrity=record(
            "Application control (WDAC).",
            PEOPLE,
            kernel=whole("2: enforced.", NULL),
            user_mode=whole("2: enforced.", NULL),
        ),
    ),
)
