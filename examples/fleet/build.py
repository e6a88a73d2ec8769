# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the saved guests of the demo fleet from states that the probe read on booted Debian guests.

``captures/`` holds these states as they were read, with the real agent on a simulated fabric. What a container shows in
place of an Azure virtual machine is replaced here. Ubuntu, RHEL and SLES guests, and the faults that no capture has,
are constructed: the same facts with what these systems ship. The Windows capture is of a stand-in with a real registry
and a real service manager; what that lacks (event log, certificates, most CIM classes) is added as Windows has it.
"""

from __future__ import annotations

import base64
import copy
import json
import pathlib

HERE = pathlib.Path(__file__).parent
EXTENSION = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


def capture(name: str) -> dict:
    """A captured state, with a virtual machine's hardware, disk and load in place of the container's."""
    text = (HERE / "captures" / f"{name}.json").read_text("utf-8").replace("10.77.", "10.20.")
    state = json.loads(text.replace("vmbackup01.blob.core.windows.net:80", "web01.blob.core.windows.net:443"))
    state["missing"].pop("clock.synchronised", None)
    state["clock"].update(synchronised={"value": True, "max_error_s": 0.02, "read_from": "adjtimex"}, kept_by="chronyd")
    state["identity"].update(kernel="6.1.0-40-cloud-amd64", uptime_s=864000.0)
    state["identity"]["azure"].update(value=True, chassis_asset_tag="7783-7084-3265-9085-8269-3286-77")
    state["load"]["cpu"].update(load_1m=0.12, load_5m=0.12, load_15m=0.1, load_per_core=0.06)
    state["load"]["memory"].update(total_mib=7938, available_mib=6120, used_percent=22.9)
    unit = state["agent"]["unit"]
    unit["drop_ins"] = []
    unit["read_from"] = [f"{unit['name']} ({unit['fragment']})"]
    state["proxy"]["package_manager"]["proxy"] = None
    state["fabric"]["storage"]["tls_error"] = None
    root = {
        "target": "/",
        "source": "/dev/sda1",
        "fstype": "ext4",
        "device": "8:1",
        "root": "/",
        "options": "rw,relatime",
    }
    mount = state["storage"]["lib_dir"]["mount"]
    if mount["fstype"] == "overlay":
        mount.update({**root, "target": mount["target"], "options": mount["options"]})
    state["storage"]["frozen"] = [frozen(**root)]
    for place in state["storage"]["space"]:
        if place["mount"] in ("/", "/var"):
            place.update(total_mib=29964.0, free_mib=24310.5, root_free_mib=24310.5, used_percent=18.9)
    return state


def frozen(**mount) -> dict:
    """A mount that the snapshot extension freezes."""
    healthy = {"errors": 0, "suspended": None, "open_error": None, "turned_read_only": False}
    return {**mount, **healthy, "read_from": "/proc/self/mountinfo"}


def restarting(state: dict, seconds: float = 5.0) -> dict:
    """The agent's unit as its authors ship it: it restarts by itself."""
    state["agent"]["unit"].update(restart="always", restart_s=seconds)
    setting = state["conf"]["settings"]["AutoUpdate.Enabled"]
    setting.update(value=True, text=None, line=None)
    return state


def system(id_: str, version: str, name: str, kernel: str, python: str, unit: str = "waagent.service", like=()) -> dict:
    """A guest of another distribution: Debian's state with that one's names, paths and defaults."""
    state = restarting(capture("debian-12"))
    text = (
        json.dumps(state)
        .replace("walinuxagent.service", unit)
        .replace("/usr/bin/python3.11", f"/usr/bin/python{python}")
    )
    state = json.loads(text)
    state["identity"]["os"].update(id=id_, id_like=list(like), version_id=version, name=name)
    state["identity"]["kernel"] = kernel
    agent = state["agent"]
    agent["interpreter"]["version"] = python
    agent["installed"]["version"] = agent["version"]["value"] = "2.11.1.4"
    agent["modules"] = [{**agent["modules"][0], "version": "2.11.1.4"}]
    agent["package"] = None
    for candidate in state["extension"]["interpreter"]["candidates"]:
        candidate["version"] = f"{python}.9"
    return state


def network(state: dict, client: str, place: str, lease: str | None) -> dict:
    """Another DHCP client on the primary interface; ``lease``: its file, where it keeps option 245."""
    state["dhcp"]["primary"].update(client=client, read_from=place)
    if lease:
        state["dhcp"]["lease"].update(client=client, read_from=lease)
    else:
        state["dhcp"]["lease"] = None
    return state


def ubuntu(version: str, codename: str, python: str) -> dict:
    name = f"Ubuntu {version} LTS ({codename})"
    state = system("ubuntu", version, name, "6.8.0-1021-azure", python, "walinuxagent.service", ["debian"])
    return network(state, "netplan", "/etc/netplan/50-cloud-init.yaml:8", "/run/systemd/netif/leases/2")


def rhel(version: str, python: str) -> dict:
    name = f"Red Hat Enterprise Linux {version}"
    state = system("rhel", version, name, "5.14.0-503.el9.x86_64", python, like=["fedora"])
    state["security"]["selinux"].update(configured="enforcing", mode="enforcing")
    return network(state, "networkmanager", "/etc/sysconfig/network-scripts/ifcfg-eth0:2", None)


def sles() -> dict:
    state = system("sles", "15.6", "SUSE Linux Enterprise Server 15 SP6", "6.4.0-150600-azure", "3.6", like=["suse"])
    return network(state, "ifcfg", "/etc/sysconfig/network/ifcfg-eth0:1", None)


def proxy_that_refuses(state: dict) -> dict:
    """waagent.conf names a proxy that demands a password, which the agent cannot give."""
    asked = capture("proxy-407")
    for key in ("HttpProxy.Host", "HttpProxy.Port"):
        state["conf"]["settings"][key] = asked["conf"]["settings"][key]
    state["conf"]["extension"] = asked["conf"]["extension"]
    state["proxy"]["paths"] = asked["proxy"]["paths"]
    state["fabric"]["proxies"] = asked["fabric"]["proxies"]
    return json.loads(json.dumps(state).replace("10.20.0.1:8889", "10.0.0.5:3128").replace('"10.20.0.1"', '"10.0.0.5"'))


def no_exec_on_var() -> dict:
    state = rhel("9.5", "3.9")
    mount = {"source": "/dev/mapper/rootvg-varlv", "fstype": "xfs", "device": "253:3", "target": "/var", "root": "/"}
    options = "rw,noexec,relatime,attr2,inode64,logbufs=8,logbsize=32k,noquota"
    state["storage"]["lib_dir"]["mount"].update(mount, options=options)
    state["storage"]["lib_dir"]["noexec"] = True
    installed = state["extension"]["installed"]
    installed["state"] = "NotInstalled"
    installed["status"].update(status="NotReady", code=1007, message="Non-zero exit code: 126, main/handle.sh install")
    return state


def events_everywhere() -> dict:
    """The agent's telemetry piled up until no inode was left."""
    state = capture("no-inodes")
    lib_dir = state["storage"]["space"][0]
    lib_dir.update(inodes=131072, inodes_used_percent=100.0, total_mib=4031.0, free_mib=2950.2, root_free_mib=2950.2)
    lib_dir["entries"] = {"path": "/var/lib/waagent/events", "count": 118204}
    disk = {"source": "/dev/sdb1", "fstype": "ext4", "device": "8:17", "target": "/var/lib/waagent"}
    state["storage"]["lib_dir"]["mount"].update(disk)
    return restarting(state)


def python_without_the_agent() -> dict:
    """/usr/bin/python3 was pointed elsewhere; the agent's code lies with the platform's Python."""
    state = rhel("8.7", "3.9")
    agent = state["agent"]
    agent["unit"].update(
        active="activating", sub="auto-restart", result="exit-code", exit_code=1, exit_status=1, main_pid=0
    )
    agent.update(daemon=None, daemons=0, handler=None, handlers=0, pid_file=None)
    agent["interpreter"].update(imports=False, error="ModuleNotFoundError: No module named 'azurelinuxagent'")
    agent["version"].update({"of": "next start", "read_from": agent["installed"]["read_from"]})
    return state


def extension_too_old() -> dict:
    """The installed extension imports a module that the guest's Python no longer has."""
    state = ubuntu("26.04", "Resolute Raccoon", "3.14")
    extension = json.loads(json.dumps(state["extension"]).replace("1.0.9232.0", "1.0.9225.0"))
    extension["interpreter"].update(needs=["crypt"], usable=None)
    for candidate in extension["interpreter"]["candidates"]:
        candidate.update(version="3.14.3", lacks=["crypt"])
    extension["installed"]["state"] = "Installed"
    extension["installed"]["status"].update(
        status="NotReady", code=1009, message="Non-zero exit code: 1, main/handle.sh enable"
    )
    state["extension"] = extension
    return state


def mounted_twice() -> dict:
    """One disk on two mount points: the second freeze is refused."""
    state = rhel("9.5", "3.9")
    disk = {"source": "/dev/sdc1", "fstype": "xfs", "device": "8:33", "root": "/", "options": "rw,relatime"}
    targets = ["/data/db", "/data/dblog"]
    state["storage"]["frozen"] += [frozen(target=target, **disk) for target in targets]
    state["storage"]["twice"] = [{"device": "8:33", "targets": targets, "read_from": "/proc/self/mountinfo"}]
    status = state["extension"]["status"]
    status.update(
        code=121, word="success", reported_word="error", message="Snapshot failed due to filesystem freeze failure"
    )
    return state


CRYPTO_ACL = "O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;0x1200a9;;;BU)"
EVENTS = ("application_crashes", "applocker_blocks", "applocker_script_blocks", "cluster_backup", "dotnet_crashes")
EVENTS += ("code_integrity_blocks", "installer_errors", "service_failures", "sql_backups", "volume_states")
EVENTS += ("volume_timeouts",)
CERTIFICATE = {
    "friendly_name": "TenantEncryptionCert",
    "has_private_key": True,
    "issuer": "DC=Windows Azure CRP Certificate Generator",
    "subject": "DC=Windows Azure CRP Certificate Generator",
    "not_before": "2026-10-02T00:00:00Z",
    "not_after": "2027-10-02T00:00:00Z",
    "thumbprint": "A" * 40,
}


def windows() -> dict:
    """A Windows Server 2022 whose last backup ended well a few minutes ago."""
    state = json.loads((HERE / "captures/windows-2022.json").read_text("utf-8").replace("stagesvc.exe", "svchost.exe"))
    state["missing"] = {"fabric.storage": state["missing"]["fabric.storage"]}
    state["captured"] = "2026-11-23T08:05:00Z"
    state["probe"].update(powershell="5.1.20348.2849", seconds=1.1, timeout_s=15.0)
    state["identity"].update(boot_time="2026-11-22T22:00:00Z", language="en-US")
    state["identity"]["azure"] = {
        "value": True,
        "read_from": "HKLM\\SYSTEM\\CurrentControlSet\\Services\\mssmbios\\Data",
    }
    agent = state["agent"]
    agent["acl"].update(dict.fromkeys(("keys", "rsa", "system_keys", "windows_azure", "packages"), CRYPTO_ACL))
    agent["acl"]["machine_keys"] = "O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)"
    agent["aggregate"]["modified"] = agent["aggregate"]["written"]
    agent["certificates"] = [CERTIFICATE]
    state["extension"]["versions"][0]["executable"] = True
    state["backup"]["classes_acl"] = "O:SYG:SYD:PAI(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)"
    state["backup"]["providers"][0]["name"] = "Azure Backup VSS Provider"
    state["events"].update({kind: [] for kind in (*EVENTS, "vss_errors")})
    state["clock"].update(now=1795421100.0, host_provider=1)
    state["clock"]["source"].update(type="NTP", servers="time.windows.com,0x8")
    state["dhcp"]["skip_as_source"] = {"10.0.0.4": False}
    state["dhcp"]["interfaces"][0]["description"] = "Microsoft Hyper-V Network Adapter"
    for adapter in (state["dhcp"]["interfaces"][0], state["dhcp"]["primary"]):
        adapter["mac"] = state["fabric"]["imds"]["instance"]["primary_mac"]
    state["firewall"]["active_profiles"] = [{"interface": 7, "category": 0}]
    state["load"]["cpu"] = {
        "percent": 7.4,
        "cores": 2,
        "sample_s": 0.31,
        "read_from": "Win32_PerfRawData_PerfOS_Processor",
    }
    memory = {
        "total_mib": 8191,
        "available_mib": 5230,
        "used_percent": 36.2,
        "commit_limit_mib": 9471,
        "commit_free_mib": 6344,
    }
    state["load"]["memory"].update(memory)
    state["security"].update(code_integrity={"kernel": 0, "user_mode": 0}, antivirus_filters=["WdFilter"])
    state["storage"].update(bitlocker=[{"name": "C:", "protection": 0}])
    state["storage"]["drives"] = [
        {"name": "C:\\", "format": "NTFS", "ready": True, "size": 136365211648, "free": 81086029824}
    ]
    state["wmi"]["std_reg_prov"] = 0
    services = state["services"]
    services["IaasVmProvider"]["start"] = 2
    services["KeyIso"].update(start=3, triggered=True)
    services["Winmgmt"].update(start=2, state="Running")
    return state


def win_http_proxy(state: dict, proxy: str) -> dict:
    """The article's guest: a WinHTTP proxy that is not there, no exception for the fabric, a run without an end."""
    name = proxy.encode()
    head = b"".join(number.to_bytes(4, "little") for number in (0x18, 0, 3, len(name)))
    state["proxy"]["winhttp"]["value"] = base64.b64encode(head + name + bytes(4)).decode()
    target = "management.azure.com:443"
    state["fabric"]["proxies"] = [
        {
            "proxy": proxy,
            "clients": ["winhttp"],
            "target": target,
            "target_is_storage": False,
            "connected": False,
            "error": "timed out",
            "error_code": 10060,
            "seconds": 5.0,
            "status": None,
            "answer": None,
            "tls_error": None,
            "read_from": f"tcp {proxy}: CONNECT {target}",
        }
    ]
    status = state["extension"]["versions"][0]["status"]
    status.update(status="transitioning", message="Snapshot in progress", time="2026-11-20T02:00:00Z")
    return state


def with_services(state: dict, **changes: dict) -> dict:
    for name, change in changes.items():
        state["services"][name].update(change)
    return state


def failed_writers() -> dict:
    state = windows()
    for writer in state["backup"]["writers"][:2]:
        writer["state"] = 8
    message = "ExtensionFailedVssWriterInBadState: Snapshot operation failed because VSS writers were in a bad state."
    state["extension"]["versions"][0]["status"].update(status="error", code=8, message=message)
    return state


GUESTS = {
    "web-eu-01": lambda: restarting(capture("debian-12")),
    "web-eu-02": lambda: capture("debian-13"),
    "app-eu-01": lambda: ubuntu("22.04", "Jammy Jellyfish", "3.10"),
    "app-eu-02": lambda: proxy_that_refuses(ubuntu("22.04", "Jammy Jellyfish", "3.10")),
    "app-eu-03": lambda: proxy_that_refuses(ubuntu("24.04", "Noble Numbat", "3.12")),
    "db-eu-01": lambda: rhel("9.5", "3.9"),
    "erp-eu-01": sles,
    "web-us-01": lambda: restarting(capture("extensions-off")),
    "web-us-02": lambda: restarting(capture("host-plugin-dropped")),
    "batch-us-01": events_everywhere,
    "app-us-01": no_exec_on_var,
    "app-us-02": python_without_the_agent,
    "app-us-03": extension_too_old,
    "db-us-01": mounted_twice,
    "win-eu-01": windows,
    "win-eu-02": lambda: win_http_proxy(windows(), "10.0.0.250:3128"),
    "win-eu-03": lambda: with_services(windows(), IaasVmProvider={"start": 4}),
    "win-us-01": failed_writers,
    "win-us-02": lambda: with_services(
        windows(),
        RdAgent={"start": 4, "state": "Stopped", "failure_actions": None},
        WindowsAzureGuestAgent={"start": 4, "state": "Stopped", "failure_actions": None},
    ),
}


def main() -> None:
    for name, make in GUESTS.items():
        state = copy.deepcopy(make())
        state["identity"]["hostname"] = name
        path = HERE / "states" / f"{name}.json"
        path.write_text(json.dumps(state, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
