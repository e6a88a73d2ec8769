# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What puts a failed check right: the module, its parameters, and whether somebody has to agree first. Linux guests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from ._want import Proxy

AUTO, CONFIRM = "auto", "confirm"
CLASSES = (AUTO, CONFIRM)

SECONDS = {
    "guest_dhcp": 240,
    "win_guest_dhcp": 300,
    "agent_version": 900,
    "waagent_conf": 60,
    "vmbackup_conf": 60,
    "environment_proxy": 60,
    "waagent_service": 120,
    "snapshot_extension": 180,
    "win_winhttp_proxy": 120,
    "win_bcdragent": 120,
    "win_backup_services": 300,
}
"""The remedies in the order in which they are applied, and the seconds after which each is cut off."""

RESTARTS = ("agent_version", "waagent_conf", "environment_proxy")
"""Remedies whose change the agent sees only after a restart."""

GUARDS = (
    "agent_installed",
    "agent_unit_name",
    "agent_masked",
    "agent_unit_conditions",
    "agent_default_gate",
    "agent_disabled_file",
    "conf_path",
    "win_agent_installed",
    "win_applocker",
    "win_dotnet",
    "win_enable64bit",
    "win_machine_config",
    "win_wcf_debugging",
)
"""Checks that keep an agent from starting: one that runs all the same would not come back from a restart."""


class Unfit(Exception):
    """No parameters of the remedy put this finding right; the text says why."""


Want = Proxy | bool | None
Parameters = Callable[[Mapping, Want], dict]


@dataclasses.dataclass(frozen=True)
class Rule:
    """How one check is put right.

    ``slow``: the agent takes minutes until the check can be judged again. ``own``: it is put right also where another
    finding explains it, because it would not go with that one.
    """

    remedy: str
    needs: str
    parameters: Parameters
    slow: bool = False
    own: bool = False


def fixed(**parameters: object) -> Parameters:
    """The same parameters for every finding."""
    return lambda _finding, _want: dict(parameters)


_MENDED = ("duplicate", "inline comment", "quote before carriage return", "quotes kept")


def values(finding: Mapping) -> list[str]:
    """What the evidence of a finding says, as texts."""
    return [str(evidence["value"]) for evidence in finding["evidence"]]


def _agent_syntax(finding: Mapping, _want: Want) -> dict:
    if not all(value.endswith(tuple(f"({kind})" for kind in _MENDED)) for value in values(finding)):
        raise Unfit("only its author knows what the line is meant to say")
    return {"normalize": True}


def _strict_syntax(finding: Mapping, _want: Want) -> dict:
    if ":" not in finding["evidence"][0]["source"]:
        raise Unfit("the snapshot extension looks for the file in another place than the agent")
    return {"normalize": True}


_NO_PROXY = {"settings": {"HttpProxy.Host": None, "HttpProxy.Port": None}}


def _agent_proxy(finding: Mapping, want: Want) -> dict:
    if finding["status"] == "fail":
        raise Unfit("this agent ends as soon as any proxy is configured")
    if isinstance(want, Proxy):
        return {"proxy": {"host": want.host, "port": want.port}}
    host, port = (evidence["value"] for evidence in finding["evidence"][:2])
    # Half a pair is no proxy: the agent goes direct before and after.
    if want is False or host is None or port is None:
        return _NO_PROXY
    raise Unfit("diagnose_expect_proxy has to say which proxy is right")


def _service_proxy(_finding: Mapping, want: Want) -> dict:
    if isinstance(want, Proxy):
        host = f"[{want.host}]" if ":" in want.host else want.host
        bypass = {"no_proxy": list(want.bypass)} if want.bypass else {}
        return {"http_proxy": f"http://{host}:{want.port}", "targets": ["service"], **bypass}
    if want is False:
        return {"state": "absent", "targets": ["service"]}
    raise Unfit("diagnose_expect_proxy has to say which proxy is right")


def _exemptions(finding: Mapping, want: Want) -> dict:
    if not any("_proxy=" in value.lower() for value in values(finding)):
        raise Unfit("it is not the exceptions of the proxy that are wrong")
    return {**_service_proxy(finding, want), "targets": ["logins", "service"]}


def _wildcards(finding: Mapping, want: Want) -> dict:
    if not any("*" in value for value in values(finding)):
        raise Unfit("the agent has to be upgraded first")
    return _service_proxy(finding, want)


def _restart_policy(finding: Mapping, _want: Want) -> dict:
    if ".service" not in finding["evidence"][0]["source"]:
        raise Unfit("a start script cannot bring the agent back")
    return {"restart_policy": "always"}


def _absent_agent(finding: Mapping, _want: Want) -> dict:
    if "absent" not in values(finding) or finding["evidence"][0]["source"].startswith("azurelinuxagent"):
        raise Unfit("a part of the package is damaged; reinstall it")
    return {"state": "present"}


def _time_limit(finding: Mapping, _want: Want) -> dict:
    name = finding["evidence"][0]["source"].rpartition(": ")[2]
    if name not in ("timeout", "SafeFreezeWaitInSeconds"):
        raise Unfit("the guest is slow; a longer limit is a decision of its owner")
    return {"settings": {name: None}}


def _unreadable(finding: Mapping, _want: Want) -> dict:
    if not finding["evidence"][0]["source"].endswith(": error"):
        raise Unfit("only its author knows what the option is meant to do")
    return {"normalize": True}


_AUTO_UPDATE = {"AutoUpdate.UpdateToLatestVersion": True, "AutoUpdate.Enabled": None}

RULES = {
    "extensions_enabled": Rule("waagent_conf", AUTO, fixed(settings={"Extensions.Enabled": True})),
    "conf_agent_syntax": Rule("waagent_conf", AUTO, _agent_syntax),
    "conf_strict_syntax": Rule("waagent_conf", AUTO, _strict_syntax),
    "proxy_waagent_conf": Rule("waagent_conf", AUTO, _agent_proxy),
    "agent_autoupdate": Rule("waagent_conf", CONFIRM, fixed(settings=_AUTO_UPDATE)),
    "provisioning_agent": Rule("waagent_conf", CONFIRM, fixed(settings={"Provisioning.Agent": "auto"})),
    "proxy_service_env": Rule("environment_proxy", AUTO, _service_proxy),
    "proxy_etc_environment": Rule("environment_proxy", AUTO, _service_proxy),
    "wire_not_proxied": Rule("environment_proxy", AUTO, _exemptions),
    "no_proxy_syntax": Rule("environment_proxy", AUTO, _wildcards),
    "agent_service_running": Rule("waagent_service", AUTO, fixed()),
    "agent_service_enabled": Rule("waagent_service", AUTO, fixed(enabled=True)),
    "agent_auto_restart": Rule("waagent_service", AUTO, _restart_policy),
    "agent_masked": Rule("waagent_service", CONFIRM, fixed(unmask=True, enabled=True)),
    "agent_disabled_file": Rule(
        "waagent_service", CONFIRM, fixed(remove_disable_marker=True, state="restarted"), slow=True
    ),
    "agent_heartbeat": Rule("waagent_service", AUTO, fixed(state="restarted"), slow=True),
    "exthandler_running": Rule("waagent_service", AUTO, fixed(state="restarted"), slow=True),
    "agent_goal_state_error": Rule("waagent_service", AUTO, fixed(state="restarted"), slow=True),
    "agent_installed": Rule("agent_version", CONFIRM, _absent_agent, slow=True),
    "agent_version_min": Rule("agent_version", CONFIRM, fixed(state="latest"), slow=True),
    "exthandler_crash_loop": Rule("agent_version", CONFIRM, fixed(state="latest"), slow=True),
    "cgroups": Rule("agent_version", CONFIRM, fixed(state="latest"), slow=True),
    "dhcp_enabled": Rule("guest_dhcp", CONFIRM, fixed()),
    "static_ip": Rule("guest_dhcp", CONFIRM, fixed()),
    "handler_state": Rule("snapshot_extension", CONFIRM, fixed()),
    "ext_present": Rule("snapshot_extension", CONFIRM, fixed(force=True)),
    "ext_settings": Rule("snapshot_extension", CONFIRM, fixed(force=True)),
    "safefreeze_binary": Rule("snapshot_extension", CONFIRM, fixed(force=True)),
    "vmbackup_conf": Rule("vmbackup_conf", AUTO, _unreadable),
    "snapshot_limit_flag": Rule("vmbackup_conf", CONFIRM, fixed(settings={"isanysnapshotfailed": False})),
    "snapshot_method": Rule("vmbackup_conf", CONFIRM, fixed(settings={"SnapshotMethod": None})),
    "freeze_timeout": Rule("vmbackup_conf", CONFIRM, _time_limit),
    "network_mount": Rule("vmbackup_conf", CONFIRM, fixed(settings={"onlyLocalFilesystems": True})),
}
"""By id of the check: the class says whether operators agree once for all (auto) or case by case (confirm)."""
