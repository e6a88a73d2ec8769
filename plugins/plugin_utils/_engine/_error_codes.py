# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error codes of Azure Backup, and the checks that explain them inside a guest.

Source: Microsoft's articles on failing backups of Azure VMs. A code with no check is known, but nothing in the guest
causes it.
"""

from __future__ import annotations

import difflib

_AGENT = (
    "agent_installed",
    "agent_service_running",
    "agent_service_enabled",
    "agent_masked",
    "agent_unit_conditions",
    "exthandler_running",
    "agent_disabled_file",
    "agent_version_min",
    "win_agent_installed",
    "win_svc_rdagent",
    "win_svc_guestagent",
    "win_agent_version",
    "wire_http_80",
    "hostga_tcp_32526",
)
_STATUS = (
    "agent_version_min",
    "agent_service_running",
    "win_svc_rdagent",
    "win_svc_guestagent",
    "dhcp_option_245",
    "dhcp_enabled",
    "win_dhcp_enabled",
    "extensions_enabled",
    "provisioning_agent",
    "win_av_exclusion",
    "win_applocker",
)
_NO_NETWORK = (
    "wire_http_80",
    "hostga_tcp_32526",
    "storage_https_443",
    "dns_resolution",
    "proxy_reachable",
    "proxy_waagent_conf",
    "proxy_service_env",
    "win_proxy_winhttp",
    "win_proxy_system_account",
    "ext_status",
)
_COM = ("win_comsysapp", "win_msdtc")

CODES: dict[str, tuple[str, ...]] = {
    "UserErrorGuestAgentStatusUnavailable": _AGENT,
    "GuestAgentSnapshotTaskStatusError": _STATUS,
    "UserErrorVmProvisioningStateFailed": ("handler_state", "win_plugin_state"),
    "UserErrorVmNotInDesirableState": ("selinux", "agent_installed", "win_agent_installed"),
    "VmNotInDesirableState": ("selinux", "agent_installed", "win_agent_installed"),
    "ExtensionSnapshotFailedNoNetwork": _NO_NETWORK,
    "ExtensionSnapshotFailedNoSecureNetwork": ("win_strong_crypto",),
    "ExtensionOperationFailedForManagedDisks": _STATUS,
    "BackUpOperationFailed": ("win_vcredist", "win_iaasvmprovider", *_AGENT),
    "BackUpOperationFailedV2": ("win_vcredist", "win_iaasvmprovider", *_AGENT),
    "ExtensionSnapshotFailedCOM": _COM,
    "ExtensionInstallationFailedCOM": _COM,
    "ExtensionInstallationFailedMDTC": _COM,
    "ExtensionFailedVssWriterInBadState": (
        "win_vss_writers",
        "win_bcdr_persistent",
        "cpu_high",
        "memory_high",
        "disk_iops",
        "win_disk_space",
    ),
    "ExtensionFailedVssServiceInBadState": ("win_vss_service",),
    "ExtensionConfigParsingFailure": ("win_machinekeys_acl", "win_tenant_cert", "win_crypto_dirs_acl"),
    "ExtensionStuckInDeletionState": ("handler_state", "win_plugin_state"),
    "ExtensionFailedSnapshotLimitReachedError": ("snapshot_limit_flag", "freeze_lock"),
    "ExtensionFailedTimeoutVMNetworkUnresponsive": ("win_bcdr_persistent", "cpu_high"),
    "ExtensionVCRedistInstallationFailure": (
        "win_vcredist",
        "win_msiserver",
        "win_classes_perm",
        "win_av_exclusion",
    ),
    "ExtensionSnapshotBitlockerError": ("win_bitlocker",),
    "UserErrorFsFreezeFailed": ("fs_freezable", "duplicate_mounts", "freeze_timeout", "safefreeze_binary"),
    "UserErrorUnableToOpenMount": ("mount_open",),
    "VMRestorePointInternalError": ("win_av_exclusion", "win_vcredist", *_AGENT),
    "VMAgentStatusCommunicationError": _AGENT,
    "VMRestorePointClientError": (*_COM, "win_vss_writers", "storage_https_443"),
    "AzureVmOffline": ("win_agent_installed", "agent_installed"),
    "ResourceNotFound": (),
    "BCMV2VMNotFound": (),
    "UserErrorRpCollectionLimitReached": (),
    "UserErrorBackupOperationInProgress": (),
    "UserErrorCrpReportedUserError": _AGENT,
    "OSProvisioningClientError": _AGENT,
    "AllocationFailed": (),
    "UserErrorBcmDatasourceNotPresent": (),
    "UserErrorKeyvaultPermissionsNotConfigured": (),
    "UserErrorUnsupportedDiskSize": (),
    "UserErrorRequestDisallowedByPolicy": (),
    "UserErrorBCMPremiumStorageQuotaError": (),
    "CopyingVHDsFromBackUpVaultTakingLongTime": ("disk_iops",),
    "UserErrorMigrationFromTrustedLaunchVMToNonTrustedVMNotAllowed": (),
}

NUMBERS = {"380008": "AzureVmOffline", "320001": "ResourceNotFound", "400094": "BCMV2VMNotFound"}


def explained_by(code: str) -> tuple[str, ...]:
    """Ids of the checks that explain ``code`` (a name in any case, or its number). ValueError lists close matches."""
    names = {name.lower(): name for name in CODES}
    wanted = NUMBERS.get(code.strip(), code.strip()).lower()
    if wanted in names:
        return CODES[names[wanted]]
    close = [names[name] for name in difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)]
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    raise ValueError(f"Cannot explain error code '{code}': it is not known{hint}")
