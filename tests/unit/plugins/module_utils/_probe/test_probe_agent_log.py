# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's log: errors that hold, and errors that are history."""

import calendar

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _agent_log, _log_lines, _signatures
from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe

START = "2026-11-25T10:00:00.000000Z INFO Daemon Daemon Azure Linux Agent Version: 2.9.1.1"
ERROR = "2026-11-25T11:00:00.000000Z ERROR ExtHandler ExtHandler Error fetching the goal state: [ProtocolError] x"
GOOD = "2026-11-25T11:05:00.000000Z INFO ExtHandler ProcessExtensionsGoalState completed [incarnation_2 14 ms]"
NOON = calendar.timegm((2026, 11, 25, 12, 0, 0))


SIGNATURES = _signatures.of_log({"signatures": for_probe()}, "agent")


def log(*lines):
    return "".join(line + "\n" for line in lines).encode()


def found(*lines, **bounds):
    current, earlier = entries(*lines, **bounds)
    return set(current), set(earlier)


def entries(*lines, **bounds):
    read = _log_lines.Lines(log(*lines))
    start = read.end_of(_signatures.STARTED)
    return _agent_log.found_in(read, SIGNATURES, bounds.get("now", NOON), bounds.get("booted"), start)


def described(host, now=None, booted=None):
    return _agent_log.describe(host, now, booted, SIGNATURES)


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
        ("ERROR Failed to make a key: [Errno 2] No such file or directory: 'openssl'", "openssl_failed"),
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
        ("ERROR Command: [openssl cms -decrypt], result: [FIPS mode not supported.", "certificates_undecryptable"),
        (
            "ERROR Event: name=WALinuxAgent, op=ReportStatus, message=HostGAPlugin: Exception Put VM status: [000009]",
            "status_not_sent",
        ),
        (
            "ERROR Event: name=Microsoft.Azure.RecoveryServices.VMSnapshotLinux, op=Download, message="
            "[ExtensionDownloadError] Failed to download artifacts: [HttpError] 404",
            "extension_not_fetched",
        ),
        (
            "ERROR Failed to create /var/lib/waagent/TransportPrivate.pem and /var/lib/waagent/TransportCert.pem x",
            "openssl_failed",
        ),
    ],
)
def test_messages_of_the_field(line, name):
    assert name in found(START, "2026-11-25T11:00:00.000000Z " + line)[0]


def test_no_directory_for_temporary_files():
    line = "2026-11-25T11:59:00.000000Z ERROR ExtHandler ExtHandler [Errno 17] No usable temporary directory name found"
    ran = "2026-11-25T11:59:30.000000Z INFO ExtHandler [VMSnapshotLinux-1.0.9232.0] Command: main/handle.sh enable"
    assert "no_temporary_directory" in found(START, line)[0]
    assert "no_temporary_directory" not in found(START, line, ran)[0]


def test_a_download_without_a_name_server():
    line = "2026-11-25T11:59:00.000000Z ERROR ExtHandler [ExtensionDownloadError] {0}"
    name = "download_not_resolved"
    assert name in found(START, line.format("[gaierror] [Errno -2] Name or service not known"))[0]
    assert name not in found(START, line.format("[HttpError] [Errno 111] Connection refused"))[0]


def test_a_needle_in_a_line_of_another_meaning_is_passed_over():
    other = "2026-11-25T11:30:00.000000Z INFO ExtHandler HandlerManifest.1.xml is missing. Will be fetched"
    missing = "2026-11-25T11:00:00.000000Z ERROR [ProtocolError] /var/lib/waagent/GoalState.1.xml is missing."
    current, _earlier = entries(START, missing, other)
    assert "GoalState.1.xml" in current["goal_state_file_missing"]["text"]


def starts(*lines):
    return _agent_log.handler_starts(log(*lines))


def test_starts_of_the_handler_are_counted_since_it_worked():
    start = (
        "2026-11-25T11:00:00.000000Z INFO Daemon Daemon Installed Agent WALinuxAgent-2.3.1.1 is the most current agent"
    )
    beat = "2026-11-25T11:00:00.000000Z INFO ExtHandler [HEARTBEAT] Agent WALinuxAgent-2.3.1.1 is running"
    assert starts(start, beat, start, start) == 2
    assert starts(start, start, start) == 3


def test_times_of_old_and_new_agents():
    assert _log_lines.parse_time(ERROR.encode()) == NOON - 3600
    assert _log_lines.parse_time(b"2018/01/04 12:00:00.123456 ERROR x") is not None
    for text in (b"Traceback (most recent call last)", b"2026-13-45T99:00:00", b"", b"\xff\xfe"):
        assert _log_lines.parse_time(text) is None


def test_a_traceback_has_the_time_of_the_line_above():
    current, _earlier = entries(START, "Traceback", "NameError: name 'x' is not defined")
    assert current["handler_crash"]["age_s"] == 2 * 3600


def test_secrets_stay_in_the_guest():
    line = b"ERROR GET https://u:secret@proxy/x?sv=1&sig=abc%2Fdef&se=2 failed"
    text = _log_lines.clean(line)
    assert "secret" not in text and "abc" not in text and "&se=2" in text


def test_only_the_end_of_a_huge_log_is_read(tree):
    host = tree(
        {"/var/log/waagent.log": log(ERROR) + b"x" * 79 + b"\n" + b"y" * (1 << 20) + b"\n" + log(START, "tail")}
    )
    stated = described(host)
    assert stated["size"] > 1 << 20 and stated["current"] == {} and stated["last_start_age_s"] == 0


def test_a_log_that_was_just_rotated(tree):
    host = tree({"/var/log/waagent.log": "", "/var/log/waagent.log.1": log(START, ERROR)})
    assert "goal_state_unreadable" in described(host)["current"]


def test_no_log(tree):
    assert described(tree({})) is _agent_log.is_file(tree({})) is None


def test_a_directory_or_a_device_in_its_place(tree):
    host = tree({"/var/log/waagent.log/x": ""})
    assert _agent_log.is_file(host) is False
    assert described(host) is None and _agent_log.last_time(host) is None


def test_binary_noise_does_no_harm(tree):
    host = tree({"/var/log/waagent.log": bytes(range(256)) * 100})
    assert described(host)["current"] == {}


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


STDERR = ("[stdout]", "[stderr]", "Error loading x", "140:error:0E065068:STR_COPY:variable has no value:line 23")


def test_a_record_is_kept_whole():
    current, _earlier = entries(
        START, "2026-11-25T11:00:00.0Z ERROR Failed to decrypt /var/lib/waagent/Certificates.p7m", *STDERR
    )
    assert current["certificates_undecryptable"]["detail"].endswith("variable has no value:line 23")
    assert "[stderr]" not in current["certificates_undecryptable"]["detail"]


def test_the_end_of_an_event_is_not_of_the_record():
    line = "2026-11-25T11:00:00.0Z ERROR Event: op=Decrypt, message=Failed to decrypt /var/lib/waagent/Certificates.p7m"
    current, _earlier = entries(START, line, *STDERR, ", duration=0")
    assert current["certificates_undecryptable"]["detail"].endswith("variable has no value:line 23")


def test_what_changed_shortly_before_is_named():
    renamed = "2026-11-25T10:59:00.000000Z INFO EnvHandler Detected hostname change: a -> b"
    assert "hostname change" in entries(START, GOOD, renamed, ERROR)[0]["goal_state_unreadable"]["set_off"]
    long_before = renamed.replace("10:59", "10:49")
    assert entries(START, GOOD, long_before, ERROR)[0]["goal_state_unreadable"]["set_off"] is None


def test_another_virtual_machine_sets_errors_off():
    copied = "2026-11-25T10:59:00.000000Z WARNING Daemon VM is provisioned, but the VM unique identifier has changed"
    assert "identifier" in entries(START, GOOD, copied, ERROR)[0]["goal_state_unreadable"]["set_off"]


def test_the_first_of_many_errors_counts_for_what_set_them_off():
    renamed = "2026-11-25T10:59:00.000000Z INFO EnvHandler Detected hostname change: a -> b"
    later = [ERROR.replace("11:00:00", f"11:{minute}:00") for minute in range(10, 50)]
    assert "hostname" in entries(START, renamed, ERROR, *later)[0]["goal_state_unreadable"]["set_off"]


def repeats(*lines):
    found = described_lines(*lines)["repeated"]
    return [(one["level"], one["count"], one["since_success"]) for one in found]


def described_lines(*lines):
    from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _repeated

    read = _log_lines.Lines(log(*lines))
    return {"repeated": _repeated.find(read, SIGNATURES, read.time(len(read.lines) - 1))}


def round_of(minute, text="Round {0} failed: id ab{0}"):
    return f"2026-11-25T11:{minute:02}:00.000000Z ERROR ExtHandler ExtHandler {text.format(minute)}"


def test_an_unknown_error_that_repeats_is_counted_without_its_numbers():
    assert repeats(START, *map(round_of, range(10, 20))) == [("error", 10, True)]
    assert repeats(START, *map(round_of, range(10, 12))) == []
    assert repeats(START, *map(round_of, range(10, 20)), GOOD.replace("11:05", "11:21")) == [("error", 10, False)]


def test_an_error_of_each_start_is_none_of_its_rounds():
    """A guest without dmidecode, whose agent was restarted four times."""
    text = "Command: [dmidecode --string system-uuid], return code: [127]"
    starts = [line for minute in (10, 12, 14, 16) for line in (START, round_of(minute, text))]
    assert repeats(*starts) == []
    assert repeats(*starts, *(round_of(minute, text) for minute in range(17, 20))) == [("error", 4, True)]


@pytest.mark.parametrize("text", ["Failed to send events {0}", "Error fetching the goal state: {0}", "IMDS error {0}"])
def test_what_is_known_is_no_unknown_error(text):
    assert repeats(START, *(round_of(minute, text) for minute in range(10, 20))) == []


def test_a_packed_log_before_a_fresh_one(tree):
    import gzip

    host = tree({"/var/log/waagent.log": "", "/var/log/waagent.log.1.gz": gzip.compress(log(START, ERROR))})
    assert "goal_state_unreadable" in described(host)["current"]
    host = tree({"/var/log/waagent.log": "", "/var/log/waagent.log.1.gz": gzip.compress(log(START, ERROR))[:-20]})
    assert described(host) is not None


def test_a_probe_without_texts_says_so(tree):
    with pytest.raises(Exception, match="no texts to look for"):
        _signatures.of_log({}, "agent")


WRITE = "2026-11-25T11:00:00.000000Z ERROR ExtHandler ExtHandler Failed to save: [Errno {0}] {1}: '{2}'"


@pytest.mark.parametrize(
    ("number", "words", "path", "names"),
    [
        (117, "Structure needs cleaning", "/var/lib/waagent/error.json", {"write_failed"}),
        (1, "Operation not permitted", "/var/lib/waagent/incarnation", {"write_failed"}),
        (1, "Operation not permitted", "/sys/fs/cgroup/cpu", set()),
        (5, "Input/output error", "/mnt/resource/swapfile", set()),
    ],
)
def test_a_write_below_the_agents_directory_that_is_refused(number, words, path, names):
    """A goal state that is read says nothing of writing; a newer one that goes well does."""
    line = WRITE.format(number, words, path)
    assert found(START, line, GOOD)[0] == names
    later = GOOD.replace("ProcessExtensionsGoalState completed", "Fetched a new incarnation for the goal state")
    assert found(START, line, later, GOOD)[0] == set()


DECRYPT = "2026-11-25T11:00:00.000000Z ERROR ExtHandler ExtHandler Failed to decrypt /var/lib/waagent/Certificates.p7m"


@pytest.mark.parametrize("text", ["Found private key matching thumbprint A1", "Downloaded certificate {'name': 'x'}"])
def test_certificates_that_were_decrypted_later(text):
    assert found(START, DECRYPT)[0] == {"certificates_undecryptable"}
    assert found(START, DECRYPT, f"2026-11-25T11:10:00.000000Z INFO ExtHandler ExtHandler {text}")[0] == set()


BEAT = "2026-11-25T11:30:00.000000Z INFO ExtHandler ExtHandler [HEARTBEAT] Agent runs [UpdateGSErrors: 0]"
FETCHED = "2026-11-25T11:40:00.000000Z INFO ExtHandler [A.B-1.0] Unzipping extension package: /var/lib/waagent/A.B.zip"


@pytest.mark.parametrize(
    ("why", "name"),
    [
        ("[Errno -2] Name or service not known", "address_not_resolved"),
        ("[Errno -5] No address associated with hostname", "address_not_resolved"),
        ("Tunnel connection failed: 502 Bad Gateway", "proxy_refused"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "https_unverified"),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version", "tls_version_refused"),
    ],
)
def test_only_a_download_ends_what_kept_from_downloads(why, name):
    line = f"2026-11-25T11:00:00.0Z ERROR ExtHandler [A.B-1.0] [HTTP Failed] GET https://x.example/m -- IOError {why}"
    assert found(START, line, BEAT)[0] == {name}
    assert found(START, line, BEAT, FETCHED)[0] == set()


@pytest.mark.parametrize("why", ["[Errno 24] Too many open files", "[Errno 13] Permission denied"])
def test_the_system_refuses_a_file_of_the_agent(why):
    line = f"2026-11-25T11:00:00.0Z ERROR ExtHandler ExtHandler {why}: '{{0}}'"
    assert found(START, line.format("/var/lib/waagent/x.tmp"))[0] == {"write_failed"}
    assert found(START, line.format("/var/www/x"))[0] == set()


@pytest.mark.parametrize(
    ("why", "name"),
    [
        ("Timeout", "vm_settings_unanswered"),
        ("Request failed: [Errno 111] Connection refused", "vm_settings_unanswered"),
        ("[Internal error in HostGAPlugin] [HTTP Failed] [502: Bad Gateway]", None),
    ],
)
def test_the_host_plugin_does_not_answer_with_settings(why, name):
    line = (
        "2026-11-25T11:00:00.0Z ERROR ExtHandler ExtHandler Error fetching the goal state: [ProtocolError] GET "
        f"vmSettings [correlation ID: 1 eTag: 2]: {why}"
    )
    assert found(START, line)[0] - {"goal_state_unreadable"} == {name} - {None}
    assert found(START, line, BEAT)[0] == set()


def test_extensions_that_were_off_when_the_agent_started():
    line = (
        "2026-11-25T11:00:00.0Z ERROR ExtHandler ExtHandler Event: name=A.B, op=ExtensionProcessing, message=Extension "
        "'A.B' will not be processed since extension processing is disabled. To enable extension processing, set x"
    )
    assert found(START, line, BEAT)[0] == {"extensions_disabled"}
    assert found(line, START)[0] == set()


def test_a_proxy_that_refuses_downloads():
    fetch = (
        "2026-11-25T11:00:00.0Z WARNING ExtHandler ExtHandler Fetch failed: GET {0} -- IOError {1} -- 6 attempts made"
    )
    refused = "Tunnel connection failed: 503 Service Unavailable"
    assert found(START, fetch.format("https://x.blob.core.windows.net/m", refused))[0] == {"proxy_refused"}
    assert "proxy_refused" not in found(START, fetch.format("http://10.0.0.9/m", refused))[0]
