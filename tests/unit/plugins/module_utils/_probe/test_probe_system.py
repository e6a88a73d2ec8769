# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections load, clock, security, identity, and the parts of section agent that a running system gives."""

import os
import sys

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import processes
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import (
    _agent_python,
    _environment,
    _manager,
    clock,
    identity,
    load,
    security,
)

STAT = "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 0 0\ncpu1 1 0 0\nintr 1\n"


def test_load_is_that_of_minutes_for_each_processor():
    stated = load.cpu(STAT, "9.50 3.00 1.50 2/345 6789\n")
    assert (stated["cores"], stated["load_per_core"], stated["load_15m"]) == (2, 1.5, 1.5)


def test_the_page_cache_is_no_used_memory():
    stated = load.memory(
        "MemTotal: 1024000 kB\nMemFree: 10240 kB\nMemAvailable: 819200 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"
    )
    assert (stated["total_mib"], stated["available_mib"], stated["used_percent"]) == (1000, 800, 20.0)


def test_old_kernels_do_not_state_available_memory():
    assert load.memory("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 100 kB\nCached: 300 kB\n")["used_percent"] == 50.0


def test_pressure():
    text = "some avg10=1.00 avg60=2.50 avg300=3 total=1\nfull avg10=0.00 avg60=1.25 avg300=0 total=1\n"
    assert load.pressure(text) == {"some_avg60": 2.5, "some_avg300": 3.0, "full_avg60": 1.25, "full_avg300": 0.0}


def test_load_and_clock_of_this_system(section):
    host = _probe.Host("/")
    facts = section(load, host)
    assert facts["cpu"]["cores"] >= 1 and facts["memory"]["total_mib"] > 0
    facts = section(clock, host)
    assert facts["now"] > 1e9 and ("synchronised" in facts or "synchronised" in facts.missing)


VM_ID = "D0DF4C54-4ECB-4A4B-9954-5BDF3ED5C3B8"


@pytest.mark.parametrize(("content", "value"), [(VM_ID + "\n", VM_ID), ("", None), ("1700000000.12 8.1\n", None)])
def test_the_virtual_machine_that_the_agent_was_set_up_for(content, value, tree, section):
    facts = section(identity, tree({"/var/lib/waagent/provisioned": content, "/etc/waagent.conf": ""}))
    assert facts["vm_id"] == {"value": value, "read_from": "/var/lib/waagent/provisioned"}
    assert facts.missing["machine_uuid"] == _probe.NEEDS_LIVE


def test_a_tree_without_the_agents_directory_says_no_virtual_machine(tree, section):
    assert "does not contain" in section(identity, tree({"/etc/waagent.conf": ""})).missing["vm_id"]


@pytest.mark.parametrize("module", [load, clock])
def test_a_tree_has_no_load_and_no_clock(module, tree, section):
    with pytest.raises(_probe.Missing, match="needs a running system"):
        section(module, tree({}))


AVC = (
    b'type=AVC msg=audit(1700000000.123:456): avc:  denied  { execute } for  pid=1 comm="waagent" name="handle.sh" '
    b"dev=sda1 scontext=system_u:system_r:waagent_t:s0 tcontext=x:y:var_lib_t:s0 tclass=file permissive=0\n"
)


def test_denials_of_the_agent():
    stated = security.denials(
        AVC + AVC.replace(b"handle.sh", b"x").replace(b'"waagent"', b'"sshd"').replace(b"waagent_t", b"y") + AVC
    )
    assert stated == [
        {
            "time": 1700000000,
            "action": "execute",
            "name": "handle.sh",
            "command": "waagent",
            "context": "system_u:system_r:waagent_t:s0",
            "count": 2,
            "read_from": "/var/log/audit/audit.log",
        }
    ]


def test_permissive_and_earlier_denials_are_none():
    assert security.denials(AVC.replace(b"permissive=0", b"permissive=1")) == []
    assert security.denials(AVC, since=1700000001) == []


def refused(resp, name, event="1772332800.123:45"):
    return (
        f"type=FANOTIFY msg=audit({event}): resp={resp} fan_type=1 fan_info=D subj_trust=2 obj_trust=0\n"
        f'type=SYSCALL msg=audit({event}): arch=c000003e success=no exit=-1 pid=4312 comm="sh" exe="/usr/bin/bash"\n'
        f'type=PATH msg=audit({event}): item=0 name="{name}" inode=34 dev=08:02 mode=0100755\n'
    ).encode()


@pytest.mark.parametrize(
    ("data", "since", "files"),
    [
        (refused(2, "/var/lib/waagent/x/main/handle.sh"), None, ["/var/lib/waagent/x/main/handle.sh"]),
        (refused(2, "/var/lib/waagent/x/main/handle.sh"), 1772332801, []),
        (refused(1, "/var/lib/waagent/x/main/handle.sh"), None, []),
        (refused(2, "/home/a/tool") + refused(1, "/usr/sbin/waagent", "1772332800.124:46"), None, []),
        (b"type=PATH msg=audit(1.1:1): name=waagent\ntype=FANOTIFY msg=audit(x): resp=2\n", None, []),
    ],
)
def test_files_that_application_control_refused(data, since, files):
    assert security.refused_files(data, since) == files


def test_selinux_of_a_tree(tree, section):
    facts = section(security, tree({"/etc/selinux/config": "# SELINUX=x\nSELINUX=enforcing\nSELINUXTYPE=targeted\n"}))
    assert (
        facts["selinux"] == {"configured": "enforcing", "read_from": "/etc/selinux/config"} and facts["denials"] == []
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5s", 5), ("100ms", 0.1), ("1min 30s", 90), ("5", 5), ("10000000us", 10), ("infinity", None), ("", None)],
)
def test_time_spans_of_systemd(text, seconds):
    assert _manager.span(text) == seconds


SHOWN = """Id=walinuxagent.service
LoadState=loaded
UnitFileState=enabled
ActiveState=inactive
Result=success
MainPID=0
Restart=no
RestartUSec=100ms
StartLimitBurst=5
StartLimitIntervalUSec=10s
ConditionResult=no
ConditionTimestampMonotonic=5301817
Environment=A=b=c
"""


def test_what_the_manager_says():
    facts = _manager.stated(_manager.properties(SHOWN))
    assert (facts["enabled"], facts["active"], facts["main_pid"], facts["restarts"]) == (
        "enabled",
        "inactive",
        None,
        None,
    )
    assert (facts["restart"], facts["restart_s"], facts["start_limit_s"]) == ("no", 0.1, 10.0)
    assert facts["condition_result"] is False


def test_a_condition_that_was_never_evaluated_says_nothing():
    shown = SHOWN.replace("Monotonic=5301817", "Monotonic=0")
    assert _manager.stated(_manager.properties(shown))["condition_result"] is None


def test_a_unit_that_is_not_loaded_keeps_what_its_files_say():
    shown = SHOWN.replace("LoadState=loaded", "LoadState=masked").replace("=enabled", "=masked")
    facts = _manager.stated(_manager.properties(shown))
    assert facts["load"] == facts["enabled"] == "masked" and "restart" not in facts


@pytest.mark.parametrize(
    ("command", "daemon", "handler", "version"),
    [
        ("/usr/bin/python3 /usr/sbin/waagent -daemon", True, False, None),
        ("/usr/bin/python3 -u /usr/sbin/waagent -daemon", True, False, None),
        ("python -u /usr/sbin/waagent -run-exthandlers", False, True, None),
        ("/usr/bin/python3 -u bin/WALinuxAgent-2.9.1.1-py3.8.egg -run-exthandlers", False, True, "2.9.1.1"),
        ("/usr/bin/python3 /usr/sbin/waagent -version", False, False, None),
        ("vim /etc/waagent.conf -daemon", False, False, None),
        ("/usr/bin/python3 main/handle.py -enable", False, False, None),
    ],
)
def test_processes_of_the_agent(command, daemon, handler, version):
    words = command.split()
    assert (processes.is_daemon(words), processes.is_handler(words)) == (daemon, handler)
    assert processes.handler_version(words) == version


def test_this_process_is_described():
    host = _probe.Host("/")
    found = next(process for process in processes.listed(host) if process.pid == os.getpid())
    stated = processes.described(host, found)
    assert stated["age_s"] is not None and stated["state"] in "RS"
    assert stated["executable"] is None or "python" in stated["executable"]


def test_an_interpreter_without_the_agent(tmp_path):
    python = {"path": sys.executable}
    good, error, spoilt_by = _agent_python.loads(_probe.Host("/"), python, str(tmp_path / "waagent"))
    assert not good and "azurelinuxagent" in error and spoilt_by == []


def test_an_interpreter_with_the_agent_beside_its_program(tmp_path):
    package = tmp_path / "azurelinuxagent"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "agent.py").write_text("")
    found = _agent_python.loads(_probe.Host("/"), {"path": sys.executable}, str(tmp_path / "waagent"))
    assert found == (True, None, [])
    assert sorted(path.name for path in package.iterdir()) == ["__init__.py", "agent.py"], "bytecode was written"


@pytest.mark.parametrize("installed", [True, False])
def test_variables_of_the_unit_spoil_the_interpreter(tmp_path, monkeypatch, installed):
    """Only where the interpreter loads the agent without them."""
    if installed:
        (tmp_path / "azurelinuxagent").mkdir()
        (tmp_path / "azurelinuxagent/agent.py").write_text("")
    host = _probe.Host("/")
    variable = _environment.Variable("PYTHONHOME", "/nowhere", "/etc/d.conf:2: Environment")
    monkeypatch.setattr(_environment, "of_unit", lambda host: [variable])
    good, error, spoilt_by = _agent_python.loads(host, {"path": sys.executable}, str(tmp_path / "waagent"))
    assert not good and error == "ModuleNotFoundError: No module named 'encodings'"
    assert [one["name"] for one in spoilt_by] == ["PYTHONHOME"] * installed


def test_os_release(tree, section):
    facts = section(identity, tree({"/etc/os-release": 'ID="sles"\nVERSION_ID="15.5"\nID_LIKE="suse"\n# ID=x\n'}))
    assert facts["os"]["id"] == "sles" and facts["os"]["version_id"] == "15.5" and facts["os"]["id_like"] == ["suse"]
