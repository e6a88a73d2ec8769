# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where agent and extension write, and what the next backup freezes."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, flag, linux, number, record, records, text, texts, whole, windows

MOUNT = {
    "target": text("Mount point."),
    "source": text("Device or share.", PEOPLE),
    "fstype": text("Type of the file system.", PEOPLE),
    "device": text("major:minor.", NULL),
    "root": text("What of the file system is mounted.", NULL, PEOPLE),
    "options": text("Mount options."),
}

SECTION = record(
    __doc__,
    **linux(
        "Windows has drives; writers and providers freeze them (section backup).",
        mounts_from=text("The list of mounts: the kernel's, or what a tree has of it."),
        zfs=texts("Mount points of ZFS."),
        lib_dir=record(
            "The agent's directory and its mount.",
            path=text("Path."),
            exists=flag("It exists."),
            leads_to=text("Where a link in its place leads, if nothing is there.", NULL),
            is_directory=flag("It is a directory.", NULL),
            immutable=flag("chattr +i forbids root to make files there.", NULL),
            owner=whole("User id.", NULL),
            mode=text("Mode, octal.", NULL, PEOPLE),
            mount=record("The deepest mount that covers it.", NULL, **MOUNT),
            noexec=flag("Nothing may be executed there."),
            read_only=flag("Nothing may be written there."),
        ),
        space=records(
            "Local file systems where agent and extension write.",
            paths=texts("Directories on it."),
            mount=text("Mount point."),
            total_mib=number("MiB."),
            free_mib=number("MiB free for users."),
            root_free_mib=number("MiB free for root."),
            used_percent=number("Used, as df says it."),
            inodes=whole("Inodes; null where they have no limit.", NULL, PEOPLE),
            free_inodes=whole("Free inodes.", NULL),
            inodes_used_percent=number("Used inodes.", NULL),
            entries=record(
                "The directory with most entries, looked for when inodes run out.",
                NULL,
                path=text("Directory."),
                count=whole("Entries, counted up to 100000."),
            ),
            largest=record(
                "The largest file of the usual places, looked for when space runs out.",
                NULL,
                path=text("File."),
                mib=number("MiB."),
            ),
        ),
        lsblk=record(
            "The command lsblk.",
            path=text("Where it is; null when missing.", NULL),
            error=text("Why it did not list the mounts.", NULL),
            answers=flag("It ends, with or without an error; null when it was not asked.", NULL),
            complete=flag("It named mount points, so that the choice of mounts is the extension's own."),
        ),
        frozen=records(
            "Mounts that the next backup would freeze, in its order.",
            **MOUNT,
            errors=whole("Errors that ext4 recorded.", NULL),
            suspended=flag("Its device-mapper device is suspended.", NULL),
            open_error=text("Why it cannot be opened.", NULL),
            turned_read_only=flag("The file system stopped writing by itself, on errors."),
        ),
        twice=records(
            "File systems that are mounted as a whole more than once.",
            device=text("major:minor, or source."),
            targets=texts("Mount points."),
        ),
        network=records(
            "Mounts over a network or through a user-space program.",
            target=text("Mount point."),
            fstype=text("Type."),
            source=text("Share."),
            answers=flag("It answered in time; null when it was not asked.", NULL),
        ),
    ),
    **windows(
        "Linux has mounts; a locked device is none.",
        pools=texts("Storage pools that were made of disks, by name."),
        system_drive=text("Drive of Windows."),
        drives=records(
            "Fixed drives.",
            name=text("Name."),
            ready=flag("It can be read."),
            free=whole("Free bytes.", NULL),
            size=whole("Size in bytes.", NULL, PEOPLE),
            format=text("File system.", NULL, PEOPLE),
        ),
        bitlocker=records(
            "Volumes that BitLocker knows.",
            name=text("Drive letter.", NULL),
            protection=whole("0 off, 1 on, 2 unknown: locked.", NULL),
        ),
    ),
)
