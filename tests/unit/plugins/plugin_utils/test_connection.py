# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import signal
import sys
import threading
import types

import pytest
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._connection import guarded, plain, takes_input

POOL = "HTTPSConnectionPool(host='10.1.0.4', port=5986): Max retries exceeded with url: /wsman (Caused by "


@pytest.mark.parametrize(
    ("raised", "package"),
    [
        ("winrm or requests is not installed: No module named 'winrm'", "pywinrm"),
        ("pypsrp or dependencies are not installed: No module named 'pypsrp'", "pypsrp"),
        (
            "requested transport is kerberos, but the python kerberos library is not installed. Kerberos",
            "'pywinrm[kerberos]'",
        ),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_command(raised, package):
    said = f"the controller lacks a library of this connection: {sys.executable} -m pip install {package}"
    assert plain(AnsibleError(raised)) == said


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (
            POOL + "NewConnectionError(\"HTTPSConnection(host='10.1.0.4', port=5986): Failed to establish a new "
            'connection: [Errno 111] Connection refused"))',
            "cannot reach 10.1.0.4:5986: [Errno 111] Connection refused",
        ),
        (
            POOL + "ConnectTimeoutError(<urllib3.connection.HTTPSConnection object at 0x7f>, 'Connection to 10.1.0.4 "
            "timed out. (connect timeout=30)'))",
            "10.1.0.4:5986 does not answer: timed out",
        ),
        (
            "HTTPConnectionPool(host='10.1.0.4', port=5985): Read timed out. (read timeout=30)",
            "10.1.0.4:5985 does not answer: timed out",
        ),
        (
            POOL + "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
            "self-signed certificate (_ssl.c:1010)')))",
            "10.1.0.4:5986: certificate verify failed: self-signed certificate",
        ),
        (
            "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
            "the connection was lost: Remote end closed connection without response",
        ),
        (
            "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
            "the connection was lost: Connection reset by peer",
        ),
        ("Too many shells. (extended fault data: {'http_status_code': 500, 'x': 1})", "Too many shells."),
        (
            "Failed to create temporary directory. In some cases, you may have been able to authenticate and did not "
            "have permissions on the target directory. Failed command was: ( umask 77 && mkdir -p ` echo ~/.ansible "
            "` && mkdir ` echo ~/x/ansible-tmp-1795948343.27-1 ` ), exited with result 1, stderr output: full",
            "cannot create a temporary directory on the host: exit status 1, stderr output: full",
        ),
        ("Failed to connect\nto the host via ssh", "Failed to connect to the host via ssh"),
        ("", "OSError"),
    ],
)
def test_one_plain_line(raised, line):
    assert plain(OSError(raised)) == line


def test_an_exception_of_a_library_is_a_broken_connection():
    with pytest.raises(AnsibleConnectionFailure, match="^reset$"):
        with guarded(60):
            raise OSError("reset")


def test_the_words_of_ansible_stay():
    with pytest.raises(AnsibleActionFail, match="no such module"):
        with guarded(60):
            raise AnsibleActionFail("no such module")


def test_input_that_was_not_taken_is_a_broken_connection():
    with pytest.raises(AnsibleConnectionFailure, match="MaxEnvelopeSizekb"):
        with guarded(60):
            raise AnsibleError("winrm send_input failed; \nstdout: \nstderr ")


def test_a_guest_that_never_answers_is_left():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(AnsibleConnectionFailure, match="does not answer"):
        with guarded(0.1):
            try:
                threading.Event().wait(60)
            except Exception:
                pytest.fail("held back on its way")
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_without_a_bound_the_alarm_is_somebody_elses():
    signal.setitimer(signal.ITIMER_REAL, 60)
    with guarded(None):
        pass
    assert signal.setitimer(signal.ITIMER_REAL, 0)[0] > 0


def receive(chunks):
    while len(chunks) < 4096:
        chunks.append(b"x" * (1 << 20))


@pytest.mark.parametrize("seconds", [60, None])
def test_a_guest_that_floods_is_given_up(seconds):
    before = (signal.getsignal(signal.SIGPROF), signal.getitimer(signal.ITIMER_PROF))
    received = []
    with pytest.raises(AnsibleConnectionFailure, match="the guest sends more than 96 MiB") as caught:
        with guarded(seconds):
            # As a connection does, in a function of its own: a loop right here ends outside the block for Python 3.13.
            receive(received)
    assert 64 < len(received) < 2048
    assert caught.value.__suppress_context__
    assert (signal.getsignal(signal.SIGPROF), signal.getitimer(signal.ITIMER_PROF)) == before


def test_what_an_ordinary_answer_takes_is_no_flood():
    with guarded(60):
        assert len(b"x" * (8 << 20)) == 8 << 20


def test_of_a_long_reason_the_beginning_is_told():
    assert len(plain(AnsibleError("e" * (64 << 20)))) <= 4096


def connection(has=True, option=True, become=None, always=False):
    """A connection of an ansible-core that does not say by itself whether it uses pipelining."""

    def get_option(_name):
        if option is None:
            raise KeyError
        return option

    become = become and types.SimpleNamespace(name=become)
    return types.SimpleNamespace(
        has_pipelining=has, always_pipeline_modules=always, become=become, get_option=get_option
    )


@pytest.mark.parametrize(
    ("connection", "takes"),
    [
        (connection(), True),
        (connection(become="sudo"), True),
        (connection(become="su"), False),
        (connection(has=False), False),
        (connection(option=False), False),
        (connection(option=None), False),
        (connection(option=None, always=True), True),
        (types.SimpleNamespace(is_pipelining_enabled=lambda: True), True),
        (types.SimpleNamespace(is_pipelining_enabled=lambda: False), False),
    ],
)
def test_a_connection_says_itself_whether_it_takes_input(connection, takes):
    assert takes_input(connection) is takes
