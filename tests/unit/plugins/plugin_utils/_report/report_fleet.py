# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up fleets of any size for the tests of the renderers, always the same for the same size."""

import random

from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report

GENERATED = "2026-11-23T02:00:00Z"

# id, title, severity, (source, value) of a healthy host; {n} is a number that differs from host to host
CHECKS = [
    ("wire_http_80", "The wire server answers on port 80", "critical", "tcp 168.63.129.16:80: connect", "open"),
    (
        "hostga_tcp_32526",
        "The host plugin answers on port 32526",
        "critical",
        "tcp 168.63.129.16:32526: connect",
        "open",
    ),
    ("wire_route", "Packets to the wire server leave by the primary interface", "critical", "ip route get", "eth0"),
    ("guest_firewall", "The guest's firewall lets the wire server through", "critical", "nft", "no rule"),
    ("imds_80", "The metadata service answers", "warning", "tcp 169.254.169.254:80: connect", "open"),
    ("dns_resolution", "Names of Azure Storage resolve", "warning", "/etc/resolv.conf:3: nameserver", "168.63.129.16"),
    ("storage_https_443", "Azure Storage answers on port 443", "warning", "tls: connect", "open, {n} ms"),
    (
        "dhcp_enabled",
        "The primary interface takes its address by DHCP",
        "critical",
        "/etc/netplan/50-cloud-init.yaml:6: dhcp4",
        True,
    ),
    ("dhcp_option_245", "The lease holds option 245", "warning", "/run/systemd/netif/leases/2: OPTION_245", "a83f8110"),
    ("proxy_reachable", "The proxy that the agent uses answers", "critical", "/etc/waagent.conf: HttpProxy.Host", None),
    ("proxy_waagent_conf", "The agent's proxy keys are whole", "critical", "/etc/waagent.conf: HttpProxy.Port", None),
    ("agent_installed", "The agent is installed", "critical", "/usr/sbin/waagent", "2.9.1.1"),
    (
        "agent_service_enabled",
        "The agent's service starts at boot",
        "critical",
        "walinuxagent.service: UnitFileState",
        "enabled",
    ),
    ("agent_service_running", "The agent's service runs", "critical", "walinuxagent.service: ActiveState", "active"),
    (
        "agent_auto_restart",
        "The agent's service restarts by itself",
        "warning",
        "walinuxagent.service: Restart",
        "always",
    ),
    ("agent_version", "The agent is recent enough", "critical", "waagent --version", "2.15.0.1"),
    (
        "exthandler_running",
        "The agent's extension handler runs",
        "critical",
        "/proc: waagent -run-exthandlers",
        "pid {n}",
    ),
    ("extensions_enabled", "Extensions are enabled", "critical", "/etc/waagent.conf:7: Extensions.Enabled", "y"),
    ("disk_space", "There is space for the snapshot extension", "critical", "/var: free", "{n} MiB"),
    ("python_usable", "The extension finds a usable Python", "critical", "/usr/bin/python3", "3.10.12"),
    ("ext_status", "The last snapshot succeeded", "critical", "VMSnapshotLinux/status/{n}.status: code", 1),
    ("fs_freezable", "The mounted file systems can be frozen", "warning", "/proc/self/mountinfo", "ext4, xfs"),
    ("clock_skew", "The clock is right", "warning", "Date of the wire server", "{n} ms"),
    ("cpu_load", "The processor has time left", "info", "/proc/stat: busy", "{n} %"),
]
CHECKS += [
    (
        f"condition_{number}",
        f"Condition number {number} of the catalogue holds",
        "warning",
        f"/etc/file{number}:{number}",
        "y",
    )
    for number in range(60 - len(CHECKS))
]

# verdict, weight, [(id, status, why, consequence_of, remedy, evidence)]
CASES = [
    ("ready", 700, []),
    (
        "at_risk",
        110,
        [("agent_auto_restart", "warn", "The service stays down after a crash", None, "waagent_service", "no")],
    ),
    (
        "at_risk",
        30,
        [("clock_skew", "warn", "The clock is wrong by more than five minutes", None, "time_sync", "412 s")],
    ),
    (
        "blocked",
        62,
        [
            (
                "proxy_reachable",
                "fail",
                "Proxy 10.0.0.5:3128 answers 407",
                None,
                "proxy_settings",
                "HTTP/1.1 407 Proxy Authentication Required",
            ),
            (
                "ext_status",
                "fail",
                "The last snapshot ended with code 500",
                "proxy_reachable",
                None,
                {"code": 500, "operation": "Enable"},
            ),
            ("storage_https_443", "warn", "Azure Storage cannot be reached", "proxy_reachable", None, "timed out"),
            ("agent_auto_restart", "warn", "The service stays down after a crash", None, "waagent_service", "no"),
        ],
    ),
    (
        "blocked",
        18,
        [
            ("agent_service_running", "fail", "The agent's service is stopped", None, "waagent_service", "inactive"),
            ("exthandler_running", "fail", "No extension handler runs", "agent_service_running", None, None),
            ("ext_status", "fail", "The snapshot extension wrote no status", "exthandler_running", None, None),
        ],
    ),
    ("blocked", 5, [("extensions_enabled", "fail", "waagent.conf switches extensions off", None, "waagent_conf", "n")]),
    ("blocked", 2, [("disk_space", "fail", "/var has no free inodes", None, "free_space", "0 of 655360 inodes")]),
    ("unknown", 14, [("hostga_tcp_32526", "unknown", "Missing fact fabric.hostga: needs root", None, None, None)]),
    ("unreachable", 9, "ssh: connect to host port 22: Connection timed out"),
]


def fleet(size: int) -> dict:
    """The report of a fleet of that size. It has every kind of host from about 200 hosts on."""
    dice = random.Random(size)
    picks = dice.choices(CASES, weights=[case[1] for case in CASES], k=size)
    return report([_host(number, case, dice) for number, case in enumerate(picks)], GENERATED, "1.0.0")


def host(name: str, verdict: str, troubles) -> dict:
    """An evaluation as the engine gives it."""
    return {**_host(0, (verdict, 1, troubles), random.Random(0)), "host": name}


def _host(number, case, dice):
    verdict, _weight, troubles = case
    name = f"{dice.choice(['web', 'db', 'app', 'batch'])}{number:04d}.{dice.choice(['weu', 'eus2'])}.contoso.example"
    if isinstance(troubles, str):
        return {"host": name, "verdict": verdict, "reason": troubles}
    bad = {trouble[0]: trouble for trouble in troubles}
    checks = {check[0]: check for check in CHECKS}
    findings = [_finding(checks[id_], bad[id_], dice) for id_ in bad]
    findings += [_finding(check, None, dice) for check in CHECKS if check[0] not in bad]
    first = findings[0]["id"] if findings[0]["status"] in ("fail", "warn") else None
    return {
        "host": name,
        "platform": "linux",
        "verdict": verdict,
        "first_cause": first,
        "cause": first and {"id": first, "key": findings[0]["why"], "text": findings[0]["why"]},
        "findings": findings,
    }


def _finding(check, trouble, dice):
    id_, title, severity, source, value = check
    _id, status, why, consequence_of, remedy, found = trouble or (id_, "ok", "", None, None, value)
    number = dice.randrange(10_000)
    source = source.replace("{n}", str(number))
    found = found.replace("{n}", str(number)) if isinstance(found, str) else found
    return {
        "id": id_,
        "status": status,
        "severity": severity,
        "title": title,
        "evidence": [{"source": source, "value": found}],
        "why": why,
        "consequence_of": consequence_of,
        "gap": None,
        "remedy": remedy,
        "fix": remedy and {"parameters": {}, "confirm": False, "slow": False, "own": False},
        "advice": f"Correct {id_}." if trouble else None,
        "sources": [{"title": f"About {id_}", "url": f"https://example.org/{id_}"}] if trouble else [],
    }


def machine(name: str, **changes) -> dict:
    """What a report says of a virtual machine in Azure."""
    job = {"status": "Completed", "started": "2026-11-22T22:00:00Z", "ended": "2026-11-22T22:31:00Z", "code": None}
    known = {"power": "running", "protected": True, "vault": "backup", "policy": "nightly", "last_job": job}
    return {"id": f"/subscriptions/s/machines/{name}", "name": name, "claimed": False, **known, **changes}


def vm(name: str, group: str, location: str, **tags: str) -> dict:
    """Where a host is in Azure."""
    return {"id": f"/subscriptions/s/resourceGroups/{group}/machines/{name}", "resource_group": group} | {
        "location": location,
        "tags": tags,
    }


BARE = {"protected": False, "vault": None, "policy": None, "last_job": None}
FAILED = {"status": "Failed", "started": "2026-11-22T22:00:00Z", "ended": None, "code": "UserErrorX"}
BOTH = {
    "read_at": GENERATED,
    "machines": 7,
    "gaps": [{"scope": "group prod", "what": "locks", "permission": "Microsoft.Authorization/locks/read"}],
    "hosts_without_machine": ["db1"],
    "machines_without_host": [
        {"name": name, "verdict": verdict, "first_cause": cause, "text": text, "azure": machine(name, **changes)}
        for name, verdict, cause, text, changes in (
            ("stray", "blocked", "protection", "No vault protects it", BARE),
            ("other", "ready", None, None, {"vault": "second"}),
        )
    ],
    "ambiguous": ["Cannot tell which virtual machine 'db1' is: /a/db1 and /b/db1 have its name"],
    "error": None,
}
TOGETHER = {
    **_finding(("jobs_together", "Jobs succeed", "warning", "", ""), None, random.Random(0)),
    "status": "warn",
    "why": "2 backups failed with UserErrorX",
    "advice": "Look for a cause that they share.",
    "hosts": ["web4", "stray"],
}


def both_sides_of(about: dict) -> dict:
    """The report of a few hosts with their virtual machines, one of each kind, with ``about`` as its part on Azure."""

    def of_azure(result, *ids):
        for finding in result["findings"]:
            if finding["id"] in ids:
                finding["subject"] = "azure"
        return result

    stopped = ("agent_service_running", "fail", "The agent's service is stopped", None, "waagent_service", "inactive")
    job = ("wire_http_80", "warn", "The last job failed: UserErrorX", "agent_service_running", None, "Failed")
    bare = ("agent_installed", "fail", "No vault protects it", None, None, [])
    web1 = of_azure(host("web1", "blocked", [bare]), "agent_installed") | {"azure": machine("web1", **BARE)}
    web2 = host("web2", "degraded", [stopped]) | {"azure": machine("web2")}
    web2 |= {"vm": vm("web2", "prod", "westeurope", env="prod", owner="ops")}
    web3 = host("web3", "ready", [stopped]) | {"azure": machine("web3", policy="crash", power="deallocated")}
    web3["findings"][0] |= {"severity": "info", "weakened_by": "consistency"}
    web3 |= {"first_cause": None, "cause": None}
    web4 = of_azure(host("web4", "blocked", [stopped, job]), "wire_http_80", "hostga_tcp_32526")
    web4 |= {"azure": machine("web4", last_job=FAILED), "error_code": {"code": "UserErrorX", "from": "job"}}
    web5 = of_azure(host("web5", "unreachable", [job]), "wire_http_80") | {"azure": machine("web5")}
    web5 |= {"first_cause": None, "cause": None, "reason": "timed out"}
    db1 = host("db1", "ready", []) | {"vm": vm("db1", "test", "eastus", env="test", owner="ops")}
    return report([web1, web2, web3, web4, web5, db1], GENERATED, "1.0.0", [TOGETHER], about)
