# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
""".NET Framework, which agent and plugin run on."""

from __future__ import annotations

from ._kinds import NULL, WINDOWS, data, flag, mapping, only, record, records, text, whole

CRYPTO = {
    "native": mapping("64-bit view.", data("Data of the value."), NULL),
    "wow64": mapping("32-bit view.", data("Data of the value."), NULL),
}

SECTION = only(
    WINDOWS,
    "Agent and extension of Linux run on Python (agent.interpreter, extension.interpreter).",
    record(
        __doc__,
        release=whole("Release number, null when it is not installed.", NULL),
        enable64bit=whole("0 forces 32 bits.", NULL),
        crypto_v4=record("TLS settings of programs for .NET 4.", **CRYPTO),
        crypto_v2=record("TLS settings of programs for .NET 2 to 3.5.", **CRYPTO),
        machine_config=record(
            "machine.config of the 64-bit runtime.",
            NULL,
            path=text("File."),
            size=whole("Characters."),
            xml_error=text("Why it is no XML.", NULL),
            wcf_debugging=flag("It names the debugging sink of WCF."),
            default_proxy=text("Its element defaultProxy.", NULL),
        ),
        agent_configs=records(
            "Configuration files of the executables of the agent's services.",
            service=text("Service."),
            path=text("File."),
            xml_error=text("Why it is no XML.", NULL),
        ),
    ),
)
