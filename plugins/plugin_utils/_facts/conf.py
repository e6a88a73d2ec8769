# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""waagent.conf as the agent and as the snapshot extension read it."""

from __future__ import annotations

from ._kinds import LINUX, NULL, PEOPLE, data, listing, mapping, one_of, only, record, records, text, whole

ERROR = {"reason": text("What is wrong."), "line": whole("The line it stumbles over.", NULL)}

SECTION = only(
    LINUX,
    "The agent of Windows is configured by the platform.",
    record(
        __doc__,
        path=text("The file that the agent reads."),
        path_from=text("Where that path is said: default, or the unit's ExecStart.", PEOPLE),
        kind=one_of(
            "What is at the path.", "file", "missing", "dangling link", "directory", "fifo", "socket", "device"
        ),
        size=whole("Bytes.", NULL),
        modified=whole("Time of the last change, seconds since the epoch.", NULL, PEOPLE),
        agent_error=record("Why the agent gives the file up; null when it reads it.", NULL, **ERROR),
        settings=mapping(
            "The keys that matter for backup, by their names in the file.",
            record(
                "One key.",
                value=data(
                    "What the agent uses; its default where the file sets nothing usable. Passwords are masked."
                ),
                text=text("What the line says; null without a line, or for the word None.", NULL),
                line=whole("The line that counts; null when no line sets the key.", NULL),
            ),
        ),
        remarks=records(
            "What is unusual about single lines, in the order of the file; at most 60.",
            kind=one_of(
                "What is unusual.",
                "byte_order_mark",
                "indented",
                "indented_comment",
                "blanks_around_equals",
                "inline_comment",
                "equals_in_value",
                "quote_before_carriage_return",
                "quotes_kept",
                "unknown_key",
                "not_y_or_n",
                "not_an_integer",
                "duplicate",
            ),
            key=text("The key as the agent reads it.", NULL),
            value=text("Its value; null for keys that the agent does not know.", NULL),
            line=whole("The line; of a duplicate the one that counts."),
            other_lines=listing("Further lines of a key that is set to different values.", whole(), PEOPLE),
        ),
        extension=record(
            "The reading of the snapshot extension, which has a stricter parser and knows two paths.",
            path=text("The file that the extension reads."),
            error=record("Why the extension gives the whole file up; null when it reads it.", NULL, **ERROR),
            proxy_host=text("HttpProxy.Host as the extension reads it.", NULL),
            proxy_port=text("HttpProxy.Port as the extension reads it, a text.", NULL),
        ),
    ),
)
