# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's log: errors that hold, and errors that are history."""

import calendar

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _agent_log

START = "2026-11-25T10:00:00.000000Z INFO Daemon Daemon Azure Linux Agent Version: 2.9.1.1"
ERROR = "2026-11-25T11:00:00.000000Z ERROR ExtHandler ExtHandler Error fetching the goal state: [ProtocolError] x"
GOOD = "2026-11-25T11:05:00.000000Z INFO ExtHandler ProcessExtensionsGoalState completed [incarnation_2 14 ms]"
NOON = calendar.timegm((2026, 11, 25, 12, 0, 0))


def log(*lines):
    return "".join(line + "\n" for line in lines).encode()


def found(*lines, **bounds):
    current, earlier = _agent_log.found_in(log(*lines), bounds.get("now", NOON), bounds.get("booted"))
    return set(current), set(earlier)


def test_an_error_that_nothing_ends():
    assert found(START, ERROR) == ({"goal_state_unreadable"}, set())


def test_a_later_success_makes_it_history():
    assert found(START, ERROR, GOOD) == (set(), {"goal_state_unreadable"})


def test_a_success_before_it_does_not():
    assert found(START, GOOD, ERROR) == ({"goal_state_unreadable"}, set())


def test_a_later_start_makes_it_history():
    assert found(ERROR, START.replace("T10", "T11:30")[: len(START)])[0] == set()


def test_a_later_boot_makes_it_history():
    assert found(START, ERROR, booted=NOON - 60) == (set(), {"goal_state_unreadable"})


def test_a_restart_loop_is_no_history():
    start = START.replace("10:00:00", "11:02:00")
    just_after = NOON - 57 * 60
    assert found(ERROR, start, now=just_after) == ({"goal_state_unreadable"}, set())


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "WARNING Exception retrieving extension handlers: [000008] Calling wire server failed: 503",
            "goal_state_unreadable",
        ),
        (
            "ERROR Event: name=WALinuxAgent, op=ExtensionProcessing, message=Exception retrieving extension handlers: "
            "[ProtocolError] /var/lib/waagent/GoalState.1.xml is missing., duration=0",
            "goal_state_file_missing",
        ),
        (
            "WARNING Agent WALinuxAgent-2.7.3.0 failed with exception: format_exception() got an unexpected keyword "
            "argument 'etype'",
            "goal_state_unreadable",
        ),
        ("ERROR Result: [/bin/sh: 1: /usr/bin/openssl: not found]", "openssl_failed"),
        ("ERROR Result: WARNING: can't open config file: /FIPS/1.0.2l-plus/ssl/openssl.cnf", "openssl_failed"),
        ("INFO Agent WALinuxAgent-2.2.12 is blacklisted - skipping download", "version_blacklisted"),
        (
            "INFO Waiting for cloud-init to copy ovf-env.xml to /var/lib/waagent/ovf-env.xml [360 retries remaining]",
            "waiting_for_provisioning",
        ),
        (
            "WARNING Monitor: failed to update cgroups: 'Cgroup hierarchy cpu not found in /proc/cgroups'",
            "cgroups_unavailable",
        ),
        ("WARNING Agent WALinuxAgent-2.2.46 launched with command 'python -u x' failed", "handler_launch_failed"),
        (
            "WARNING Agent X launched with command '/usr/bin/python3 -run-exthandlers' returned code: 1",
            "handler_launch_failed",
        ),
        ("NameError: name 'get_python_cmd' is not defined", "handler_crash"),
        (
            "ERROR [HTTP Failed] GET https://md-ssd-a.blob.core.windows.net/ CERTIFICATE_VERIFY_FAILED",
            "https_unverified",
        ),
        ("WARNING Disabling the guest agent by sleeping forever; to re-enable, remove x", "agent_disabled"),
        ("ERROR GET http://168.63.129.16/?comp=versions -- IOError timed out -- 6 attempts made", "wire_unanswered"),
        ("WARNING Exception: [000008] Calling wire server failed: 503", "wire_refused"),
        (
            "INFO [HTTP Retry] Attempt 2 of 3: [HTTP Failed] HTTP GET IOError [Errno 113] No route to host",
            "wire_no_route",
        ),
        (
            "ERROR HostGAPlugin: Exception Get API versions: GET http://168.63.129.16:32526/versions -- IOError x",
            "host_plugin_unreachable",
        ),
        ("WARNING The noexec flag is set on /var. This can prevent extensions from executing.", "noexec"),
        (
            "WARNING Error converting PFX to PEM [-nomacver: False]: 'openssl pkcs12' failed: 1",
            "certificates_undecryptable",
        ),
        ("140499593189192:error:EVP_PBE_CipherInit:unknown cipher:evp_pbe.c:186:", "certificates_undecryptable"),
        (
            "ERROR Failed to create /var/lib/waagent/TransportPrivate.pem and /var/lib/waagent/TransportCert.pem x",
            "openssl_failed",
        ),
    ],
)
def test_messages_of_the_field(line, name):
    assert name in found(START, "2026-11-25T11:00:00.000000Z " + line)[0]


def test_a_needle_in_a_line_of_another_meaning_is_passed_over():
    other = "2026-11-25T11:30:00.000000Z INFO ExtHandler HandlerManifest.1.xml is missing. Will be fetched"
    missing = "2026-11-25T11:00:00.000000Z ERROR [ProtocolError] /var/lib/waagent/GoalState.1.xml is missing."
    current, _earlier = _agent_log.found_in(log(START, missing, other), NOON)
    assert "GoalState.1.xml" in current["goal_state_file_missing"]["text"]


def test_starts_of_the_handler_are_counted_since_it_worked():
    start = (
        "2026-11-25T11:00:00.000000Z INFO Daemon Daemon Installed Agent WALinuxAgent-2.3.1.1 is the most current agent"
    )
    beat = "2026-11-25T11:00:00.000000Z INFO ExtHandler [HEARTBEAT] Agent WALinuxAgent-2.3.1.1 is running"
    assert _agent_log.handler_starts(log(start, beat, start, start)) == 2
    assert _agent_log.handler_starts(log(start, start, start)) == 3


def test_times_of_old_and_new_agents():
    assert _agent_log.parse_time(ERROR.encode()) == NOON - 3600
    assert _agent_log.parse_time(b"2018/01/04 12:00:00.123456 ERROR x") is not None
    for text in (b"Traceback (most recent call last)", b"2026-13-45T99:00:00", b"", b"\xff\xfe"):
        assert _agent_log.parse_time(text) is None


def test_a_traceback_has_the_time_of_the_line_above():
    current, _earlier = _agent_log.found_in(log(START, "Traceback", "NameError: name 'x' is not defined"), NOON)
    assert current["handler_crash"]["age_s"] == 2 * 3600


def test_secrets_stay_in_the_guest():
    line = b"ERROR GET https://u:secret@proxy/x?sv=1&sig=abc%2Fdef&se=2 failed"
    text = _agent_log.clean(line)
    assert "secret" not in text and "abc" not in text and "&se=2" in text


def test_only_the_end_of_a_huge_log_is_read(tree):
    host = tree(
        {"/var/log/waagent.log": log(ERROR) + b"x" * 79 + b"\n" + b"y" * (1 << 20) + b"\n" + log(START, "tail")}
    )
    stated = _agent_log.describe(host, None, None)
    assert stated["size"] > 1 << 20 and stated["current"] == {} and stated["last_start_age_s"] == 0


def test_a_log_that_was_just_rotated(tree):
    host = tree({"/var/log/waagent.log": "", "/var/log/waagent.log.1": log(START, ERROR)})
    assert "goal_state_unreadable" in _agent_log.describe(host, None, None)["current"]


def test_no_log(tree):
    assert _agent_log.describe(tree({}), None, None) is None


def test_binary_noise_does_no_harm(tree):
    host = tree({"/var/log/waagent.log": bytes(range(256)) * 100})
    assert _agent_log.describe(host, None, None)["current"] == {}


@pytest.mark.parametrize(
    "line",
    [
        "WARNING Fetch failed: [HTTP Failed] GET https://md-ssd-a.blob.core.windows.net/ -- IOError No route to host",
        "WARNING [HTTP Failed] POST http://168.63.129.16/machine?comp=telemetrydata -- IOError timed out",
        "WARNING Error converting PFX to PEM [-nomacver: True]: 'openssl pkcs12 -nomacver' failed: 1",
        "WARNING Error in transport decryption [cypher: AES128_CBC]: x",
        "INFO [stderr] ping: connect: Network is unreachable",
    ],
)
def test_what_the_agent_gets_over(line):
    assert found(START, "2026-11-25T11:00:00.000000Z " + line) == (set(), set())


def test_the_version_of_the_agent_that_wrote_last():
    beat = "2026-11-25T11:00:00.000000Z INFO ExtHandler [HEARTBEAT] Agent WALinuxAgent-2.15.0.1 is running"
    assert _agent_log.version(log(START)) == "2.9.1.1"
    assert _agent_log.version(log(START, beat)) == "2.15.0.1"
    assert _agent_log.version(log("2017/06/16 04:02:30 INFO Azure Linux Agent Version:2.2.13")) == "2.2.13"
    assert _agent_log.version(log(ERROR)) is None
