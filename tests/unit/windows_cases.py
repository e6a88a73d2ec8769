# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases of Windows guests with the first cause to be named, and states that only look guilty."""

from windows_states import (
    GONE,
    PLUGIN,
    STATUS,
    UNREACHED,
    agent_log,
    edited,
    event,
    failed_run,
    proxy_answer,
    winhttp_value,
)

WRITER_FAULT = "ExtensionFailedVssWriterInBadState: Snapshot operation failed because VSS writers were in a bad state."
NOT_READY = {"agent.aggregate.status": "NotReady", "agent.aggregate.message": "GuestAgent is not ready"}
NO_AGENT = {"services.RdAgent": None, "services.WindowsAzureGuestAgent": None, "agent.versions": []}
APPLOCKER = {
    "Exe": {
        "enforcement": 1,
        "rules": [
            '<FilePathRule Id="1" Name="pf" UserOrGroupSid="S-1-1-0" Action="Allow"><Conditions>'
            '<FilePathCondition Path="%PROGRAMFILES%\\*"/></Conditions></FilePathRule>',
            '<FilePathRule Id="2" Name="win" UserOrGroupSid="S-1-1-0" Action="Allow"><Conditions>'
            '<FilePathCondition Path="%WINDIR%\\*"/></Conditions></FilePathRule>',
        ],
    }
}
RUNNING = {"state": "Running", "start": 2, "image": "x", "image_exists": True, "read_from": "AppIDSvc"}
TWO_ADDRESSES = {
    "dhcp.primary.addresses": ["10.0.0.7", "10.0.0.10"],
    "dhcp.primary.method": "static",
    "dhcp.primary.lease_address": "10.0.0.10",
    "dhcp.skip_as_source": {"10.0.0.7": False, "10.0.0.10": False},
    "fabric.route.source": "10.0.0.7",
}
NPCAP_LOG = agent_log(
    "[00000005] [11/23/2026 08:04:01.000] [INFO]  Attempting to discover fabric address on interface Npcap Loopback",
    "[00000005] [11/23/2026 08:04:01.010] [WARN]  Empty DHCP option data returned",
    "[00000005] [11/23/2026 08:04:01.020] [ERROR] Did not discover fabric address on interface Npcap Loopback Adapter",
)
SECOND = {
    "name": "Npcap Loopback Adapter",
    "description": "Npcap Loopback Adapter",
    "id": "{2}",
    "index": 9,
    "mac": "02:00:4c:4f:4f:50",
    "up": True,
    "addresses": [{"address": "169.254.12.1", "prefix": 16}],
    "gateways": [],
    "dns": [],
}
SYSTEM_ONLY_READS = "O:BAG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;WD)"
CSV = "{1072ae1c-e5a7-4ea1-9e4a-6f7964656570}"
CRASH = "Application: WindowsAzureGuestAgent.exe\nException Info: System.Configuration.ConfigurationErrorsException"

CASES = {
    "applocker blocks the plugin, by event": (
        "win_applocker",
        {
            "events.applocker_blocks": [
                event(
                    8004,
                    r"%OSDRIVE%\PACKAGES\PLUGINS\MICROSOFT.AZURE.RECOVERYSERVICES.VMSNAPSHOT\1.0\IAASBCDREXTENSION.EXE",
                )
            ],
            **failed_run("GuestAgentSnapshotTaskStatusError"),
        },
    ),
    "applocker blocks the plugin, by policy": (
        "win_applocker",
        {"security.applocker": APPLOCKER, "services.AppIDSvc": RUNNING},
    ),
    "antivirus kills the plugin": (
        "win_av_exclusion",
        {
            "events.application_crashes": [event(1000, "IaaSBcdrExtension.exe")],
            **failed_run("VMRestorePointInternalError"),
        },
    ),
    "guest agent stuck in stopping": (
        "win_svc_guestagent",
        {"services.WindowsAzureGuestAgent.state": "StopPending", **NOT_READY},
    ),
    "npcap loopback adapter": (
        "win_npcap_loopback",
        {"dhcp.interfaces": [*edited({})["dhcp"]["interfaces"], SECOND], **NPCAP_LOG, **NOT_READY},
    ),
    "crypto folders without SYSTEM": (
        "win_crypto_dirs_acl",
        {
            "agent.acl.keys": SYSTEM_ONLY_READS,
            "agent.acl.rsa": SYSTEM_ONLY_READS,
            **agent_log("[ERROR] PInvoke PFXImportCertStore failed and null handle is returned. Error Code: 86"),
            "agent.certificates": [],
            STATUS: None,
        },
    ),
    "MachineKeys changed": (
        "win_machinekeys_acl",
        {
            "agent.acl.machine_keys": "O:SYG:SYD:PAI(A;;FA;;;BA)(A;;FA;;;SY)",
            **failed_run("ExtensionConfigParsingFailure: Keyset does not exist"),
        },
    ),
    "Enable64Bit is 0": (
        "win_enable64bit",
        {
            "dotnet.enable64bit": 0,
            **agent_log("[ERROR] InstallPlugins() failed with exception: System.BadImageFormatException"),
            **NOT_READY,
        },
    ),
    "machine.config empty": (
        "win_machine_config",
        {
            "dotnet.machine_config.size": 0,
            "dotnet.machine_config.xml_error": "XmlException: Root element is missing.",
            "services.WindowsAzureGuestAgent.state": "Stopped",
            "events.dotnet_crashes": [event(1026, CRASH)],
        },
    ),
    "WCF debugging stops the agent": (
        "win_wcf_debugging",
        {"dotnet.machine_config.wcf_debugging": True, "services.WindowsAzureGuestAgent.state": "Stopped"},
    ),
    "StdRegProv broken": (
        "win_wmi",
        {
            "wmi.std_reg_prov": 2147749889,
            "agent.installer_messages": [
                {"message": "Setting the new RdAgent service path in registry failed.", "number": "424"}
            ],
            **NO_AGENT,
        },
    ),
    "several addresses, wrong source": ("win_multi_ip_primary", {**TWO_ADDRESSES, **UNREACHED}),
    "Windows Installer disabled": (
        "win_msiserver",
        {
            "services.msiserver.start": 4,
            "backup.vc_runtimes": [],
            **failed_run("ExtensionVCRedistInstallationFailure: vcredist failed"),
        },
    ),
    "no rights on Classes": (
        "win_classes_perm",
        {
            "backup.classes_acl": "O:SYG:SYD:PAI(A;CI;KR;;;BA)(A;CI;KR;;;SY)",
            "backup.vc_runtimes": [],
            "events.installer_errors": [event(11401, r"Could not create key: Software\Classes. System error 5.")],
            **failed_run("ExtensionVCRedistInstallationFailure: vcredist failed"),
        },
    ),
    "COM+ disabled": (
        "win_comsysapp",
        {
            "services.COMSysApp.start": 4,
            "services.MSDTC.account": "LocalSystem",
            "backup.msdtc_account_sid": "S-1-5-18",
        },
    ),
    "MSDTC as LocalSystem": (
        "win_msdtc",
        {
            "services.MSDTC.account": "LocalSystem",
            "backup.msdtc_account_sid": "S-1-5-18",
            **failed_run("ExtensionInstallationFailedMDTC: cannot reach MSDTC"),
        },
    ),
    "holding writes timed out": (
        "disk_iops",
        {
            "events.vss_errors": [event(12298, "Flush[0x00000000], OnRun[0x80042314, timed out while holding writes]")],
            "backup.writers.0.state": 9,
            **failed_run(WRITER_FAULT),
        },
    ),
    "CSV writer without CSV": (
        "win_csv_writer",
        {
            "services.ClusSvc": RUNNING,
            "events.vss_errors": [event(8229, "0x800423f3", "Cluster Shared Volume VSS Writer", CSV)],
            "events.cluster_backup": [event(1544)],
        },
    ),
    "provider flags are stale": (
        "win_vss_provider",
        {
            "backup.providers": edited({})["backup"]["providers"][1:],
            **failed_run("BackUpOperationFailed: error 0x80042306"),
        },
    ),
    "registration of a version that is gone": ("win_plugin_state", {"extension.versions": []}),
    "update race of 1009": (
        "win_transparent_update",
        {
            "services.WindowsAzureGuestAgent.image": r"C:\WindowsAzure\GuestAgent_2.7.41491.1009_2021\GuestAgent.exe",
            "services.WindowsAzureGuestAgent.image_exists": False,
            "services.WindowsAzureGuestAgent.state": "Stopped",
            **agent_log("[ERROR] Unable to load DLL 'wa.dll'"),
        },
    ),
    "agent not installed": ("win_agent_installed", {**NO_AGENT, "agent.guest": None, "agent.aggregate": None}),
    "agent's services stopped": (
        "win_svc_rdagent",
        {"services.RdAgent.state": "Stopped", "services.WindowsAzureGuestAgent.state": "Stopped"},
    ),
    "agent's services disabled": (
        "win_svc_rdagent",
        {
            "services.RdAgent.start": 4,
            "services.RdAgent.state": "Stopped",
            "services.WindowsAzureGuestAgent.start": 4,
            "services.WindowsAzureGuestAgent.state": "Stopped",
            "services.IaasVmProvider.start": 4,
        },
    ),
    "IaasVmProvider disabled": ("win_iaasvmprovider", {"services.IaasVmProvider.start": 4}),
    "VSS disabled": (
        "win_vss_service",
        {"services.VSS.start": 4, "backup.writers": GONE, "backup.providers": edited({})["backup"]["providers"][1:]},
    ),
    "a writer has failed": ("win_vss_writers", {"backup.writers.0.state": 8, **failed_run(WRITER_FAULT)}),
    "static address, fabric silent": (
        "win_dhcp_enabled",
        {"dhcp.primary.method": "static", "dhcp.primary.static_addresses": ["10.0.0.4"], **UNREACHED},
    ),
    "firewall rule blocks the fabric": (
        "guest_firewall_blocks_wire",
        {
            "firewall.outbound_rules": [
                {
                    "name": "{9D}",
                    "rule": "v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RA4=168.63.129.16|Name=corp hardening|",
                    "read_from": "FirewallRules",
                }
            ],
            **UNREACHED,
        },
    ),
    "a filter of another product denies the fabric": (
        "guest_firewall_blocks_wire",
        {**UNREACHED, "fabric.wire_http.error": "permission denied", "fabric.wire_http.error_code": 10013},
    ),
    "only port 32526 is closed": (
        "hostga_tcp_32526",
        {
            "fabric.host_plugin.connected": False,
            "fabric.host_plugin.error": "timed out",
            "fabric.host_plugin.status": None,
        },
    ),
    "the article's dead proxy": (
        "proxy_reachable",
        {
            "proxy.winhttp": winhttp_value("10.0.0.250:3128", "168.63.129.16;<local>"),
            "fabric.proxies": [proxy_answer("10.0.0.250:3128", error="timed out")],
            f"{STATUS}.status": "transitioning",
            f"{STATUS}.time": "2026-11-20T02:00:00Z",
        },
    ),
    "proxy asks for a log-in": (
        "proxy_reachable",
        {
            "proxy.winhttp": winhttp_value("10.0.0.5:3128", "168.63.129.16;169.254.169.254"),
            "fabric.proxies": [proxy_answer("10.0.0.5:3128", 407)],
            **failed_run("ExtensionSnapshotFailedNoNetwork: no network"),
        },
    ),
    "the agent's calls to the fabric go to a proxy": (
        "wire_not_proxied",
        {
            "proxy.winhttp": winhttp_value("10.0.0.5:3128"),
            "fabric.proxies": [proxy_answer("10.0.0.5:3128")],
            **agent_log("[ERROR] The remote server returned an error: (407) Proxy Authentication Required."),
            **NOT_READY,
        },
    ),
    "TLS 1.2 switched off": (
        "win_strong_crypto",
        {
            "security.tls12_client": {"Enabled": 0, "DisabledByDefault": 1},
            **failed_run("ExtensionSnapshotFailedNoSecureNetwork: no secure channel"),
        },
    ),
    "certificate has expired": ("win_tenant_cert", {"agent.certificates.0.not_after": "2026-11-01T00:00:00Z"}),
    "key isolation disabled": ("win_svc_keyiso", {"services.KeyIso.start": 4, **NOT_READY}),
    "BitLocker keeps a drive locked": (
        "win_bitlocker",
        {
            "storage.bitlocker": [{"name": "E:", "protection": 2}],
            **failed_run("ExtensionSnapshotBitlockerError: locked"),
        },
    ),
    "no .NET": ("win_dotnet", {"dotnet.release": None, "services.WindowsAzureGuestAgent.state": "Stopped"}),
    "system drive full": ("win_disk_space", {"storage.drives.0.free": 1048576}),
    "the plugin's own error": ("win_plugin_state", failed_run("UserErrorSomething: the plugin says so")),
    "the agent crashes for no known reason": (
        "win_agent_crash",
        {
            "events.dotnet_crashes": [
                event(1026, "Application: WaAppAgent.exe\nException Info: System.IO.FileLoadException")
            ],
            "services.RdAgent.state": "Stopped",
            "services.WindowsAzureGuestAgent.state": "Stopped",
        },
    ),
}
"""Name -> (the first cause, what is changed in a healthy guest)."""

NORMAL = {
    "key isolation waits for its trigger": {"services.KeyIso.state": "Stopped"},
    "services on demand are stopped": {
        "services.VSS.state": "Stopped",
        "services.COMSysApp.state": "Stopped",
        "services.IaasVmProvider.state": "Stopped",
    },
    "a writer waits for completion": {"backup.writers.0.state": 5},
    "the plugin was never installed": {
        "extension.versions": [],
        "extension.handler_state": [],
        "services.IaasVmProvider": None,
        "backup.bcdr_agent": None,
        "backup.bcdr_persistent": None,
        "extension.log": None,
    },
    "no telemetry service": {"services.WindowsAzureTelemetryService": None},
    "several static addresses, the right one is used": {
        **TWO_ADDRESSES,
        "fabric.route.source": "10.0.0.10",
        "fabric.imds.instance.primary_address": "10.0.0.10",
        "dhcp.skip_as_source": {"10.0.0.7": True, "10.0.0.10": False},
    },
    "npcap adapter, but the agent found the fabric": {
        "dhcp.interfaces": [*edited({})["dhcp"]["interfaces"], SECOND],
        **agent_log(
            *NPCAP_LOG["agent.log"]["lines"], "[INFO]  Discovered fabric address 168.63.129.16 on interface Ethernet"
        ),
    },
    "a crash before the last boot": {
        "events.application_crashes": [event(1000, "WaAppAgent.exe", time="2026-11-20T00:00:00Z")]
    },
    "the plugin crashed once, its last run succeeded": {
        "events.application_crashes": [event(1000, "IaaSBcdrExtension.exe")]
    },
    "AppLocker audits only": {
        "security.applocker": {"Exe": {**APPLOCKER["Exe"], "enforcement": 0}},
        "services.AppIDSvc": RUNNING,
    },
    "AppLocker's policy without its service": {
        "security.applocker": APPLOCKER,
        "services.AppIDSvc": {**RUNNING, "state": "Stopped", "start": 3},
    },
    "AppLocker with the default rule for administrators": {
        "security.applocker": {
            "Exe": {
                "enforcement": 1,
                "rules": [
                    *APPLOCKER["Exe"]["rules"],
                    '<FilePathRule Name="all" UserOrGroupSid="S-1-5-32-544" Action="Allow"><Conditions>'
                    '<FilePathCondition Path="*"/></Conditions></FilePathRule>',
                ],
            }
        },
        "services.AppIDSvc": RUNNING,
    },
    "antivirus without exclusions": {"security.antivirus_filters": ["csagent", "WdFilter"]},
    "WinHTTP proxy that works and exempts the fabric": {
        "proxy.winhttp": winhttp_value("10.0.0.5:3128", "168.63.129.16;169.254.169.254;<local>"),
        "fabric.proxies": [proxy_answer("10.0.0.5:3128")],
    },
    "WinHTTP reset by a newer netsh": {
        "proxy.winhttp": {"type": "REG_BINARY", "value": "KAAAAAAAAAABAAAAAAAAAAAAAAA=", "read_from": "x"}
    },
    "no WinHttpSettings at all": {"proxy.winhttp": None},
    "a damaged WinHttpSettings": {"proxy.winhttp": {"type": "REG_BINARY", "value": "GAAA", "read_from": "x"}},
    "extra rights on MachineKeys": {
        "agent.acl.machine_keys": "O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)(A;;FA;;;SY)"
    },
    "a pending reboot": {"identity.pending_reboot.component_servicing": True},
    "USEVSSCOPYBACKUP is set": {
        "backup.bcdr_agent": {
            "UseVssCopyBackup": {"type": "REG_SZ", "value": "True"},
            "IsProviderInstalled": {"type": "REG_SZ", "value": "True"},
        }
    },
    "strong crypto set": {
        "dotnet.crypto_v4": {"native": {"SchUseStrongCrypto": 1}, "wow64": {"SchUseStrongCrypto": 1}}
    },
    "block rule for another program": {
        "firewall.outbound_rules": [
            {"name": "x", "rule": r"v2.31|Action=Block|Active=TRUE|Dir=Out|App=C:\x\y.exe|Name=y|", "read_from": "f"}
        ]
    },
    "block rule for another address": {
        "firewall.outbound_rules": [
            {
                "name": "x",
                "rule": "v2.31|Action=Block|Active=TRUE|Dir=Out|RA4=10.9.0.0/255.255.0.0|Name=y|",
                "read_from": "f",
            }
        ]
    },
    "an old error of holding writes, a later run succeeded": {"events.vss_errors": [event(12298, "0x80042314")]},
    "cluster node whose CSV writer is switched off": {
        "services.ClusSvc": RUNNING,
        "backup.cluster": {"csv_writer": 0, "csv_volumes": 0},
        "events.vss_errors": [event(8229, CSV)],
    },
    "settings that the plugin has answered": {f"{PLUGIN}.sequence": 0},
}
"""States that look guilty and are normal: no failure and no warning."""
