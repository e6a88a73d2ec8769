# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests that answer with anything: each is a result with its reason; others and the controller do not suffer."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "ANSIBLE_FORCE_COLOR": "0"}
STATE = {
    "schema": 1,
    "platform": "linux",
    "mode": "live",
    "captured": "2026-03-01T02:00:00Z",
    "privileged": True,
    "missing": {},
}
NOT_REACHED = "The run ended before this host was diagnosed"
MEMORY = 700 << 20
"""Bytes that a process of the controller may take: Ansible itself needs a quarter of that."""

MEASURED = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stderr=subprocess.STDOUT)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""
"""Runs a command and says the KiB of the largest of its processes; a process that ran other tests knows more."""

AGENT = '{"schema": 1, "platform": "linux", "mode": "live", "privileged": true, "missing": {}, "agent": {"daemon": %s}}'
ANSWERS = {
    "nested": 'printf \'{"schema": 1, "agent": \'; head -c 200000 /dev/zero | tr "\\\\0" "["',
    "closed": 'printf \'{"schema": 1, "agent": \'; head -c 90000 /dev/zero | tr "\\\\0" "["; '
    'head -c 90000 /dev/zero | tr "\\\\0" "]"; echo "}"',
    "digits": "cat <<'END'\n"
    + AGENT % ('{"pid": 1, "age_s": %s, "command": [], "read_from": "x"}' % ("9" * 401))
    + "\nEND",
    "many digits": "cat <<'END'\n" + AGENT % ('{"pid": 1, "age_s": %s, "command": []}' % ("9" * 9000)) + "\nEND",
    "infinite": "cat <<'END'\n" + AGENT % '{"pid": 1, "age_s": 1e999, "command": [], "state": NaN}' + "\nEND",
    "another form": "cat <<'END'\n" + AGENT % '{"pid": [], "age_s": {}, "command": "x"}' + "\nEND",
    "a list": "echo '{\"schema\"[1]'",
    "endless": "exec cat /dev/zero",
    "endless error": "exec cat /dev/zero >&2",
    "long error": "head -c 209715200 /dev/zero | tr '\\\\0' 'e' >&2; exit 1",
    "long fact": 'printf \'{"schema": 1, "platform": "linux", "mode": "live", "privileged": true, "missing": '
    '{"agent": "\'; head -c 209715200 /dev/zero | tr "\\\\0" a; echo \'"}}\'',
    "silent": "exit 0",
}
VARIABLES = {
    "no address": {"ansible_host": "{{ nope }}"},
    "no port": {"ansible_port": "{{ nope }}"},
    "no key": {"ansible_ssh_private_key_file": "{{ nope }}"},
    "no become": {"ansible_become_user": "{{ nope }}", "diagnose_become": True},
    "no connection": {"ansible_connection": "{{ nope }}"},
    "another connection": {"ansible_connection": "there.is.none"},
    "no user": {"ansible_user": "{{ nope }}"},
    "no time": {"diagnose_timeout": "{{ 'fif' ~ 'teen' }}"},
    "no choice": {"diagnose_only": ["{{ 'no such' }}"]},
    "no option": {"diagnose_expect_proxy": "{{ nope.nope }}"},
    "no number": {"diagnose_timeout": "{{ {'a': 'b'} }}"},
}


# What the inventory says of the virtual machine of a host.
MACHINES = {
    "undefined": {"id": "{{ nope }}", "name": "{{ nope }}", "private_ipv4_addresses": ["{{ nope }}"]},
    "another form": {"id": [], "name": {"a": 1}, "private_ipv4_addresses": 7, "ansible_host": ["a"]},
}
MACHINE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/first"
AZURE_STATE = {
    "schema": 1,
    "platform": "azure",
    "captured": STATE["captured"],
    "missing": {},
    "vm": {"id": MACHINE, "name": "first", "power": "running"},
}

# A line that moves the cursor, and one that turns the direction of what follows.
ACTING = "\u009b31m\u202e\x1b[2J\x07"
ODD = {
    **STATE,
    "dhcp": {
        "primary": {
            "interface": f"eth0{ACTING}",
            "method": "static",
            "static_addresses": [f"10.0.0.4{ACTING}"],
            "read_from": f"/etc/network/interfaces{ACTING}",
        }
    },
}


def run(folder, playbook, answers, variables, *options):
    """Runs a playbook over guests whose ssh client gives these answers; the other hosts answer well."""
    (folder / "state").write_text(json.dumps(STATE))
    # The first host of all is asked for the options of the report.
    hosts = {
        name.replace(" ", "-"): {"ansible_ssh_executable": str(folder / "first"), **more}
        for name, more in variables.items()
    }
    for name, answer in answers.items():
        client = folder / name.replace(" ", "-")
        # A client takes what it is given before it answers.
        client.write_text(f"#!/bin/sh\n[ -t 0 ] || cat >/dev/null\n{answer}\n".replace("\\\\0", "\\0"))
        client.chmod(0o755)
        hosts[client.name] = {"ansible_ssh_executable": str(client)}
    inventory = {"all": {"hosts": hosts, "vars": {"ansible_ssh_retries": 0, "diagnose_become": False}}}
    (folder / "inventory.json").write_text(json.dumps(inventory))
    done = subprocess.run(
        [
            *(sys.executable, "-c", MEASURED, PROGRAMS / "ansible-playbook"),
            *(f"playbooks/{playbook}.yml", "-i", folder / "inventory.json", *options),
        ],
        cwd=REPO,
        env=ENVIRONMENT,
        capture_output=True,
        timeout=600,
        check=False,
    )
    return done, hosts


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    good = f"cat {folder}/state"
    options = ["--forks=4", "-e", f"diagnose_report_dir={folder}/report"]
    done, hosts = run(folder, "diagnose", {"first": good, **ANSWERS, "last": good}, VARIABLES, *options)
    return done, folder / "report", hosts, int(done.stderr) << 10


def results(report):
    return {host["host"]: host for host in json.loads((report[1] / "report.json").read_text("utf-8"))["hosts"]}


def test_every_host_is_in_the_report(report, oracle):
    done, _folder, hosts, peak = report
    oracle.figures.update({"hostile hosts": len(hosts) - 2, "MiB of the largest process": peak >> 20})
    assert done.returncode == 0, done.stdout[-3000:]
    assert set(results(report)) == set(hosts)


@pytest.mark.parametrize("name", ["first", "last"])
def test_the_neighbours_are_reported(report, name):
    found = results(report)[name]
    assert found["platform"] == "linux" and found["reason"] is None and found["findings"]


@pytest.mark.parametrize("name", [name.replace(" ", "-") for name in (*ANSWERS, *VARIABLES)])
def test_a_hostile_host_has_its_reason(report, name):
    found = results(report)[name]
    assert found["verdict"] in ("unknown", "unreachable")
    assert (found["reason"] is None) == (name in ("digits", "infinite", "another-form"))
    assert len(found["reason"] or "") <= 4200 and not re.search(r"[^\x20-\x7e]", found["reason"] or "")
    assert NOT_REACHED not in (found["reason"] or "")


def test_what_is_written_stays_small(report):
    done, folder, _hosts, _peak = report
    sizes = {path.name: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    assert max(sizes.values()) < 2 << 20, sizes
    assert len(done.stdout) < 100_000


def test_the_memory_of_the_controller_is_bounded(report):
    assert report[3] < MEMORY


def test_a_fix_counts_them_and_shows_nothing_that_acts(tmp_path):
    (tmp_path / "odd").write_text(json.dumps(ODD))
    answers = {"first": f"cat {tmp_path}/state", "acts": f"cat {tmp_path}/odd", "nested": ANSWERS["nested"]}
    variables = {name: VARIABLES[name] for name in ("no user", "no address", "no time")}
    options = ["--check", "-e", f"fix_report_dir={tmp_path}/report", "-e", "remediate_allow=auto,confirm"]
    done, hosts = run(tmp_path, "fix", answers, variables, *options)
    entries = {entry["host"]: entry for entry in json.loads((tmp_path / "report/fix.json").read_text("utf-8"))["hosts"]}
    assert set(entries) == set(hosts)
    assert "nested too deeply" in entries["nested"]["failed"] and "undefined" in entries["no-user"]["failed"]
    assert entries["acts"]["planned"] == ["guest_dhcp"]
    shown = done.stdout.decode("utf-8")
    assert "eth0\\\\x9b31m\\\\u202e" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_a_proof_counts_them_as_well(tmp_path):
    options = ["-e", f"diagnose_report_dir={tmp_path}/report", "-e", "verify_wait=1", "-e", "verify_fail_on=never"]
    done, hosts = run(
        tmp_path, "verify", {"first": f"cat {tmp_path}/state"}, {"no user": VARIABLES["no user"]}, *options
    )
    assert done.returncode == 0, done.stdout[-3000:]
    found = {host["host"]: host for host in json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]}
    assert set(found) == set(hosts) and "undefined" in found["no-user"]["reason"]


def test_variables_of_one_host_do_not_take_azure_from_the_others(tmp_path):
    (tmp_path / "azure.json").write_text(json.dumps({"schema": 1, "vms": [AZURE_STATE]}))
    options = ["-e", f"diagnose_report_dir={tmp_path}/report", "-e", f"diagnose_azure_state_file={tmp_path}/azure.json"]
    variables = {**MACHINES, "no address": VARIABLES["no address"]}
    done, hosts = run(tmp_path, "diagnose", {"first": f"cat {tmp_path}/state"}, variables, *options)
    assert done.returncode == 0, done.stdout[-3000:]
    written = json.loads((tmp_path / "report/report.json").read_text("utf-8"))
    assert {host["host"] for host in written["hosts"]} == set(hosts)
    assert [host["host"] for host in written["hosts"] if "azure" in host] == ["first"]
    assert written["azure"]["error"] is None
