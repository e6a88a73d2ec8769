# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services that backup rests on, by name; those of SQL Server too."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, WINDOWS, flag, mapping, only, record, text, texts, whole

SECTION = only(
    WINDOWS,
    "Backup rests on one service of Linux (agent.unit).",
    mapping(
        __doc__,
        record(
            "A service, null when it does not exist.",
            NULL,
            state=text("State that the service control manager gives, such as Running.", NULL),
            start=whole("Start type: 2 automatic, 3 manual, 4 disabled.", NULL),
            delayed=flag("Delayed automatic start.", PEOPLE),
            triggered=flag("Started by a trigger.", PEOPLE),
            account=text("Account as it is written.", NULL),
            image=text("Its executable, resolved.", NULL),
            image_exists=flag("That file exists."),
            library=text("Library that svchost.exe loads for it, resolved.", NULL),
            library_exists=flag("That file exists, or none is named."),
            depends_on=texts("Services that must run first."),
            failure_actions=text("FailureActions, base64.", NULL),
            acts_on_errors=flag("Recovery also acts on a stop with an error.", PEOPLE),
            delete_flag=flag("Marked for deletion."),
        ),
        exit_codes=mapping(
            "How services ended last, by name.",
            record(
                "Codes.",
                exit_code=whole("Win32 code; 1066 points to the specific one.", NULL),
                specific_code=whole("The service's own code.", NULL),
                process_id=whole("Process, 0 for none.", NULL, PEOPLE),
            ),
        ),
    ),
)
