# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system's logs: the agent's end, the kernel's words, and the newest time of a tree."""

import calendar
import struct

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _agent_log, _signatures, _system_log
from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe

AT = calendar.timegm((2026, 3, 1, 2, 30, 0))
FRAME = 'File "/usr/lib/python3/dist-packages/azurelinuxagent/agent.py", line 31'


def described(host, last=AT):
    log = None if last is None else {"last_line": last}
    return _system_log.describe(host, None, None, log, {"signatures": for_probe()})


def test_how_long_the_guest_went_on(tree):
    stated = described(tree({"/var/log/syslog": "2026-03-01T05:30:00.1+00:00 vm CRON[1]: x\n"}))
    assert (stated["silent_s"], stated["newest_in"], stated["universal"]) == (3 * 3600, "/var/log/syslog", True)


@pytest.mark.parametrize("path", ["/var/log/messages", "/var/log/secure", "/var/log/auth.log"])
def test_times_without_a_year(tree, path):
    assert described(tree({path: "Mar  1 04:30:00 vm x: y\n"}))["silent_s"] == 2 * 3600


def test_a_year_that_changes_between_two_logs(tree):
    new_year = calendar.timegm((2026, 1, 1, 0, 10, 0))
    assert described(tree({"/var/log/messages": "Dec 31 23:50:00 vm x: y\n"}), new_year)["silent_s"] == 0


def test_the_journals_newest_entry(tree):
    head = b"LPKSHHRH" + bytes(184) + struct.pack("<Q", (AT + 600) * 1000000)
    assert described(tree({"/var/log/journal/0123/system.journal": head}))["silent_s"] == 600
    assert described(tree({"/var/log/journal/0123/system.journal": b"LPKSHHRH"})) is None


def test_the_agents_traceback(tree):
    head = "Mar  1 02:31:00 vm python3[8]: "
    lines = f"{head}  {FRAME}\n{head}ImportError: cannot import name 'x'\n"
    crash = described(tree({"/var/log/messages": lines}))["crash"]
    assert crash["text"] == "ImportError: cannot import name 'x'" and not crash["over"]
    later = described(tree({"/var/log/messages": lines}), AT + 3600)["crash"]
    assert later["over"]


def test_a_traceback_of_another_program(tree):
    lines = "Mar  1 02:31:00 vm python3[8]:   File /opt/x.py\nMar  1 02:31:00 vm python3[8]: KeyError: 'x'\n"
    assert described(tree({"/var/log/messages": lines}))["crash"] is None


def test_what_the_kernel_killed(tree):
    own = "Mar  1 02:31:00 vm kernel: Memory cgroup out of memory: Killed process 8 (python3)\n"
    assert described(tree({"/var/log/messages": own}))["current"] == {}
    whole = "Mar  1 02:31:00 vm kernel: Out of memory: Killed process 8 (java)\n"
    assert "killed_for_memory" in described(tree({"/var/log/messages": whole}))["current"]


def test_a_unit_that_was_started_again(tree):
    failed = "Mar  1 02:31:00 vm systemd[1]: waagent.service: Failed with result 'exit-code'.\n"
    assert "agent_unit_failed" in described(tree({"/var/log/messages": failed}))["current"]
    started = failed + "Mar  1 02:32:00 vm systemd[1]: Started Azure Linux Agent.\n"
    assert described(tree({"/var/log/messages": started}))["current"] == {}


def test_local_time(tree, tmp_path):
    host = tree({"/var/log/syslog": "Mar  1 02:31:00 vm x: y\n"})
    (tmp_path / "etc").mkdir(exist_ok=True)
    (tmp_path / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert described(host)["universal"] is False


def zone(first, changes=(), rule="UTC0"):
    """A table of a zone: seconds ahead of UTC at first, and from each change on."""
    kinds = b"".join(struct.pack(">lbb", ahead, 0, 0) for ahead in [first, *(ahead for _when, ahead in changes)])
    head = struct.pack(">4sc15x6L", b"TZif", b"2", 0, 0, 0, len(changes), len(changes) + 1, 4)
    times = b"".join(struct.pack(">q", when) for when, _ahead in changes) + bytes(range(1, len(changes) + 1))
    old = struct.pack(">4sc15x6L", b"TZif", b"2", 0, 0, 0, 0, 1, 4) + kinds[:6] + b"LMT\0"
    return old + head + times + kinds + b"LMT\0" + f"\n{rule}\n".encode()


TOKYO = zone(9 * 3600, rule="JST-9")
NEW_YORK_RULE = "EST5EDT,M3.2.0,M11.1.0"
NEW_YORK = zone(
    -17762,
    [(AT - 10**7, -4 * 3600), (AT - 10**6, -5 * 3600), (AT + 10**6, -4 * 3600)],
    NEW_YORK_RULE,
)
SLIM = zone(-17762, [(AT - 10**7, -5 * 3600)], NEW_YORK_RULE)


@pytest.mark.parametrize(
    ("table", "line", "silent_s", "universal"),
    [
        (zone(0), "Mar  1 02:40:00", 600, True),
        (TOKYO, "Mar  1 11:40:00", 600, True),
        (NEW_YORK, "Feb 28 21:40:00", 600, True),
        (TOKYO, "2026-03-01T11:40:00.123456+09:00", 600, True),
        (TOKYO, "2026-03-01T02:40:00Z", 600, True),
        (NEW_YORK, "2026-02-28T21:40:00-0500", 600, True),
        (TOKYO, "2026-03-01 11:40:00,107", 600, True),
        # Only a rule of summer times would tell, or nothing.
        (SLIM, "Mar  1 02:40:00", 600, False),
        ("no table", "Mar  1 02:40:00", 600, False),
        (TOKYO[:100], "Mar  1 02:40:00", 600, False),
    ],
)
def test_the_table_of_a_zone(tree, table, line, silent_s, universal):
    stated = described(tree({"/etc/localtime": table, "/var/log/messages": f"{line} vm x: y\n"}))
    assert (stated["silent_s"], stated["universal"]) == (silent_s, universal)


@pytest.mark.parametrize(
    ("table", "time", "over"),
    [
        # The agent wrote its last line at 02:30 UTC.
        (TOKYO, "Mar  1 10:00:00", True),
        (TOKYO, "Mar  1 11:31:00", False),
        (NEW_YORK, "Feb 28 21:30:05", False),
        (NEW_YORK, "Feb 28 21:00:00", True),
        (SLIM, "Feb 28 21:30:05", None),
        (SLIM, "Feb 27 21:30:05", True),
        (SLIM, "Mar  2 21:30:05", False),
        (SLIM, "2026-02-28T21:30:05-05:00", False),
        (SLIM, "2026-03-01T11:00:00+09:00", True),
    ],
)
def test_whether_a_crash_in_local_time_is_over(tree, table, time, over):
    head = f"{time} vm python3[8]: "
    lines = f"{head}  {FRAME}\n{head}ImportError: cannot import name 'x'\n"
    assert described(tree({"/etc/localtime": table, "/var/log/messages": lines}))["crash"]["over"] is over


def test_no_logs(tree):
    assert described(tree({})) is None
    assert described(tree({"/var/log/syslog": "noise\n"}), None)["silent_s"] is None


UNIT = "2026-03-01T02:31:00+0000 vm systemd[1]: walinuxagent.service: Failed with result 'exit-code'.\n"
KILLED = "2026-03-01T02:31:01+0000 vm kernel: Out of memory: Killed process 8 (java)\n"
CRASH = f"2026-03-01T02:31:00+0000 vm python3[8]: {FRAME}\n2026-03-01T02:31:00+0000 vm python3[8]: KeyError: 'x'\n"


@pytest.fixture
def running(tree, monkeypatch):
    """A running guest with these files and this journal, and the commands that were run."""

    def make(files, journal):
        host, commands = tree({"/run/log/journal/0123/system.journal": "x", **files}), []
        host.live, root = True, host.root
        monkeypatch.setattr(host, "path", lambda path, follow=True: root + path)
        monkeypatch.setattr(host, "run", lambda argv, timeout: commands.append(argv) or (0, journal, ""))
        found = _system_log.describe(host, AT + 120, AT - 3600, {"last_line": AT}, {"signatures": for_probe()})
        return found, commands

    return make


def test_the_journal_where_nothing_writes_it_to_files(running):
    found, commands = running({}, CRASH + UNIT + KILLED)
    assert set(found["current"]) == {"agent_unit_failed", "killed_for_memory"} and len(commands) == 1
    assert (found["crash"]["text"], found["crash"]["over"]) == ("KeyError: 'x'", False)
    assert found["read_from"] == ["journal"]
    assert running({}, UNIT + UNIT.replace(UNIT[33:], "systemd[1]: Started Azure Linux Agent.\n"))[0]["current"] == {}


def test_an_empty_journal(running):
    assert running({}, "")[0] is None


def test_the_journal_is_not_asked_where_syslog_writes(running):
    found, commands = running({"/var/log/syslog": KILLED}, UNIT)
    assert set(found["current"]) == {"killed_for_memory"} and commands == []


def test_the_log_of_bans_does_not_stand_for_the_journal(running):
    ban = "2026-03-01 02:31:00,123 fail2ban.actions [9]: NOTICE [recidive] Ban 168.63.129.16\n"
    found, commands = running({"/var/log/fail2ban.log": ban}, KILLED)
    assert set(found["current"]) == {"killed_for_memory", "address_banned"} and len(commands) == 1


@pytest.mark.parametrize("host", ["app-acceptatie01", "willow1", "yellow"])
def test_the_name_of_a_host_says_nothing_of_a_rule(tree, host):
    line = f"Mar  1 02:31:00 {host} kernel: [UFW BLOCK] IN= OUT=eth0 DST=168.63.129.16 PROTO=TCP DPT=80 UID=0 GID=0\n"
    assert set(described(tree({"/var/log/syslog": line}))["current"]) == {"filter_dropped"}


def test_a_later_boot_is_not_masked_by_the_command_line_of_an_earlier_one(tree):
    masked = "Mar  1 02:30:00 vm kernel: Command line: ro systemd.mask=waagent.service\n"
    later = "Mar  1 02:31:00 vm kernel: Linux version 6.1\nMar  1 02:31:00 vm kernel: Command line: ro\n"
    assert set(described(tree({"/var/log/syslog": masked}))["current"]) == {"agent_masked_at_boot"}
    assert described(tree({"/var/log/syslog": masked + later}))["current"] == {}


def test_a_tree_has_no_journal_to_ask(tree):
    assert described(tree({"/var/log/journal/0123/x": "x"})) is None


AGENT_LOG = "/var/log/waagent.log"
ERROR = "2026-03-01T02:29:00.1Z WARNING ExtHandler ExtHandler Error fetching the goal state: timed out\n"


def set_off(host):
    options = {"signatures": for_probe()}
    around = _system_log.changes(host, None)
    told = _agent_log.describe(host, None, None, _signatures.of_log(options, "agent"), around)
    return told["current"]["goal_state_unreadable"]["set_off"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Mar  1 02:28:00 vm systemd: Reloaded firewalld - dynamic firewall daemon.", True),
        ("Mar  1 02:28:00 vm systemd[1]: Started NetworkManager.service - Network Manager.", True),
        ("Mar  1 02:28:00 vm kernel: PM: suspend exit", True),
        ("Mar  1 02:20:00 vm kernel: PM: suspend exit", False),
        ("Mar  1 02:29:30 vm kernel: PM: suspend exit", False),
        ("Mar  1 02:28:00 vm systemd: Started Session 12 of user admin.", False),
    ],
)
def test_what_the_system_changed_shortly_before_an_error_of_the_agent(tree, line, named):
    host = tree({AGENT_LOG: ERROR, "/var/log/messages": f"{line}\n"})
    assert set_off(host) == (line if named else None)


def test_local_times_do_not_compare(tree, tmp_path):
    host = tree({AGENT_LOG: ERROR, "/var/log/messages": "Mar  1 02:28:00 vm kernel: PM: suspend exit\n"})
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Rome")
    assert set_off(host) is None


def test_a_server_of_a_network_mount_comes_back(tree):
    line = "Mar  1 02:3{0}:00 vm kernel: nfs: server {1}\n"
    gone = line.format(1, "nas1 not responding, timed out")
    assert "network_mount_silent" in described(tree({"/var/log/messages": gone}))["current"]
    back = gone + line.format(2, "nas1 OK")
    assert described(tree({"/var/log/messages": back}))["current"] == {}
    other = gone + "Mar  1 02:32:00 vm sshd[1]: key exchange OK\n"
    assert "network_mount_silent" in described(tree({"/var/log/messages": other}))["current"]


def test_a_security_product_that_takes_files_of_the_agent_away(tree):
    taken = "Mar  1 02:31:00 vm clamd[7]: {0}: Unix.Malware.Agent FOUND, moved to quarantine\n"
    own = taken.format("/var/lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9232.0/main/handle.sh")
    assert "guard_refused" in described(tree({"/var/log/syslog": own}))["current"]
    assert described(tree({"/var/log/syslog": taken.format("/home/x/setup.bin")}))["current"] == {}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("SAVScan[7]: Access to /var/lib/waagent/x/main/handle.py prevented, Troj/Test-A", "guard_refused"),
        ("td[7]: Prevented execution of /var/lib/waagent/x/main/handle.py", "guard_refused"),
        ("td[7]: Prevented execution of /opt/x", None),
        ("systemd-oomd[9]: Killed /azure.slice/azure-vmextensions.slice/x.scope due to memory used", "ended_by_oomd"),
        ("systemd[1]: waagent.service: systemd-oomd killed 2 process(es) in this unit.", "ended_by_oomd"),
        ("systemd-oomd[9]: Killed /system.slice/app.service due to memory pressure", None),
        ("systemd[1]: Stopped waagent.service - Azure Linux Agent.", "agent_unit_stopped"),
        ("systemd[1]: Reached target emergency.target - Emergency Mode.", "rescue_mode"),
        (
            'earlyoom[9]: sending SIGKILL to process 7 uid 0 "waagent": oom_score 901, VmRSS 311 MiB',
            "ended_by_earlyoom",
        ),
        ('earlyoom[9]: sending SIGKILL to process 7 uid 99 "java": oom_score 901, VmRSS 311 MiB', None),
        ("systemd-coredump[9]: Process 7 (safefreeze) of user 0 dumped core.", "helper_crashed"),
        ("systemd-coredump[9]: Process 7 (java) of user 0 dumped core.", None),
        ("kernel: FINAL_REJECT: IN= OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 LEN=60 PROTO=TCP", "filter_dropped"),
        ("kernel: [UFW BLOCK] IN= OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 LEN=60 UID=0 GID=0", "filter_dropped"),
        ("kernel: [UFW BLOCK] IN= OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 LEN=60 UID=33 GID=33", None),
        ("kernel: [UFW BLOCK] IN= OUT=eth0 SRC=10.0.0.4 DST=10.9.9.9 LEN=60 UID=0 GID=0", None),
        ("kernel: [UFW ALLOW] IN= OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 LEN=60 UID=0 GID=0", None),
        ("kernel: egress-audit IN= OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 PROTO=TCP DPT=32526", None),
        ("kernel: egress-audit IN=veth1 OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 PROTO=TCP DPT=80", None),
        ("kernel: egress-audit IN= OUT=eth0 SRC=10.0.0.4 DST=168.63.129.16 PROTO=UDP SPT=999 DPT=53 LEN=40", None),
        ("fail2ban.actions[9]: NOTICE [recidive] Ban 168.63.129.16", "address_banned"),
        ("charon[9]: CHILD_SA azure{1} established with TS 0.0.0.0/0 === 0.0.0.0/0", None),
        (
            "charon-systemd[9]: IKE_SA up, CHILD_SA v{1} established with TS 10.1.0.0/16 === 0.0.0.0/0",
            "tunnel_of_ipsec",
        ),
        ("charon-systemd[9]: CHILD_SA v{1} established with TS 0.0.0.0/0 === 10.9.0.7/32", None),
        (
            "NetworkManager[9]: <info> device (eth0): state change: unmanaged -> unmanaged (reason 'link-init')",
            "interface_not_managed",
        ),
        ("NetworkManager[9]: <info> device (enP4s1): state change: unavailable -> unmanaged", None),
        (
            "network[9]: Device eth0 does not seem to be present, delaying initialization.",
            "interface_of_another_machine",
        ),
        ("network[9]: Device eth2 does not seem to be present, delaying initialization.", None),
        ("multipathd[9]: 3600224: remaining active paths: 0", "disk_paths_gone"),
        ("systemd[1]: waagent.service: start operation timed out. Terminating.", "agent_unit_start_timed_out"),
        (
            "systemd[71]: waagent.service: Failed at step USER spawning /bin/x: No such process",
            "agent_unit_step_failed",
        ),
        ("waagent[71]: zipimport.ZipImportError: can't decompress data; zlib not available", "python_without_zlib"),
        ("python3[71]: OSError: [Errno 5] Input/output error: '/var/lib/waagent/history'", "agent_file_refused"),
        ("python3[71]: PermissionError: [Errno 13] Permission denied: '/var/log/waagent.log'", None),
        ("systemd[1]: app-waagent.service: start operation timed out. Terminating.", None),
        ("kernel: Command line: ro systemd.mask=waagent.service quiet", "agent_masked_at_boot"),
        ("kernel: Command line: ro systemd.mask=snapd.service quiet", None),
        (
            "avscand[9]: /var/lib/waagent/x/main/safefreeze/bin/safefreeze is infected with Linux/Y, access blocked",
            "guard_refused",
        ),
        ("kernel: nf_conntrack: nf_conntrack: table full, dropping packet", "connections_table_full"),
        ("ovpn-a[9]: /sbin/ip route add 128.0.0.0/1 via 10.8.0.5", "tunnel_for_everything"),
        ("ovpn-a[9]: /sbin/route add -net 0.0.0.0 netmask 128.0.0.0 gw 10.8.0.5", "tunnel_for_everything"),
        ("wg-quick[9]: [#] ip -4 route add 0.0.0.0/1 dev wg0", "tunnel_for_everything"),
        ("ovpn-a[9]: /sbin/ip route add 172.16.40.0/24 via 10.8.0.5", None),
        ("ovpn-a[9]: net_route_v4_del: 128.0.0.0/1 via 10.8.0.5 dev [NULL]", None),
        (
            "python3[9]: detected unhandled Python exception in '/var/lib/waagent/"
            "Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9232.0/main/handle.py'",
            "extension_crashed",
        ),
        ("python3[9]: detected unhandled Python exception in '/opt/a/handle.py'", None),
        ('kernel: audit: apparmor="DENIED" operation="exec" name="/var/lib/waagent/x/handle.sh"', "apparmor_denied"),
        ('kernel: audit: apparmor="ALLOWED" operation="exec" name="/var/lib/waagent/x/handle.sh"', None),
        ("setroubleshoot[9]: SELinux is preventing x from read access on /var/lib/waagent/a", "selinux_prevented"),
        ("setroubleshoot[9]: SELinux is preventing x from read access on /srv/www/a", None),
        ('kernel: audit: apparmor="DENIED" operation="open" name="/proc/1/environ"', None),
        ('kernel: audit: apparmor="DENIED" operation="open" name="/data/" comm="safefreeze"', "apparmor_denied_helper"),
        ('kernel: audit: apparmor="ALLOWED" operation="open" name="/data/" comm="safefreeze"', None),
        ("rsyslogd: file '/var/log/cron'[8] write error - OS error: No space left on device", "logs_not_written"),
        ("dockerd[9]: write /data/docker/x: no space left on device", None),
        ("systemd[1]: waagent.service: Unit has a bad unit file setting.", "agent_unit_left_out"),
        ("systemd[1]: app-waagent.service: Unit has a bad unit file setting.", None),
        ("systemd[1]: waagent.service: Failed to load environment files: Permission denied", "agent_unit_left_out"),
        (
            "kernel: oom-kill:x,task_memcg=/system.slice/waagent.service,task=python3,pid=9",
            "killed_in_the_agents_group",
        ),
        ("kernel: oom-kill:x,task_memcg=/system.slice/docker-1.scope,task=python3,pid=9", None),
        (
            "kernel: oom-kill:constraint=CONSTRAINT_NONE,global_oom,task_memcg=/azure.slice/azure-vmextensions.slice/a",
            None,
        ),
        (
            "kernel: oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/azure.slice/azure-vmextensions.slice/"
            "azure-vmextensions-Microsoft.Azure.Extensions.CustomScript_2.1.10.slice,task_memcg=/azure.slice/"
            "azure-vmextensions.slice/azure-vmextensions-Microsoft.Azure.Extensions.CustomScript_2.1.10.slice/a.scope",
            None,
        ),
        (
            "kernel: oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/azure.slice/azure-vmextensions.slice/"
            "azure-vmextensions-Microsoft.Azure.RecoveryServices.VMSnapshotLinux_1.0.9232.0.slice/a.scope",
            "killed_in_the_extensions_group",
        ),
        (
            "kernel: cgroup: fork rejected by pids controller in /system.slice/waagent.service",
            "no_processes_in_the_agents_group",
        ),
        ("kernel: cgroup: fork rejected by pids controller in /system.slice/app.service", None),
        ("kernel: rcu: INFO: rcu_sched self-detected stall on CPU", "processor_hangs"),
        ("kernel: sd 0:0:0:1: [sdc] tag#9 timing out command, waited 180s", "disk_commands_time_out"),
        ("kernel: st 0:0:0:1: [st0] tag#9 timing out command, waited 180s", None),
        (
            "systemd[1]: sysinit.target: Job walinuxagent.service/start deleted to break ordering cycle starting with"
            " sysinit.target/start",
            "agent_unit_left_out",
        ),
    ],
)
def test_lines_of_others_that_concern_the_agent(tree, line, names):
    found = described(tree({"/var/log/syslog": f"Mar  1 02:31:00 vm {line}\n"}))["current"]
    assert set(found) == ({names} if names else set())


def test_an_error_of_python_itself_before_the_agents_unit_ends(tree):
    lines = "Mar  1 02:31:00 vm python3[8]: ImportError: libssl.so.1.1: cannot open shared object file\n"
    assert described(tree({"/var/log/messages": lines}))["crash"] is None
    end = "Mar  1 02:31:01 vm systemd[1]: {0}: Main process exited, code=exited, status=1/FAILURE\n"
    assert described(tree({"/var/log/messages": lines + end.format("app-agent.service")}))["crash"] is None
    found = described(tree({"/var/log/messages": lines + end.format("waagent.service")}))
    assert "libssl" in found["crash"]["text"] and "status=1" in found["current"]["agent_unit_ended"]["text"]


@pytest.mark.parametrize(
    "text",
    [
        "/usr/bin/python3: symbol lookup error: /lib64/libssl.so.3: undefined symbol: EVP_x",
        "error while loading shared libraries: libz.so.1: cannot open shared object file: Permission denied",
    ],
)
def test_a_library_that_the_agents_python_does_not_get(tree, text):
    lines = f"Mar  1 02:31:00 vm python3[8]: {text}\n"
    assert described(tree({"/var/log/messages": lines}))["crash"] is None
    end = "Mar  1 02:31:01 vm systemd[1]: waagent.service: Main process exited, code=exited, status=127/n/a\n"
    assert described(tree({"/var/log/messages": lines + end}))["crash"]["text"] == text


def test_a_share_of_smb_that_did_not_respond(tree):
    line = "Mar  1 02:31:00 vm kernel: {0}: VFS: \\\\nas.example has not responded in 180 seconds. Reconnecting...\n"
    assert "network_mount_slow" in described(tree({"/var/log/kern.log": line.format("CIFS")}))["current"]
    assert described(tree({"/var/log/kern.log": line.format("X")}))["current"] == {}


@pytest.mark.parametrize(
    ("name", "begun", "over"),
    [
        (
            "address_banned",
            "fail2ban.actions[9]: NOTICE [a] Ban 168.63.129.16",
            "fail2ban.actions[9]: NOTICE [a] Unban 168.63.129.16",
        ),
        (
            "disk_paths_gone",
            "multipathd[9]: m: remaining active paths: 0",
            "multipathd[9]: m: remaining active paths: 2",
        ),
        (
            "tunnel_of_ipsec",
            "charon[9]: CHILD_SA v{1} established with TS 10.1.0.4/32 === 0.0.0.0/0",
            "charon[9]: closing CHILD_SA v{1} with TS 10.1.0.4/32 === 0.0.0.0/0",
        ),
        (
            "interface_not_managed",
            "NetworkManager[9]: <info> device (eth0): state change: unavailable -> unmanaged",
            "NetworkManager[9]: <info> device (eth0): state change: secondaries -> activated",
        ),
    ],
)
def test_what_ended_again(tree, name, begun, over):
    lines = f"Mar  1 02:31:00 vm {begun}\n"
    assert name in described(tree({"/var/log/messages": lines}))["current"]
    assert described(tree({"/var/log/messages": f"{lines}Mar  1 02:35:00 vm {over}\n"}))["current"] == {}


def test_the_log_of_fail2ban_itself(tree):
    line = "2026-03-01 02:31:00,107 fail2ban.actions [902]: NOTICE  [recidive] Ban 168.63.129.16\n"
    assert "address_banned" in described(tree({"/var/log/fail2ban.log": line}))["current"]
