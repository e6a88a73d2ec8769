# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests with the real agent: a healthy one gives no failure, and a fault is named as the first cause."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from lab.command import wait_until
from lab.hosts import changes
from machine_load import OF_LOAD

pytestmark = pytest.mark.lab

WIRE = "168.63.129.16"
UNIT = "walinuxagent.service"

# What Debian ships (docs/checks.md): no faults of a guest.
SHIPPED = {"agent_auto_restart", "agent_autoupdate"}


def findings(lab, host, **options):
    return lab.module(host, "vmbackup.azure.findings_info", {"skip": OF_LOAD, "timeout": 60, **options})


def open_findings(result):
    return {finding["id"] for finding in result["findings"] if finding["status"] in ("fail", "warn")}


@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
@pytest.mark.parametrize("client", ["dhclient", "networkd"])
def test_a_healthy_guest_fails_nothing(lab, lab_host, suite, client):
    host = lab_host(suite, client=client)
    host.wait_agent()
    result = findings(lab, host)
    assert open_findings(result) <= SHIPPED
    assert result["verdict"] in ("at_risk", "ready")


@pytest.mark.parametrize(
    ("edit", "file"),
    [
        ("echo '# seen' >> /etc/waagent.conf", "/etc/waagent.conf"),
        (
            f"mkdir -p /etc/systemd/system/{UNIT}.d; "
            f"printf '[Service]\nEnvironment=A=b\n' > /etc/systemd/system/{UNIT}.d/20-site.conf",
            f"/etc/systemd/system/{UNIT}.d/20-site.conf",
        ),
    ],
)
def test_an_agent_older_than_its_configuration_is_restarted(lab, healthy, edit, file):
    time.sleep(2)
    healthy.exec(edit)
    (found,) = [one for one in findings(lab, healthy)["findings"] if one["id"] == "agent_configuration"]
    source = f"{file}: age_s"
    assert (found["status"], found["remedy"], found["evidence"][0]["source"]) == ("warn", "waagent_service", source)
    lab.module(healthy, "vmbackup.azure.waagent_service", found["fix"]["parameters"])
    (found,) = [one for one in findings(lab, healthy)["findings"] if one["id"] == "agent_configuration"]
    assert found["status"] == "ok"
    variables = healthy.exec(f"cat /proc/$(systemctl show -P MainPID {UNIT})/environ").stdout.split("\0")
    assert ("A=b" in variables) == ("Environment" in edit)


def stopped(lab, host):
    host.exec(f"systemctl stop {UNIT}")


def disabled(lab, host):
    host.exec(f"systemctl disable --now {UNIT}")


def masked(lab, host):
    host.exec(f"systemctl stop {UNIT}; systemctl mask {UNIT}")


def extensions_off(lab, host):
    host.exec("sed -i 's/^Extensions.Enabled=y/Extensions.Enabled=n/' /etc/waagent.conf")
    host.restart_agent()


def marked_disabled(lab, host):
    host.exec("touch /var/lib/waagent/disable_agent")
    host.exec(f"systemctl restart {UNIT}")


def host_plugin_dropped(lab, host):
    lab.drop(host, WIRE, 32526)


def wire_server_dropped(lab, host):
    lab.drop(host, WIRE, 80)


def half_a_proxy(lab, host):
    host.exec("echo HttpProxy.Host=10.77.0.1 >> /etc/waagent.conf")


def proxy_wants_a_password(lab, host):
    host.exec("printf 'HttpProxy.Host=10.77.0.1\\nHttpProxy.Port=8889\\n' >> /etc/waagent.conf")


def no_exec(lab, host):
    host.faults.remount("/var", "noexec")


def no_option_245(lab, host):
    host.set_option_245("none")
    host.renew_lease()


def no_space(lab, host):
    host.faults.fill_disk("/var/lib/waagent")


def strict_syntax(lab, host):
    host.exec("echo 'HttpProxy.Host = 10.77.0.1' >> /etc/waagent.conf")


def conf_gone(lab, host):
    host.exec(f"mv /etc/waagent.conf /etc/waagent.conf.old; systemctl restart {UNIT}")


def condition_does_not_hold(lab, host):
    host.write(f"/etc/systemd/system/{UNIT}.d/20-fault.conf", "[Unit]\nConditionPathExists=/nowhere\n")
    host.exec(f"systemctl daemon-reload; systemctl restart {UNIT}")


def pid_file_of_another(lab, host):
    host.exec(f"systemctl stop {UNIT}; echo 1 > /run/waagent.pid; systemctl start {UNIT}")


def halted(lab, host):
    host.faults.stop_unit_processes()


def handler_process_halted(lab, host):
    host.exec("kill -STOP $(pgrep -f '[r]un-exthandlers')")


def own_firewall(lab, host):
    host.exec(f"iptables -A OUTPUT -d {WIRE} -j REJECT")


def no_route(lab, host):
    host.exec(f"ip route replace blackhole {WIRE}")


def read_only(lab, host):
    host.faults.remount("/var/lib/waagent", "ro")


def python_without_agent(lab, host):
    host.exec(f"systemctl stop {UNIT}; mv /usr/lib/python3/dist-packages/azurelinuxagent /root/")
    host.exec(f"systemctl start {UNIT}", check=False)


def copied_disk(lab, host):
    host.exec("echo 11111111-2222-4333-8444-555555555555 > /var/lib/waagent/provisioned")


FAULTS = [
    (stopped, "agent_service_running"),
    (disabled, "agent_service_enabled"),
    (masked, "agent_unmasked"),
    (extensions_off, "extensions_enabled"),
    (marked_disabled, "agent_disable_marker"),
    (host_plugin_dropped, "hostga_tcp_32526"),
    (wire_server_dropped, "wire_http_80"),
    (half_a_proxy, "proxy_waagent_conf"),
    (proxy_wants_a_password, "proxy_reachable"),
    (no_exec, "lib_dir_exec"),
    (no_option_245, "dhcp_option_245"),
    (no_space, "disk_space"),
    (strict_syntax, "conf_strict_syntax"),
    (conf_gone, "conf_path"),
    (python_without_agent, "agent_installed"),
    (condition_does_not_hold, "agent_unit_conditions"),
    (pid_file_of_another, "agent_service_running"),
    (halted, "agent_service_running"),
    (handler_process_halted, "exthandler_running"),
    (own_firewall, "guest_firewall"),
    (no_route, "wire_route"),
    (read_only, "lib_dir_exec"),
    (copied_disk, "identity"),
]


@pytest.fixture(scope="module")
def diagnosed(lab, module_host):
    """The name of a fault -> what one run over all of them says of its guest."""

    one_at_a_time = threading.Lock()  # each may start the lab's DHCP server anew

    def boot(fault):
        with one_at_a_time:
            host = module_host(name=_host_name(fault), wait=False)
        host.wait_ready()
        host.wait_agent()
        return host

    faults = [fault for fault, _cause in FAULTS]
    with ThreadPoolExecutor(4) as pool:
        hosts = list(pool.map(boot, faults))
        list(pool.map(lambda fault, host: fault(lab, host), faults, hosts))
    task = {"vmbackup.azure.findings_info": {"skip": OF_LOAD, "timeout": 60}}
    play = {"hosts": "all", "gather_facts": False, "become": True, "tasks": [task]}
    return {one["host"]: one["result"] for one in lab.playbook([play], hosts=hosts, arguments=("--forks=6",)).tasks}


def _host_name(fault):
    return fault.__name__.replace("_", "-")


@pytest.mark.parametrize(("inject", "cause"), FAULTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_fault_is_named_as_the_first_cause(diagnosed, inject, cause):
    result = diagnosed[_host_name(inject)]
    assert result["first_cause"] == cause, [
        (f["id"], f["status"], f["why"], f["consequence_of"]) for f in result["findings"][:6]
    ]


def test_no_inode_is_left_until_the_agent_removes_a_file_of_its_own(lab, healthy):
    healthy.faults.exhaust_inodes("/var/lib/waagent")
    assert findings(lab, healthy)["first_cause"] == "disk_space"


def test_the_journal_tells_why_the_agent_does_not_start(lab, healthy):
    healthy.exec("echo 'raise KeyError(1)' >> /usr/lib/python3/dist-packages/azurelinuxagent/agent.py")
    healthy.exec(f"systemctl restart {UNIT}", check=False)
    wait_until("failed unit", lambda: healthy.exec(f"systemctl is-failed -q {UNIT}", check=False).returncode == 0)
    found = {finding["id"]: finding for finding in findings(lab, healthy)["findings"]}
    told = found["agent_service_running"]
    assert told["status"] == "fail" and "KeyError: 1" in [one["value"] for one in told["evidence"]], told


def test_a_diagnosis_changes_nothing(lab, healthy):
    roots = ("/etc", "/usr", "/opt", "/root", "/var/lib", "/home")
    healthy.exec(f"systemctl stop {UNIT}")  # it writes by itself; and its interpreter is then tried
    before = healthy.snapshot(*roots)
    findings(lab, healthy)
    # Ansible's own directory for temporary files, made on the first contact with any host.
    changed = [path for path in map(str, changes(before, healthy.snapshot(*roots))) if "/.ansible" not in path]
    assert changed == []


def report(lab, host, folder, env=None, **variables):
    """What the report says of the guest, after the playbook as users run it."""
    given = {"diagnose_skip": OF_LOAD, "diagnose_timeout": 60, "diagnose_report_dir": str(folder / "report")}
    lab.playbook("playbooks/diagnose.yml", hosts=[host], extra_vars=given | variables, env=env)
    (found,) = json.loads((folder / "report/report.json").read_text("utf-8"))["hosts"]
    return found


def test_the_playbook_takes_one_round_trip(lab, guest, tmp_path):
    log, client = tmp_path / "log", tmp_path / "ssh"
    client.write_text(f'#!/bin/sh\necho call >> {log}\nexec ssh "$@"\n')
    client.chmod(0o755)
    found = report(lab, guest, tmp_path, env={"ANSIBLE_SSH_EXECUTABLE": str(client)})
    assert found["findings"] and log.read_text() == "call\n"


def test_without_root_missing_facts_say_so(lab, healthy, tmp_path):
    healthy.exec("chmod 0600 /etc/waagent.conf")
    found = report(lab, healthy, tmp_path, diagnose_become=False)
    status = {finding["id"]: (finding["status"], finding["why"]) for finding in found["findings"]}
    assert "fail" not in {value for value, _why in status.values()}
    assert status["extensions_enabled"][0] == "unknown" and "needs root" in status["extensions_enabled"][1]


def test_a_tree_is_read_in_place_of_the_system(lab, healthy, tmp_path):
    tree, conf = "/mnt/rescue", "/etc/waagent.conf"
    healthy.exec(f"sed 's/^Extensions.Enabled=y/Extensions.Enabled=n/' {conf} > /root/conf; mkdir {tree}")
    healthy.exec(f"mount --bind / {tree}; mount --make-private {tree}; mount --bind /root/conf {tree}{conf}")
    found = report(lab, healthy, tmp_path, diagnose_root=tree)
    assert (found["verdict"], found["first_cause"]) == ("blocked", "extensions_enabled"), found["findings"][:3]
    status = {finding["id"]: finding["status"] for finding in found["findings"]}
    assert status["wire_http_80"] == status["agent_service_running"] == "unknown"  # only a running system tells these


def test_a_guest_that_swallows_packets_answers_in_time(lab, healthy):
    lab.drop(healthy, WIRE)
    lab.drop(healthy, "169.254.169.254")
    began = time.monotonic()
    try:
        result = lab.module(healthy, "vmbackup.azure.linux_guest_state_info", {"timeout": 8})
    finally:
        lab.undrop()
    assert result["state"]["probe"]["seconds"] <= 8
    assert time.monotonic() - began < 150
