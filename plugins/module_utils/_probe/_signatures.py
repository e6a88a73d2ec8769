# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of the agent's log that say what is wrong, and those that say that the same thing works again."""

import collections

Signature = collections.namedtuple("Signature", "needles also without cleared_by")

_GOAL_STATE = (
    b"recovered from previous errors",
    b"Fetched a new incarnation",
    b"ProcessExtensionsGoalState completed",
    b"ProcessExtensionsInGoalState completed",
    b"ProcessGoalState completed",
    b"Goal state initialization completed",
    b"Target handler state",
    b"UpdateGSErrors: 0",
)
_RUNNING = _GOAL_STATE + (b"[HEARTBEAT]", b"is successfully running")
_PROVISIONED = _RUNNING + (
    b"Finished provisioning",
    b"Provisioning complete",
    b"Provisioning already completed",
    b"Provisioning succeeded",
    b"Provisioning is disabled, skipping",
)


_DIRECT_STORAGE = (b"https://", b"telemetrydata")
"""What the agent also asks and does not depend on: storage without the host's help, the upload of its telemetry."""


def _signature(needles, cleared_by=(), also=b"", without=()):
    return Signature(tuple(needles), also, tuple(without), tuple(cleared_by))


SIGNATURES = {
    "goal_state_unreadable": _signature(
        (
            b"Error fetching the goal state",
            b"Fetching the goal state is still failing",
            b"Fetching the goal state failed",
            b"An error occurred while retrieving the goal state",
            b"Attempts to retrieve the goal state are failing",
            b"Exception retrieving extension handlers",
            b"Calling wire server failed",
            b"unexpected keyword argument 'etype'",
            b"Protocol endpoint not found",
            b"No protocol found",
        ),
        _GOAL_STATE,
    ),
    "wire_no_route": _signature(
        (b"No route to host", b"Network is unreachable"), _GOAL_STATE, also=b"HTTP", without=_DIRECT_STORAGE
    ),
    "wire_unanswered": _signature(
        (b"http://168.63.129.16/machine", b"http://168.63.129.16/?comp=", b"http://168.63.129.16:80/"),
        _GOAL_STATE,
        also=b"IOError",
        without=_DIRECT_STORAGE,
    ),
    "wire_refused": _signature((b"Calling wire server failed",), _GOAL_STATE),
    "host_plugin_unreachable": _signature((b"HostGAPlugin: Exception Get API versions",), _GOAL_STATE, also=b"IOError"),
    "noexec": _signature((b"The noexec flag is set on", b"is mounted with the noexec flag"), (b"Plugin enabled",)),
    "goal_state_file_missing": _signature((b".xml is missing.",), _GOAL_STATE, also=b"GoalState."),
    "handler_crash": _signature(
        (
            b"NameError: ",
            b"ImportError: ",
            b"ModuleNotFoundError: ",
            b"SyntaxError: ",
            b"Failed to run 'run-exthandlers'",
        ),
        _RUNNING,
    ),
    "handler_launch_failed": _signature(
        (b"' failed", b"' returned code: ", b"' exited with return code"), _RUNNING, also=b"launched with command"
    ),
    "handler_ended": _signature((b" failed with exception: ",), _RUNNING, also=b"Agent WALinuxAgent-"),
    "waiting_for_provisioning": _signature(
        (
            b"Waiting for cloud-init to copy ovf-env.xml",
            b"Waiting for ssh host key",
            b"Giving up, ovf-env.xml",
            b"ovf-env.xml is missing",
        ),
        _PROVISIONED,
    ),
    "waiting_for_cloud_init": _signature(
        (b"Waiting for cloud-init to complete",),
        _GOAL_STATE + (b"cloud-init completed", b"An error occurred while waiting for cloud-init"),
    ),
    "provisioning_failed": _signature((b"Provisioning failed", b"Provisioning with cloud-init failed"), _PROVISIONED),
    "agent_disabled": _signature((b"Disabling the guest agent by sleeping forever",), _RUNNING),
    "already_running": _signature((b"Daemon is already running",), _RUNNING),
    "version_blacklisted": _signature(
        (b"is blacklisted - skipping download", b"is permanently disabled", b"is permanently blacklisted"), ()
    ),
    "openssl_failed": _signature(
        (
            b"openssl: not found",
            b"openssl: No such file",
            b"No such file or directory: '/usr/bin/openssl'",
            b"can't open config file",
            b"Can't open config file",
            b"Failed to create /var/lib/waagent/TransportPrivate.pem and ",
            b": None: not found",
        ),
        _GOAL_STATE,
    ),
    "certificates_undecryptable": _signature(
        (
            b"Failed to decrypt /var/lib/waagent/Certificates.p7m",
            b"Error reading SMIME Content Info",
            b"Error in transport decryption [cypher: DES_EDE3_CBC]",
            b"Error converting PFX to PEM [-nomacver: False]",
            b"Cannot convert PFX to PEM",
            b"EVP_PBE_CipherInit:unknown cipher",
        ),
        (
            b"Downloaded certificate",
            b"Successfully decrypted",
            b"The Data element of the Certificates response is empty",
        ),
    ),
    "no_space": _signature((b"No space left on device",), _GOAL_STATE),
    "read_only": _signature((b"Read-only file system",), _GOAL_STATE),
    "https_unverified": _signature((b"CERTIFICATE_VERIFY_FAILED",), (b"Default channel changed to HostGA",)),
    "https_through_old_proxy_code": _signature((b"httplib does not support https tunnelling",), _RUNNING),
    "cgroups_unavailable": _signature((b"Cgroup hierarchy",), (), also=b"not found"),
    "status_not_sent": _signature(
        (b"Failed to report vm agent status", b"Failed to upload status blob via either channel"),
    ),
}
"""By name: texts of which one must stand in a line, one that must and some that must not stand there too, and what
clears it later."""

STARTED = b"Azure Linux Agent Version:"
HEARTBEAT = b"[HEARTBEAT]"
RUNNING = _RUNNING
VERSIONS = (STARTED, b"(Goal State Agent version", b"[HEARTBEAT] Agent WALinuxAgent-")
"""What stands before the version of the agent that writes the log."""

HANDLER_STARTED = (b"is the most current agent", b"to be the latest agent")
