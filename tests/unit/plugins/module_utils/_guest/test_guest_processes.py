# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which processes are the agent's: what a command line says counts only of a process that is the system's."""

import os
import subprocess
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import host as hosts
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import processes

DAEMON = "/usr/bin/python3 -u /usr/sbin/waagent -daemon"
SYSTEM, OWN = "0::/system.slice/walinuxagent.service", "0::/user.slice/user-1000.slice/session-2.scope"


@pytest.fixture
def system(tree, tmp_path):
    """A running system with these processes: ``pid: (command, real user, control group, program)``."""

    def make(listed, **deadline):
        files = {"/proc/1/cmdline": "/sbin/init\0"}
        for pid, (command, user, group, _program) in listed.items():
            files[f"/proc/{pid}/cmdline"] = "\0".join(command.split(" ")) + "\0"
            files[f"/proc/{pid}/status"] = f"Name:\tx\nUid:\t{user}\t0\t0\t0\n"
            files[f"/proc/{pid}/cgroup"] = group + "\n"
        tree(files)
        for pid, (_command, _user, _group, program) in listed.items():
            (tmp_path / f"proc/{pid}/exe").symlink_to(program)
        host = hosts.Host(str(tmp_path), **deadline)
        host.need_live = lambda: None
        host.privileged = True
        return host

    return make


def pids(found):
    return [process.pid for process in found]


@pytest.mark.parametrize(
    ("user", "group", "program", "genuine"),
    [
        (0, SYSTEM, "/usr/bin/python3.11", True),
        (0, "0::/azure.slice/waagent.service", "/usr/bin/python3.11", True),
        (0, "1:name=systemd:/system.slice/waagent.service\n0::/", "/usr/bin/python2.7", True),
        (999, SYSTEM, "/usr/bin/python3.11", True),
        (0, OWN, "/usr/libexec/platform-python3.6", True),
        (0, "0::/", "/usr/bin/python3.9 (deleted)", True),
        (1000, OWN, "/usr/bin/python3.11", False),
        (1000, "0::/user.slice/user-1000.slice/user@1000.service/app.slice/waagent.service", "/usr/bin/python3", False),
        (1000, "0::/", "/usr/bin/passwd", False),
        (0, OWN, "/usr/bin/sudo", False),
        (0, OWN, "/usr/bin/vim.basic", False),
    ],
)
def test_a_command_line_alone_proves_nothing(system, user, group, program, genuine):
    assert pids(processes.daemons(system({50: (DAEMON, user, group, program)}))) == [50] * genuine


@pytest.mark.parametrize(
    ("command", "daemon", "handler"),
    [
        ("python3 -u /usr/sbin/waagent -daemon", True, False),
        ("python3 -u /usr/sbin/waagent --daemon", True, False),
        ("/usr/bin/python3 -W ignore -X utf8 /usr/sbin/waagent /daemon -verbose", True, False),
        ("/usr/sbin/waagent daemon -configuration-path:/etc/w.conf", True, False),
        ("python3 -u bin/WALinuxAgent-2.9.1.1-py3.8.egg -daemon", True, False),
        ("python3 -u bin/WALinuxAgent-2.9.1.1-py3.8.egg -run-exthandlers", False, True),
        # It starts the daemon as a process of its own and ends.
        ("python3 /usr/sbin/waagent -start", False, False),
        ("python3 -c pass waagent -daemon", False, False),
        ("python3 -Bc pass /usr/sbin/waagent -daemon", False, False),
        ("python3 -m http.server waagent -daemon", False, False),
        ("python3 /home/x/tool.py waagent -daemon", False, False),
        ("vi /usr/sbin/waagent -daemon", False, False),
        ("vim /usr/sbin/waagent start", False, False),
        ("grep -r waagent -daemon", False, False),
        ("sh -c waagent -daemon", False, False),
        ("python3", False, False),
        ("python3 -u", False, False),
    ],
)
def test_command_lines(command, daemon, handler):
    words = command.split()
    assert (processes.is_daemon(words), processes.is_handler(words)) == (daemon, handler)


def test_a_process_of_a_container_is_none_of_this_system(system, tmp_path):
    listed = {50: (DAEMON, 0, "0::/", "/usr/bin/python3")}
    host = system(listed)
    for pid, space in (("self", 1), ("50", 2)):
        (tmp_path / f"proc/{pid}/ns").mkdir(parents=True)
        (tmp_path / f"proc/{pid}/ns/pid").symlink_to(f"pid:[{space}]")
    assert processes.daemons(host) == []


@pytest.mark.parametrize(
    ("group", "file", "text", "frozen"),
    [
        (SYSTEM, "system.slice/walinuxagent.service/cgroup.events", "populated 1\nfrozen 1\n", True),
        (SYSTEM, "system.slice/walinuxagent.service/cgroup.events", "populated 1\nfrozen 0\n", False),
        (f"4:cpu:/\n{SYSTEM}", "unified/system.slice/walinuxagent.service/cgroup.events", "frozen 1\n", True),
        ("5:freezer:/a\n0::/", "freezer/a/freezer.state", "FROZEN\n", True),
        ("5:freezer:/a\n0::/", "freezer/a/freezer.state", "FREEZING\n", True),
        ("5:freezer:/a\n0::/", "freezer/a/freezer.state", "THAWED\n", False),
        ("5:freezer:/\n0::/", "other", "", False),
        (f"5:freezer:/\n{SYSTEM}", "system.slice/walinuxagent.service/cgroup.events", "frozen 1\n", True),
    ],
)
def test_a_frozen_control_group(system, tree, group, file, text, frozen):
    host = system({50: (DAEMON, 0, group, "/usr/bin/python3")})
    tree({f"/sys/fs/cgroup/{file}": text, "/proc/50/stat": f"50 (x) S {'0 ' * 20}", "/proc/uptime": "9 9\n"})
    assert processes.described(host, processes.Process(50, []))["frozen"] is frozen


def test_the_agent_is_found_behind_any_number_of_processes(system, monkeypatch):
    host = system({30000: (DAEMON, 0, SYSTEM, "/usr/bin/python3")})
    names, read = host.names("/proc"), host.read
    monkeypatch.setattr(host, "names", lambda path: names + [str(number) for number in range(100, 25000)])
    monkeypatch.setattr(host, "read", lambda path, *more: read(path, *more) if "/30000/" in path else b"x")
    found = processes.daemons(host)
    assert pids(found) == [30000] and found[0].words[-1] == "-daemon"


def test_too_little_time_is_said_and_is_no_absent_agent(system):
    host = system({50: (DAEMON, 0, SYSTEM, "/usr/bin/python3")}, deadline=time.monotonic() - 1)
    with pytest.raises(hosts.Missing, match="Cannot list the processes"):
        processes.daemons(host)


def test_only_the_agents_words_are_kept(system):
    host = system({50: ("java -Dpassword=x Main", 0, OWN, "/usr/bin/java")})
    assert [process.words for process in processes.listed(host)] == [["/sbin/init"], ["java"]]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a process as another user")
@pytest.mark.parametrize(("user", "found"), [(0, True), (65534, False)])
def test_a_user_cannot_pretend_to_be_the_agent(tmp_path, user, found):
    script = tmp_path / "waagent"
    script.write_text(f"import os, time\nos.setuid({user})\nprint(flush=True)\ntime.sleep(60)\n")
    child = subprocess.Popen([sys.executable, "-u", str(script), "-daemon"], stdout=subprocess.PIPE)
    try:
        child.stdout.readline()
        assert (child.pid in pids(processes.daemons(hosts.Host()))) is found
    finally:
        child.kill()
        child.communicate()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a process as another user")
@pytest.mark.parametrize(("user", "counts"), [(0, True), (65534, False)])
def test_users_of_a_directory(tmp_path, user, counts):
    script = f"import os, time; os.setuid({user}); print(flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", script, f"{tmp_path}/main/handle.py"], stdout=subprocess.PIPE)
    try:
        # Just after the start, the kernel may have no command line of it yet.
        child.stdout.readline()
        assert processes.users_of(hosts.Host(), str(tmp_path)) == ([child.pid] if counts else [])
        assert processes.users_of(hosts.Host(), str(tmp_path / "other")) == []
    finally:
        child.kill()
        child.communicate()


def test_how_long_a_process_runs():
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert 0 <= processes.age(hosts.Host(), child.pid) < 30
    finally:
        child.kill()
        child.wait()
    assert processes.age(hosts.Host(), child.pid) is None
