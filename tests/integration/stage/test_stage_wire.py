# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WinRM that fails: each such host is in the report with its reason, and keeps no shell; the run ends well."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import wire

pytest.importorskip("winrm", reason="pywinrm is not installed")

REPO = Path(__file__).resolve().parents[3]
READY = {"schema": 1, "platform": "windows", "mode": "live", "privileged": True, "missing": {}}
GOOD = wire.answers({"changed": False, "state": READY})

SERVERS = {
    "good": {},
    "password": {"password": "another"},
    "shells": {"faults": {"Create": wire.QUOTA_SHELLS}},
    "operations": {"faults": {"Command": wire.QUOTA_OPERATIONS}},
    "size": {"faults": {"Send": wire.TOO_LARGE}},
    "memory": {"command": wire.out_of_memory},
    "lost-at-log-in": {"breaks": ("Create",)},
    "lost-at-start": {"breaks": ("Command",)},
    "lost-while-sending": {"breaks": ("Send",)},
    "lost-while-waiting": {"breaks": ("Receive",)},
    "lost-for-good": {"breaks": ("Receive", "Signal", "Delete")},
}

REASONS = {
    "password": ("unreachable", "credentials were rejected"),
    "shells": ("unreachable", "maximum number of 30 concurrent shells"),
    "operations": ("unreachable", "maximum number of concurrent operations"),
    "size": ("unreachable", "MaxEnvelopeSizekb"),
    "memory": ("unknown", "OutOfMemoryException"),
    "lost-at-log-in": ("unreachable", "the connection was lost"),
    "lost-at-start": ("unreachable", "the connection was lost"),
    "lost-while-sending": ("unreachable", "did not accept what was sent"),
    "lost-while-waiting": ("unreachable", "the connection was lost"),
    "lost-for-good": ("unreachable", "the connection was lost"),
    "silent": ("unreachable", "does not answer: timed out"),
    "nobody": ("unreachable", "Connection refused"),
    "unknown-certificate": ("unreachable", "certificate verify failed"),
}
"""Host -> its verdict, and what its reason says."""


def certificate(folder: Path) -> tuple[str, str]:
    files = str(folder / "tls.crt"), str(folder / "tls.key")
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=guest"]
    name = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]]
    subprocess.run([*request, *name], check=True, capture_output=True)
    return files


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Host -> server, and the variables of the hosts in an inventory."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is missing")
    tls = certificate(tmp_path_factory.mktemp("tls"))
    with ExitStack() as stack:

        def start(**settings):
            return stack.enter_context(closing(wire.Wire(**{"command": GOOD, **settings})))

        servers = {name: start(**settings) for name, settings in SERVERS.items()}
        servers["certificate"] = servers["unknown-certificate"] = start(tls=tls)
        hosts = {name: {"ansible_port": server.port} for name, server in servers.items()}
        for name in ("certificate", "unknown-certificate"):
            hosts[name]["ansible_winrm_scheme"] = "https"
        hosts["certificate"]["ansible_winrm_ca_trust_path"] = tls[0]
        # One that takes connections and never says a word; one where nobody listens.
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        nobody = stack.enter_context(socket.socket())
        nobody.bind(("127.0.0.1", 0))
        hosts |= {name: {"ansible_port": s.getsockname()[1]} for name, s in (("silent", silent), ("nobody", nobody))}
        # For this one alone a time-out is waited for.
        hosts["silent"] |= {"ansible_winrm_operation_timeout_sec": 4, "ansible_winrm_read_timeout_sec": 8}
        yield servers, hosts


@pytest.fixture(scope="module")
def run(servers, tmp_path_factory):
    """One diagnosis of all: the hosts of the report by name, and what the run printed."""
    folder = tmp_path_factory.mktemp("wire")
    common = {
        "ansible_host": "127.0.0.1",
        "ansible_connection": "winrm",
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "basic",
        "ansible_user": wire.USER,
        "ansible_password": wire.PASSWORD,
        "ansible_winrm_operation_timeout_sec": 100,
        "ansible_winrm_read_timeout_sec": 120,
    }
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": servers[1], "vars": common}}))
    program = Path(sys.executable).with_name("ansible-playbook")
    options = ["-i", folder / "inventory.json", "-e", f"diagnose_report_dir={folder}"]
    done = subprocess.run(
        [program, "playbooks/diagnose.yml", *options],
        cwd=REPO,
        env={**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / ".run").exists()
    report = json.loads((folder / "report.json").read_text("utf-8"))
    return {host["host"]: host for host in report["hosts"]}, done.stdout


def test_every_host_is_in_the_report(run, servers):
    assert set(run[0]) == set(servers[1])


@pytest.mark.parametrize("name", REASONS)
def test_the_reason_is_plain(run, name):
    host = run[0][name]
    verdict, words = REASONS[name]
    assert host["verdict"] == verdict and words in host["reason"]
    assert not any(noise in host["reason"] for noise in ("Traceback", "Pool(", "Caused by", "fault data", "object at"))


@pytest.mark.parametrize("name", ["good", "certificate"])
def test_what_works_is_diagnosed_beside_it(run, name):
    assert run[0][name]["reason"] is None and run[0][name]["platform"] == "windows"


def test_no_shell_is_left_where_a_word_still_gets_through(run, servers):
    left = {name for name, server in servers[0].items() if server.open_shells}
    assert left <= {"lost-for-good"}


def test_no_password_is_shown(run):
    hosts, shown = run
    assert wire.PASSWORD not in shown + json.dumps(hosts)
