# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases of agents that do not work, as file trees: probe, judge, and the cause that is named first."""

import json
import os

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose

UNIT = "/usr/lib/systemd/system/waagent.service"
LOG = "/var/log/waagent.log"
LIB = "/var/lib/waagent"
CODE = "azurelinuxagent/common/version.py"
RHEL = {
    "/etc/os-release": 'ID="rhel"\nVERSION_ID="8.7"\n',
    "/etc/waagent.conf": "Extensions.Enabled=y\nAutoUpdate.Enabled=y\n",
    "/etc/ssl/certs/ca-bundle.crt": "x",
    UNIT: "[Unit]\nConditionFileIsExecutable=/usr/sbin/waagent\nConditionPathExists=/etc/waagent.conf\n\n[Service]\n"
    "ExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon\nRestart=always\nRestartSec=5\n\n"
    "[Install]\nWantedBy=multi-user.target\n",
    f"/usr/lib/python3.6/site-packages/{CODE}": "AGENT_VERSION = '2.7.0.6'\n",
    f"{LIB}/provisioned": "id",
    LOG: "2026-11-25T10:00:00.000000Z INFO Daemon Daemon Azure Linux Agent Version: 2.7.0.6\n"
    "2026-11-25T10:01:00.000000Z INFO ExtHandler ExtHandler ProcessExtensionsGoalState completed [1 9 ms]\n"
    "2026-11-25T10:01:01.000000Z INFO ExtHandler [HEARTBEAT] Agent is running [DEBUG UpdateGSErrors: 0]\n",
}
PROGRAMS = {
    "/usr/sbin/waagent": "#!/usr/libexec/platform-python\n",
    "/usr/bin/env": "",
    "/usr/bin/openssl": "",
    "/usr/bin/python3.6": "",
    "/usr/libexec/platform-python3.6": "",
}
LINKS = {
    "/usr/bin/python3": "python3.6",
    "/usr/libexec/platform-python": "platform-python3.6",
    "/lib": "usr/lib",
    "/etc/systemd/system/multi-user.target.wants/waagent.service": UNIT,
}


@pytest.fixture
def judged(tmp_path):
    """The evaluation of a Red Hat system with files and links changed (None takes one away)."""

    def judge(files=(), links=()):
        programs = dict(PROGRAMS)
        for path, text in {**RHEL, **programs, **dict(files)}.items():
            if text is None:
                continue
            place = tmp_path / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
            os.chmod(place, 0o755 if path in programs else 0o644)
        for path, target in {**LINKS, **dict(links)}.items():
            place = tmp_path / path.lstrip("/")
            if target is not None:
                place.parent.mkdir(parents=True, exist_ok=True)
                os.symlink(target, place)
        return diagnose(json.loads(json.dumps(_probe.collect({"root": str(tmp_path)}))))

    return judge


def log(*lines, again=1):
    """A log in which these are the last lines, ``again`` times."""
    return RHEL[LOG] + "".join(
        f"2026-11-25T11:00:{n % 60:02d}.000000Z {line}\n" for n in range(again) for line in lines
    )


def bad_or_warned(result):
    return {finding["id"]: finding["status"] for finding in result["findings"] if finding["status"] in ("fail", "warn")}


def test_nothing_is_wrong(judged):
    result = judged()
    assert bad_or_warned(result) == {} and result["first_cause"] is None


CASES = {
    "wrong python behind python3 (2728)": (
        {"/usr/bin/python3.9": ""},
        {"/usr/bin/python3": "python3.9"},
        "python_usable",
    ),
    "no /usr/bin/python (2699)": (
        {UNIT: RHEL[UNIT].replace("/usr/bin/python3 ", "/usr/bin/python ")},
        {},
        "python_usable",
    ),
    "child with the wrong python (2802)": (
        {LOG: log("WARNING Daemon Agent WALinuxAgent-2.2.46 launched with command 'python -u x' failed", again=4)},
        {},
        "exthandler_stable",
    ),
    "handler crashes and fills the log (2336)": (
        {
            LOG: log(
                "INFO Daemon Daemon Installed Agent WALinuxAgent-2.3.1.1 is the most current agent",
                "ERROR NameError: name 'get_python_cmd' is not defined",
                again=30,
            )
        },
        {},
        "exthandler_stable",
    ),
    "the newest version is given up (3123)": (
        {
            f"{LIB}/WALinuxAgent-2.10.0.8/HandlerManifest.json": "[]",
            f"{LIB}/WALinuxAgent-2.10.0.8/error.json": '{"failure_count": 3, "was_fatal": true, "reason": "x"}',
            LOG: log("INFO Agent WALinuxAgent-2.10.0.8 is blacklisted - skipping download"),
        },
        {},
        "agent_update_usable",
    ),
    "udf is kept from loading (2025)": (
        {
            f"{LIB}/provisioned": None,
            f"{LIB}/x": "",
            "/etc/modprobe.d/blacklist-filesystem.conf": "install udf /bin/true\n",
            LOG: log("INFO Waiting for cloud-init to copy ovf-env.xml to /var/lib/waagent/ovf-env.xml [360 retries]"),
        },
        {},
        "provisioning_finished",
    ),
    "both provisioning keys off (756)": (
        {
            f"{LIB}/provisioned": None,
            f"{LIB}/x": "",
            f"/usr/lib/python3.6/site-packages/{CODE}": "AGENT_VERSION = '2.2.12'\n",
            "/etc/waagent.conf": "Provisioning.Enabled=n\nProvisioning.UseCloudInit=n\n",
        },
        {},
        "provisioning_finished",
    ),
    "openssl was removed (1674)": (
        {
            "/usr/bin/openssl": None,
            LOG: log(
                "ERROR ExtHandler Command: [x], return code: [127], result: [/bin/sh: 1: /usr/bin/openssl: not found]"
            ),
        },
        {},
        "openssl",
    ),
    "another product's openssl configuration (1402)": (
        {
            UNIT: RHEL[UNIT].replace("Restart=", "Environment=OPENSSL_CONF=/FIPS/openssl.cnf\nRestart="),
            LOG: log(
                "ERROR Result: WARNING: can't open config file: /FIPS/openssl.cnf",
                "INFO Protocol endpoint not found: WireProtocol, [000008] /v/TransportCert.pem is missing.",
            ),
        },
        {},
        "openssl",
    ),
    "the goal state that the clean-up removed (996)": (
        {
            **{f"{LIB}/GoalState.{number}.xml": "" for number in range(51, 101)},
            f"/usr/lib/python3.6/site-packages/{CODE}": "AGENT_VERSION = '2.2.19'\n",
            LOG: log("ERROR Exception retrieving extension handlers: [ProtocolError] /v/GoalState.1.xml is missing."),
        },
        {},
        "goal_state_cache",
    ),
    "no control groups (1390)": (
        {
            f"/usr/lib/python3.6/site-packages/{CODE}": "AGENT_VERSION = '2.2.36'\n",
            LOG: log("WARNING ExtHandler Monitor: 'Cgroup hierarchy cpu not found in /proc/cgroups'"),
        },
        {},
        "cgroups",
    ),
    "no certificates of authorities (2835)": (
        {
            "/etc/ssl/certs/ca-bundle.crt": None,
            "/etc/ssl/x": "",
            LOG: log("ERROR [HTTP Failed] GET https://md-ssd-a.blob.core.windows.net CERTIFICATE_VERIFY_FAILED"),
        },
        {},
        "ca_bundle",
    ),
    "put to sleep (838)": ({f"{LIB}/disable_agent": ""}, {}, "agent_disable_marker"),
    "masked": ({}, {"/etc/systemd/system/waagent.service": "/dev/null"}, "agent_unmasked"),
    "disabled": (
        {},
        {
            "/etc/systemd/system/multi-user.target.wants/waagent.service": None,
            "/etc/systemd/system/multi-user.target.wants/x.service": "/x",
        },  # fmt: skip
        "agent_service_enabled",
    ),
    "not installed": (
        {"/usr/sbin/waagent": None, UNIT: None, f"/usr/lib/python3.6/site-packages/{CODE}": None},
        {"/etc/systemd/system/multi-user.target.wants/waagent.service": None},
        "agent_installed",
    ),
    "the wire server cannot be read": (
        {LOG: log("WARNING Exception retrieving extension handlers: [000008] Calling wire server failed: 503")},
        {},
        "wire_http_80",
    ),
    "a proxy with Python 2.6 (523)": (
        {
            "/etc/waagent.conf": "HttpProxy.Host=proxy.example\nHttpProxy.Port=443\n",
            LOG: log(
                "INFO Daemon Daemon Installed Agent WALinuxAgent-2.2.2 is the most current agent",
                "WARNING httplib does not support https tunnelling (new in python 2.7)",
                "WARNING Agent WALinuxAgent-2.2.2 failed with exception: syntax error: line 1, column 49",
                again=5,
            ),
        },
        {},
        "proxy_waagent_conf",
    ),
    "certificates that cannot be decrypted (3163)": (
        {LOG: log("ERROR ExtHandler ExtHandler Failed to decrypt /var/lib/waagent/Certificates.p7m (return code: 1)")},
        {},
        "agent_certificates",
    ),
    "no inodes on a saved disk (3080)": (
        {LOG: log("ERROR Daemon [EventError] [Errno 28] No space left on device: '/var/lib/waagent/events/1.tmp'")},
        {},
        "agent_writes",
    ),
    "an old agent on an appliance (1912)": (
        {
            "/etc/os-release": "ID=barracuda\nVERSION_ID=8.0.3\n",
            f"/usr/lib/python3.6/site-packages/{CODE}": "AGENT_VERSION = '2.2.41'\n",
        },
        {},
        "os_supported",
    ),
    "an appliance": ({"/etc/os-release": "ID=barracuda\nVERSION_ID=8.0.3\n"}, {}, "os_supported"),
    "SELinux confines the directory": (
        {
            "/etc/selinux/config": "SELINUX=enforcing\n",
            "/var/log/audit/audit.log": "type=AVC msg=audit(1700000000.1:4): avc:  denied  { execute } for  pid=1 "
            'comm="python3" name="handle.sh" scontext=system_u:system_r:waagent_t:s0 permissive=0\n',
        },
        {},
        "selinux",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_reported_cause_comes_first(judged, case):
    files, links, cause = CASES[case]
    result = judged(files, links)
    assert result["first_cause"] == cause, bad_or_warned(result)


NORMAL = {
    "GoalState.1.xml empty on a later agent": {
        f"/usr/lib/python3.6/site-packages/{CODE}": "AGENT_VERSION = '2.9.1.1'\n",
        f"{LIB}/GoalState.1.xml": "",
        f"{LIB}/Incarnation": "2",
    },
    "errors that are over": {
        LOG: "2026-11-25T09:00:00.000000Z ERROR ExtHandler Error fetching the goal state: x\n"
        "2026-11-25T09:00:01.000000Z ERROR NameError: name 'x' is not defined\n" + RHEL[LOG]
    },
    "an import error of an extension": {LOG: log("ERROR [stderr] ModuleNotFoundError: No module named 'crypt'")},
    "a second Python that nobody uses": {"/usr/bin/python3.12": ""},
    "an old version that was given up": {
        f"{LIB}/WALinuxAgent-2.8.0.11/HandlerManifest.json": "[]",
        f"{LIB}/WALinuxAgent-2.7.1.0/error.json": '{"failure_count": 3}',
    },
    "hardening after provisioning": {"/etc/modprobe.d/cis.conf": "install udf /bin/true\n"},
    "SELinux is on": {"/etc/selinux/config": "SELINUX=enforcing\n"},
}


@pytest.mark.parametrize("state", NORMAL)
def test_normal_states_are_no_findings(judged, state):
    assert bad_or_warned(judged(NORMAL[state])) == {}
