# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows guests: what the plan does about each finding of the real checks."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Want
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from windows_states import STATUS, agent_log, edited, event, winhttp_value

NOON = 1795694400.0
PROXY = {"host": "10.0.0.5", "port": 3128, "bypass": ["<local>"]}
AGENTS = ["RdAgent", "WindowsAzureGuestAgent"]
OTHER_SERVICES: dict[str, list[str]] = {"services": [], "recovery": []}
WRONG = {"backup.bcdr_agent": {"USEVSSCOPYBACKUP": {"type": "REG_DWORD", "value": 1}}}
NATIVE = {
    "backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}],
    "events.sql_backups": [event(18264, "db", "TYPE=DISK: {x}")],
}
NO_KEYS = agent_log("[ERROR] CNG Key Isolation is not there")
FAILED = {f"{STATUS}.status": "error", f"{STATUS}.message": "ExtensionSnapshotFailedCOM: x"}
LOCAL_SYSTEM = {"proxy.system_account.ProxyEnable": 1, "proxy.system_account.ProxyServer": "10.0.0.5:3128"}


def planned(edits, only, allow=("auto", "confirm"), **want):
    diagnosis = diagnose(edited(edits), want=Want.from_options(want), only=only)
    return plan(diagnosis, catalogue("windows"), NOON, allow=allow)


@pytest.mark.parametrize(
    ("id_", "edits", "remedy", "parameters"),
    [
        ("rdagent_running", {"services.RdAgent.state": "Stopped"}, "win_backup_services", {"services": AGENTS}),
        ("rdagent_running", {"services.RdAgent.start": 3}, "win_backup_services", {"services": AGENTS}),
        (
            "guestagent_running",
            {"services.WindowsAzureGuestAgent.start": 4},
            "win_backup_services",
            {"services": AGENTS},
        ),
        ("agent_auto_restart", {"services.RdAgent.failure_actions": None}, "win_backup_services", {"recovery": AGENTS}),
        (
            "iaasvmprovider",
            {"services.IaasVmProvider.start": 4},
            "win_backup_services",
            {"services": ["IaasVmProvider"]},
        ),
        ("vss_service", {"services.VSS.start": 4}, "win_backup_services", {"services": ["VSS", "swprv"]}),
        ("vss_service", {"services.swprv.start": 4}, "win_backup_services", {"services": ["VSS", "swprv"]}),
        (
            "comsysapp",
            {"services.EventSystem.start": 4},
            "win_backup_services",
            {"services": ["EventSystem", "COMSysApp"]},
        ),
        ("comsysapp", FAILED, "win_backup_services", {"started": ["COMSysApp"]}),
        ("keyiso", {"services.KeyIso.start": 4}, "win_backup_services", {"services": ["KeyIso"]}),
        (
            "keyiso",
            {"services.KeyIso.state": "Stopped", **NO_KEYS},
            "win_backup_services",
            {"started": ["KeyIso"], "restarted": True},
        ),
        ("msiserver", {"services.msiserver.start": 4}, "win_backup_services", {"services": ["msiserver"]}),
        ("msdtc", {"backup.msdtc_account_sid": "S-1-5-18"}, "win_backup_services", {"services": ["MSDTC"]}),
        ("msdtc", {"services.MSDTC.start": 4}, "win_backup_services", {"services": ["MSDTC"]}),
        ("bcdragent_sql", WRONG, "win_bcdragent", {"normalize": True}),
        ("bcdragent_sql", NATIVE, "win_bcdragent", {"settings": {"USEVSSCOPYBACKUP": True}}),
        (
            "bcdr_persistent",
            {"backup.bcdr_persistent": {"SnapshotWithoutThreads": {"type": "REG_DWORD", "value": 1}}},
            "win_bcdragent",
            {"normalize": True},
        ),
        ("dhcp_enabled", {"dhcp.primary.method": "static"}, "win_guest_dhcp", {}),
        ("proxy_winhttp", {"proxy.winhttp": winhttp_value("http://10.0.0.5:3128/")}, "win_winhttp_proxy", {}),
        ("wire_not_proxied", {"proxy.winhttp": winhttp_value("10.0.0.5:3128", "<local>")}, "win_winhttp_proxy", {}),
    ],
)
def test_what_fixes_it(id_, edits, remedy, parameters):
    made = planned(edits, [id_])
    others = OTHER_SERVICES if remedy == "win_backup_services" else {}
    assert [(step["remedy"], step["parameters"]) for step in made["steps"]] == [(remedy, {**others, **parameters})], (
        made
    )
    assert made["steps"][0]["restart"] is False and made["steps"][0]["verify"] == [id_]


@pytest.mark.parametrize(
    ("id_", "edits", "reason"),
    [
        ("rdagent_running", {"services.RdAgent": None}, "msiexec.exe /i"),
        ("rdagent_running", {"services.RdAgent.delete_flag": True}, "Reboot the VM"),
        ("rdagent_running", {"services.RdAgent.image_exists": False}, "msiexec.exe /i"),
        ("guestagent_running", {"services.WindowsAzureGuestAgent.state": "StopPending"}, "taskkill"),
        ("iaasvmprovider", {"services.IaasVmProvider.image_exists": False}, "Remove-AzVMExtension"),
        ("vss_service", {"services.VSS.state": "StopPending"}, "net stop VSS"),
        ("keyiso", {"services.KeyIso": None}, "Services\\KeyIso"),
        ("msiserver", {"services.msiserver": None}, "Services\\msiserver"),
        (
            "bcdragent_sql",
            {"backup.bcdr_agent": {"USEVSSCOPYBACKUP": {"type": "REG_SZ", "value": "maybe"}}},
            "Ask who set it",
        ),
        ("dhcp_enabled", {"dhcp.primary": None}, "Enable-NetAdapter"),
        ("dhcp_enabled", {"services.Dhcp.start": 4}, "net start Dhcp"),
        ("proxy_winhttp", {"proxy.winhttp": winhttp_value(":::")}, "diagnose_expect_proxy"),
        ("wire_not_proxied", LOCAL_SYSTEM, "LOCALSYSTEM"),
    ],
)
def test_variants_that_no_remedy_fixes_are_left_with_what_to_do(id_, edits, reason):
    made = planned(edits, [id_])
    assert made["steps"] == [] and reason in made["left"][0]["reason"], made


@pytest.mark.parametrize(
    ("want", "parameters"),
    [({}, {"state": "absent"}), (PROXY, {"proxy": "10.0.0.5:3128", "bypass": ["<local>"]})],
)
def test_the_proxy_that_is_wanted(want, parameters):
    made = planned(
        {"proxy.winhttp": winhttp_value("10.0.0.9:1")}, ["proxy_winhttp", "wire_not_proxied"], expect_proxy=want
    )
    assert [step["parameters"] for step in made["steps"]] == [parameters]
    assert made["steps"][0]["checks"] == ["wire_not_proxied", "proxy_winhttp"]


def test_a_proxy_by_its_ipv6_address():
    made = planned({}, ["proxy_winhttp"], expect_proxy={"host": "fd00::5", "port": 3128})
    assert made["steps"][0]["parameters"] == {"proxy": "[fd00::5]:3128"}


def test_what_may_be_intentional_needs_agreement():
    for id_, edits in (("bcdragent_sql", WRONG), ("dhcp_enabled", {"dhcp.primary.method": "static"})):
        made = planned(edits, [id_], allow=["auto"])
        assert made["steps"] == [] and "not allowed" in made["left"][0]["reason"]


def test_one_call_for_all_services():
    edits = {"services.RdAgent.start": 4, "services.VSS.start": 4, "services.RdAgent.failure_actions": None}
    (step,) = planned(edits, ["rdagent_running", "agent_auto_restart", "vss_service"])["steps"]
    assert step["parameters"] == {"services": [*AGENTS, "VSS", "swprv"], "recovery": AGENTS}


def test_a_service_that_asks_for_agreement_does_not_go_with_a_fix_that_does_not():
    edits = {"services.MSDTC.start": 4, "services.RdAgent.failure_actions": None}
    made = planned(edits, ["msdtc", "agent_auto_restart"], allow=["auto"])
    assert [step["parameters"] for step in made["steps"]] == [{"services": [], "recovery": AGENTS}]
    assert [one["check"] for one in made["left"]] == ["msdtc"]


def test_a_disabled_service_does_not_go_with_another_one():
    edits = {"services.COMSysApp.start": 4, "services.VSS.start": 4, "backup.msdtc_account_sid": "S-1-5-18"}
    (step,) = planned(edits, ["comsysapp", "vss_service", "msdtc"])["steps"]
    assert set(step["parameters"]["services"]) == {"EventSystem", "COMSysApp", "VSS", "swprv", "MSDTC"}
    assert set(step["verify"]) == {"comsysapp", "vss_service", "msdtc"}


def test_an_agent_that_would_not_come_back_is_not_restarted():
    edits = {"services.KeyIso.state": "Stopped", "dotnet.enable64bit": 0, **NO_KEYS}
    made = planned(edits, ["keyiso", "enable64bit"])
    assert made["steps"] == []
    assert "enable64bit" in {one["check"]: one["reason"] for one in made["left"]}["keyiso"]
