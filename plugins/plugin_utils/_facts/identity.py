# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which system this is."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, differs, flag, linux, number, record, text, texts, whole, windows

SECTION = record(
    __doc__,
    os=differs(
        linux=record(
            "os-release; null without one.",
            NULL,
            id=text("ID."),
            id_like=texts("ID_LIKE.", PEOPLE),
            version_id=text("VERSION_ID.", NULL),
            name=text("PRETTY_NAME.", NULL),
        ),
        windows=record(
            "Windows, by its registry.",
            id=text("Always windows."),
            name=text("Product name.", NULL),
            version=text("6.3 or 10.0.", NULL),
            build=whole("Build number."),
            revision=whole("Update revision.", NULL, PEOPLE),
            edition=text("Edition.", NULL, PEOPLE),
            installation_type=text("Server, Server Core, Client.", NULL, PEOPLE),
            product_type=text("ServerNT, LanmanNT (domain controller) or WinNT.", NULL, PEOPLE),
        ),
    ),
    hostname=text("Name of the computer.", PEOPLE),
    vm_id=record("The virtual machine that the agent was set up for.", value=text("Its id in Azure.", NULL)),
    machine_uuid=text("Identifier of the machine, of its firmware; null when it has none.", NULL),
    azure=record(
        "Whether the machine says that it is one of Azure's.",
        PEOPLE,
        value=flag("Its chassis tag is Azure's."),
        **linux("Windows keeps the tag in a table of strings.", chassis_asset_tag=text("The tag.", NULL)),
    ),
    **linux(
        "Windows has one way to start services, and os tells its kernel.",
        init=text("What starts services: systemd, openrc, upstart, sysvinit; null when unknown.", NULL, PEOPLE),
        kernel=text("Release of the kernel."),
        machine=text("Architecture."),
    ),
    **linux("Windows tells the time of its boot (boot_time).", uptime_s=number("Seconds since boot.")),
    **windows("Linux tells the seconds since (uptime_s).", boot_time=text("Last boot, UTC.", NULL)),
    **windows(
        "Linux has no restart pending, and the probe parses nothing that is translated.",
        pending_reboot=record(
            "Restarts that Windows waits for.",
            component_servicing=flag("For the component store."),
            windows_update=flag("For Windows Update."),
            file_renames=whole("Files to be renamed at a restart.", PEOPLE),
        ),
        safe_mode=whole("1 safe mode, 2 with networking, 3 repair of a directory; null for the normal mode.", NULL),
        bits64=flag("64-bit Windows."),
        language=text("Display language that was installed.", PEOPLE),
    ),
)
