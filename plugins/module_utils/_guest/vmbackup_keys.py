# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The options of vmbackup.conf, spelled and typed as the snapshot extension's code reads them."""

PATH = "/etc/azure/vmbackup.conf"
MAIN_SECTION = "SnapshotThread"
METHODS = ("onlyGuest", "firstGuestThenHost", "firstHostThenGuest", "onlyHost")

KEYS: dict = {
    MAIN_SECTION: {
        "timeout": "seconds",
        "SafeFreezeWaitInSeconds": "seconds",
        "MountsToSkip": "mounts",
        "seqsnapshot": ("0", "1", "2"),
        "SnapshotMethod": METHODS,
        "isanysnapshotfailed": "truth",
        "UploadStatusAndLog": "truth",
        "WriteLog": "truth",
        "onlyLocalFilesystems": "truth",
        "LoggingOff": ("0", "1"),
        "disable_logging": ("0", "1"),
        "sudo_off": ("0", "1"),
    },
    "Monitor": {"Run": "truth", "Strace": "truth", "Location": "text"},
    "lsblkUser": {"username": "user"},
}
REFUSED = {
    "fsfreeze": "no version of the extension reads it",
    "onappfailuredofsfreeze": "the extension compares text with a truth value: any value switches both branches off",
    "onappsuccessdofsfreeze": "the extension compares text with a truth value: any value switches both branches off",
}
"""Known from templates and articles, and not what they look like."""

STATED = (
    "timeout",
    "SafeFreezeWaitInSeconds",
    "MountsToSkip",
    "SnapshotMethod",
    "onlyLocalFilesystems",
    "isanysnapshotfailed",
    "UploadStatusAndLog",
    "WriteLog",
    "seqsnapshot",
    "OnAppFailureDoFsFreeze",
    "OnAppSuccessDoFsFreeze",
)
"""Options of the main section that the guest state names."""
