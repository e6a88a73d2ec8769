# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What puts a failed check of a Windows guest right."""

from __future__ import annotations

from collections.abc import Mapping

from .. import winhttp
from ._remedies import AUTO, CONFIRM, Parameters, Rule, Unfit, Want, fixed, values
from ._want import Proxy

_AGENTS = ["RdAgent", "WindowsAzureGuestAgent"]
_DISABLED = 4


def _about(finding: Mapping, *facts: str) -> bool:
    """Whether the evidence has one of these facts."""
    return any(evidence["source"].rpartition(": ")[2] in facts for evidence in finding["evidence"])


def _is_disabled(finding: Mapping) -> bool:
    return any(
        evidence["source"].endswith(": start") and evidence["value"] == _DISABLED for evidence in finding["evidence"]
    )


def _agent(finding: Mapping, _want: Want) -> dict:
    if not finding["evidence"] or _about(finding, "delete_flag", "image_exists"):
        raise Unfit("the agent has to be installed again")
    if any("Pending" in value and not value.startswith("Start") for value in values(finding)):
        raise Unfit("the service hangs: its process has to be ended, or the guest restarted")
    # The one starts the other: it would be found disabled as soon as this one runs.
    return {"services": _AGENTS}


def _provider(finding: Mapping, _want: Want) -> dict:
    if _about(finding, "image_exists", "image"):
        raise Unfit("the snapshot plugin has to be installed again")
    return {"services": ["IaasVmProvider"]}


def _enabled(*services: str) -> Parameters:
    """Services that are disabled get their start type back."""

    def parameters(finding: Mapping, _want: Want) -> dict:
        if not _is_disabled(finding):
            raise Unfit("none of its services is disabled: a restart of the guest is the next thing to try")
        return {"services": list(services)}

    return parameters


def _enabled_or_started(*services: str, started: str, **more: object) -> Parameters:
    """Services that are disabled get their start type back; the one that is wanted and stopped is started."""

    def parameters(finding: Mapping, _want: Want) -> dict:
        if _is_disabled(finding):
            return {"services": list(services)}
        if _about(finding, "state"):
            return {"started": [started], **more}
        raise Unfit("the service has to be installed again")

    return parameters


def _transactions(finding: Mapping, want: Want) -> dict:
    if _about(finding, "account"):
        return {"services": ["MSDTC"]}
    return _enabled_or_started("MSDTC", started="MSDTC")(finding, want)


def _winhttp(finding: Mapping, want: Want) -> dict:
    if want is False:
        return {"state": "absent"}
    if isinstance(want, Proxy):
        bypass = {"bypass": list(want.bypass)} if want.bypass else {}
        host = f"[{want.host}]" if ":" in want.host else want.host
        return {"proxy": f"{host}:{want.port}", **bypass}
    found = finding["evidence"][0]["value"]
    if not isinstance(found, Mapping) or not winhttp.servers(str(found["proxy"])):
        raise Unfit("diagnose_expect_proxy has to say which proxy is right")
    return {}


def _exempt(finding: Mapping, want: Want) -> dict:
    if _about(finding, "ProxyServer"):
        raise Unfit("the account LocalSystem has a proxy of its own: exempt the fabric there")
    return _winhttp(finding, want)


def _sql(finding: Mapping, _want: Want) -> dict:
    # The last evidence is the value, and what comes before it are backups of SQL Server's own.
    if len(finding["evidence"]) > 1:
        return {"settings": {"USEVSSCOPYBACKUP": True}}
    if str(finding["evidence"][0]["value"]).startswith("REG_SZ"):
        raise Unfit("only its author knows what the value is meant to say")
    return {"normalize": True}


def _dhcp(finding: Mapping, _want: Want) -> dict:
    if not _about(finding, "method"):
        raise Unfit("the adapter is not static: an adapter, or the DHCP client service, has to be enabled")
    return {}


RULES = {
    "win_dhcp_enabled": Rule("win_guest_dhcp", CONFIRM, _dhcp),
    "win_proxy_winhttp": Rule("win_winhttp_proxy", AUTO, _winhttp),
    "wire_not_proxied": Rule("win_winhttp_proxy", AUTO, _exempt),
    # A value that the plugin did not read so far changes what it does.
    "win_bcdragent_sql": Rule("win_bcdragent", CONFIRM, _sql),
    "win_bcdr_persistent": Rule("win_bcdragent", CONFIRM, fixed(normalize=True)),
    "win_svc_rdagent": Rule("win_backup_services", AUTO, _agent),
    "win_svc_guestagent": Rule("win_backup_services", AUTO, _agent, own=True),
    "win_svc_recovery": Rule("win_backup_services", AUTO, fixed(recovery=_AGENTS)),
    "win_iaasvmprovider": Rule("win_backup_services", AUTO, _provider),
    "win_vss_service": Rule("win_backup_services", AUTO, _enabled("VSS", "swprv"), own=True),
    "win_comsysapp": Rule(
        "win_backup_services", AUTO, _enabled_or_started("EventSystem", "COMSysApp", started="COMSysApp")
    ),
    "win_svc_keyiso": Rule(
        "win_backup_services", AUTO, _enabled_or_started("KeyIso", started="KeyIso", restarted=True)
    ),
    "win_msiserver": Rule("win_backup_services", AUTO, _enabled("msiserver")),
    "win_msdtc": Rule("win_backup_services", CONFIRM, _transactions, own=True),
}
"""By id of the check, as for Linux."""
