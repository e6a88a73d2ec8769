# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The keys of waagent.conf, of present and past agents, with the types by which the agent reads them."""

import difflib

from .agent import LIB_DIR

SWITCH, INTEGER, PORT, HOST, PATH, TEXT = "switch", "integer", "port", "host", "path", "text"

_KINDS = {
    SWITCH: """
        AutoUpdate.Enabled AutoUpdate.UpdateToLatestVersion CGroups.Enabled CGroups.EnforceLimits
        Debug.CgroupDisableOnProcessCheckFailure Debug.CgroupDisableOnQuotaCheckFailure Debug.CgroupLogMetrics
        Debug.DownloadNewAgents Debug.EnableAgentMemoryUsageCheck Debug.EnableCgroupV2ResourceLimiting
        Debug.EnableExtensionPolicy Debug.EnableFastTrack Debug.EnableGAVersioning Debug.EnableRsmDowngrade
        Debug.EnableSignatureValidation Debug.IgnoreSignatureValidationErrors DetectScvmmEnv EnableOverProvisioning
        Extensions.Enabled Extensions.WaitForCloudInit LBProbeResponder Logs.Collect Logs.Console Logs.Verbose
        Monitor.NetworkConfigurationChanges OS.AllowHTTP OS.CheckRdmaDriver OS.EnableFIPS OS.EnableFirewall
        OS.EnableRDMA OS.UpdateRdmaDriver Provisioning.AllowResetSysUser Provisioning.DecodeCustomData
        Provisioning.DeleteRootPassword Provisioning.Enabled Provisioning.ExecuteCustomData
        Provisioning.MonitorHostName Provisioning.RegenerateSshHostKeyPair Provisioning.UseCloudInit
        ResourceDisk.EnableSwap ResourceDisk.EnableSwapEncryption ResourceDisk.Format
    """,
    INTEGER: """
        Autoupdate.Frequency Debug.AgentCpuQuota Debug.AgentCpuThrottledTimeThreshold Debug.AgentMemoryQuota
        Debug.AutoUpdateHotfixFrequency Debug.AutoUpdateNormalFrequency Debug.CgroupCheckPeriod
        Debug.EtpCollectionPeriod Debug.FirewallRulesLogPeriod Debug.LogCollectorInitialDelay
        Debug.SelfUpdateHotfixFrequency Debug.SelfUpdateRegularFrequency Extensions.GoalStateHistoryCleanupPeriod
        Extensions.GoalStatePeriod Extensions.InitialGoalStatePeriod Extensions.WaitForCloudInitTimeout
        Logs.CollectPeriod OS.EnableFirewallPeriod OS.MonitorDhcpClientRestartPeriod
        OS.RemovePersistentNetRulesPeriod OS.RootDeviceScsiTimeout OS.RootDeviceScsiTimeoutPeriod
        OS.SshClientAliveInterval Provisioning.MonitorHostNamePeriod Provisioning.PasswordCryptSaltLength
        ResourceDisk.SwapSizeMB
    """,
    PORT: "HttpProxy.Port",
    HOST: "HttpProxy.Host",
    PATH: """
        DVD.MountPoint Extension.LogDir Home.Dir Lib.Dir Logs.File OS.HomeDir OS.OpensslPath OS.PasswordPath
        OS.SshDir OS.SshdConfigPath OS.SudoersDir Pid.File Policy.PolicyFilePath ResourceDisk.MountPoint
    """,
    TEXT: """
        AutoUpdate.GAFamily CGroups.Excluded Debug.CgroupMonitorExpiryTime Debug.CgroupMonitorExtensionName
        Host.NdDriverVersion Network.Interface OS.PackageExtraConfig OS.PersistentNetNames OS.RdmaRepository
        Protocol.EndpointDiscovery Provisioning.Agent Provisioning.PasswordCryptId Provisioning.SshHostKeyPairType
        ResourceDisk.Filesystem ResourceDisk.MountOptions Role.ConfigurationConsumer Role.StateConsumer
        Role.TopologyConsumer
    """,
}
KEYS = {key: kind for kind, keys in _KINDS.items() for key in keys.split()}

DEFAULTS = {
    "AutoUpdate.Enabled": True,
    "AutoUpdate.GAFamily": "Prod",
    "AutoUpdate.UpdateToLatestVersion": True,
    "Autoupdate.Frequency": 3600,
    "Debug.EnableExtensionPolicy": False,
    "Extension.LogDir": "/var/log/azure",
    "Extensions.Enabled": True,
    "Extensions.GoalStatePeriod": 6,
    "Extensions.WaitForCloudInit": False,
    "HttpProxy.Host": None,
    "HttpProxy.Port": None,
    "Lib.Dir": LIB_DIR,
    "Logs.Collect": True,
    "Logs.Console": True,
    "Logs.Verbose": False,
    "OS.AllowHTTP": False,
    "OS.EnableFIPS": False,
    "OS.EnableFirewall": False,
    "OS.EnableFirewallPeriod": 300,
    "OS.OpensslPath": "/usr/bin/openssl",
    "Pid.File": "/var/run/waagent.pid",
    "Policy.PolicyFilePath": "/etc/waagent_policy.json",
    "Protocol.EndpointDiscovery": "dhcp",
    "Provisioning.Agent": "auto",
}
"""The keys that matter for backup, with the agent's default."""


def is_known(key):
    """Whether an agent reads the key. Those of ``Debug.`` come and go with its versions: all but slips count."""
    return key in KEYS or key.startswith("Debug.") and meant(key) is None


def meant(key):
    """The known key that a slip of the pen most resembles, or None."""
    lowered = {known.lower(): known for known in KEYS}
    near = difflib.get_close_matches(key.lower(), lowered, n=1, cutoff=0.85)
    return lowered[near[0]] if near else None


def typed(key, text):
    """What the agent takes from a key's text: its default where there is no text (None) or no usable one.

    A switch is set by ``y`` and ``n`` only, in any case.
    """
    default, kind = DEFAULTS.get(key), KEYS.get(key)
    if text is None:
        return default
    if kind == SWITCH:
        return {"y": True, "n": False}.get(text.lower(), default)
    if kind in (INTEGER, PORT):
        try:
            return int(text)
        except ValueError:
            return default
    return text
