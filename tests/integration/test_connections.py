# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to a guest that docs/connections.md names: example inventories, and Windows by SSH."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

REPO = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}

STATE = {"schema": 1, "platform": "windows", "mode": "live", "privileged": True, "missing": {}}


@pytest.fixture
def ssh(tmp_path):
    """An ssh client that keeps its command and what it is given, and answers as the Windows module does."""
    (tmp_path / "answer").write_text(json.dumps({"changed": False, "state": STATE}))
    client = tmp_path / "ssh"
    client.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/commands\ncat > {tmp_path}/given\ncat {tmp_path}/answer\n')
    client.chmod(0o755)
    return client


@pytest.mark.parametrize("shell", ["powershell", "cmd"])
def test_windows_by_ssh(ssh, tmp_path, shell):
    hosts = {"guest": {"ansible_ssh_executable": str(ssh), "ansible_shell_type": shell}}
    (tmp_path / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    options = ["-i", tmp_path / "inventory.json", "-e", f"diagnose_report_dir={tmp_path}/report"]
    done = subprocess.run(
        [PROGRAMS / "ansible-playbook", "playbooks/diagnose.yml", *options],
        cwd=REPO,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (host,) = json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]
    assert (host["platform"], host["reason"]) == ("windows", None)
    (command,) = (tmp_path / "commands").read_text().splitlines()
    assert "-EncodedCommand" in command and "sudo" not in command
    assert b"win_guest_state_info" in (tmp_path / "given").read_bytes()


def test_linux_by_ssh_runs_nothing_from_the_home_of_the_account(tmp_path):
    home, tree, ran = tmp_path / "home", tmp_path / "tree", tmp_path / "ran"
    (tree / "etc").mkdir(parents=True)
    (tree / "etc/waagent.conf").write_text("Extensions.Enabled=n\n")
    home.mkdir()
    for name in {*sys.stdlib_module_names, "sitecustomize", "usercustomize"}:
        (home / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r})\n")
    for name in ("python3", "python", "base64"):
        (home / name).write_text(f"#!/bin/sh\necho {name} >>{ran}\n")
        (home / name).chmod(0o755)
    client = tmp_path / "ssh"
    client.write_text(
        f"#!/bin/sh\ncd {home}\nexport HOME={home} PYTHONPATH={home} PATH={home}:$PATH\n"
        f'for command; do :; done\necho "$command" >>{tmp_path}/commands\nexec /bin/sh -c "$command"\n'
    )
    client.chmod(0o755)
    (tmp_path / "inventory.json").write_text(
        json.dumps({"all": {"hosts": {"guest": {"ansible_ssh_executable": str(client), "diagnose_root": str(tree)}}}})
    )
    options = ["-i", tmp_path / "inventory.json", "-e", f"diagnose_report_dir={tmp_path}/report"]
    done = subprocess.run(
        [PROGRAMS / "ansible-playbook", "playbooks/diagnose.yml", *options, "-e", '{"diagnose_become": false}'],
        cwd=REPO,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (host,) = json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]
    assert (host["platform"], host["reason"]) == ("linux", None)
    assert len((tmp_path / "commands").read_text().splitlines()) == 1
    assert not ran.exists()


def test_mitogen(tmp_path):
    """Its connections know no pipelining: the module does the same there."""
    strategies = Path(pytest.importorskip("ansible_mitogen").__file__).parent / "plugins/strategy"
    tree = tmp_path / "tree/etc"
    tree.mkdir(parents=True)
    (tree / "waagent.conf").write_text("Extensions.Enabled=n\n")
    guest = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    guest.update(diagnose_root=str(tree.parent), diagnose_become=False)
    (tmp_path / "inventory.json").write_text(json.dumps({"all": {"hosts": {"guest": guest}}}))
    options = ["-i", tmp_path / "inventory.json", "-e", f"diagnose_report_dir={tmp_path}/report"]
    done = subprocess.run(
        [PROGRAMS / "ansible-playbook", "playbooks/diagnose.yml", *options],
        cwd=REPO,
        env={**ENVIRONMENT, "ANSIBLE_STRATEGY": "mitogen_linear", "ANSIBLE_STRATEGY_PLUGINS": str(strategies)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (host,) = json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]
    assert (host["first_cause"], host["reason"]) == ("extensions_enabled", None)


@pytest.mark.parametrize("name", sorted(path.stem for path in (REPO / "examples/inventories").glob("*.yml")))
def test_example_inventories(name):
    """Each parses without a word of complaint, and no Windows guest of it is trusted unseen."""
    done = subprocess.run(
        [PROGRAMS / "ansible-inventory", "-i", REPO / f"examples/inventories/{name}.yml", "--list"],
        env={**ENVIRONMENT, "ANSIBLE_INVENTORY_UNPARSED_FAILED": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    hosts = json.loads(done.stdout)["_meta"]["hostvars"]
    assert hosts
    for settings in hosts.values():
        connection = settings.get("ansible_connection", "ssh")
        if connection == "winrm":
            assert settings["ansible_winrm_scheme"] == "https"
            assert settings["ansible_winrm_server_cert_validation"] == "validate"
        elif connection == "psrp":
            assert (settings["ansible_psrp_protocol"], settings["ansible_psrp_cert_validation"]) == (
                "https",
                "validate",
            )


def test_the_inventory_of_azure_has_options_of_its_plugin_only():
    described = subprocess.run(
        [PROGRAMS / "ansible-doc", "-t", "inventory", "-j", "azure.azcollection.azure_rm"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if described.returncode != 0:
        pytest.skip("the collection azure.azcollection is not installed")
    options = json.loads(described.stdout)["azure.azcollection.azure_rm"]["doc"]["options"]
    given = yaml.safe_load((REPO / "examples/inventories/azure/azure_rm.yml").read_text("utf-8"))
    assert set(given) <= set(options) and given["default_host_filters"] == []


def test_a_controller_without_a_library_of_the_connection_says_what_to_install(tmp_path):
    (tmp_path / "winrm.py").write_text("raise ImportError('not here')\n")
    settings = {"ansible_connection": "winrm", "ansible_user": "u", "ansible_password": "p"}
    (tmp_path / "inventory.json").write_text(json.dumps({"all": {"hosts": {"guest": settings}}}))
    subprocess.run(
        [PROGRAMS / "ansible-playbook", "playbooks/diagnose.yml", "-i", tmp_path / "inventory.json"]
        + ["-e", f"diagnose_report_dir={tmp_path}/report"],
        cwd=REPO,
        env={**ENVIRONMENT, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        timeout=600,
        check=False,
    )
    (host,) = json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]
    assert host["verdict"] in ("unknown", "unreachable")
    assert host["reason"].endswith("-m pip install pywinrm")
