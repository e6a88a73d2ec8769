# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret of a guest is in anything that a diagnosis writes: state, report in all forms, terminal."""

import base64
import json
import os
import pathlib
import subprocess
import sys

import planted
import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _run, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _terminal
from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe

TREES = 60
"""Trees in which each text of a file is beside each of another one."""
WIDE = 12
"""Trees of which each file is there once more, in UTF-16."""


def write(folder, files, wide=False):
    for path, text in files.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode("utf-8", "surrogateescape")
        file.write_bytes(data.decode("latin-1").encode("utf-16") if wide else data)
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """``(planted, read, written)``: secrets with their places, the files that were read, and all output by its name."""
    folder = tmp_path_factory.mktemp("secrets")
    secrets, read, output = {}, set(), {}
    run = _run.Run(str(folder / "report"))
    run.start([f"host{number}" for number in range(TREES + WIDE)], os.getpid())
    plain = _probe.Host.read

    def noted(host, path, *arguments, **options):
        data = plain(host, path, *arguments, **options)
        if data:
            read.add(path)
        return data

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_probe.Host, "read", noted)
        for number in range(TREES + WIDE):
            planter = planted.Planter(number)
            root = write(folder / f"tree{number}", planter.files(for_probe()), number >= TREES)
            secrets.update(planter.planted)
            text = json.dumps(_probe.collect({"root": str(root), "signatures": for_probe()}))
            output[f"state {number}"] = text.encode()
            state = _schema.accept(json.loads(text))
            run.record({"host": f"host{number}", **diagnose(state), "reason": None}, state)
    made, _whole = run.finish()
    run.close()
    output["terminal"] = _terminal.render(made, width=200).encode()
    for path in pathlib.Path(folder / "report").rglob("*"):
        if path.is_file():
            output[path.name] = json.dumps(_states.read(path)).encode() if path.suffix == ".gz" else path.read_bytes()
    return secrets, read, output


def test_no_secret_is_in_what_was_written(written, oracle):
    secrets, read, output = written
    assert len(secrets) >= 2500
    assert {"report.json", "report.html", "junit.xml", "terminal", "host0.json.gz"} <= set(output)
    found = {name: planted.left(secrets, data) for name, data in output.items()}
    oracle.figures.update({"secrets planted": len(secrets), "files read": len(read), "files searched": len(output)})
    oracle.figures["secrets found"] = len(set().union(*found.values()))
    assert {name: left for name, left in found.items() if left} == {}


@pytest.mark.parametrize("tree", range(planted.VARIANTS))
def test_no_form_of_a_secret_is_left_in_any_place(tmp_path, tree):
    tried, found = {}, set()
    for shift in range(len(planted.TEXTS)):
        planter = planted.Planter(tree, shift)
        root = write(tmp_path, planter.files(for_probe()))
        state = json.dumps(_probe.collect({"root": str(root), "signatures": for_probe()}))
        found.update(planted.left(planter.planted, state.encode()).values())
        for secret, place in planter.planted.items():
            tried.setdefault(secret, set()).add(place)
    assert found == set()
    forms = {len(places) for places in tried.values()}
    assert forms == {1, len(planted.WORDS), len(planted.PROXIES), len(planted.TEXTS)}


def test_a_secret_that_is_written_is_found(written):
    """The search finds what it is for, in each form."""
    secrets, _read, _output = written
    secret = next(iter(secrets))
    coded = "".join(f"%{ord(char):02x}" for char in secret)
    wide = "\0".join(secret)
    for text in (secret, secret[::-1], secret.lower(), coded, wide, json.dumps(wide), json.dumps(ascii(wide))):
        assert planted.left(secrets, f"a {text} b".encode()) == {secret: secrets[secret]}
    for before in ("", "x", "xy", "xyz"):
        coded = base64.b64encode(f"{before}{secret} and more".encode())
        assert planted.left(secrets, b'{"a":"' + coded + b'"}') == {secret: secrets[secret]}


def test_a_secret_was_in_every_file_that_the_probe_read(written):
    _secrets, read, _output = written
    trees = [planted.Planter(number).files(for_probe()) for number in range(TREES)]
    files = {path for tree in trees for path, text in tree.items() if "Zk" in text}
    assert sorted(read - files) == []
    assert sorted(path for path in files - read if path not in planted.UNREAD) == []


BIN = pathlib.Path(sys.executable).parent
REPO = pathlib.Path(__file__).resolve().parents[2]


def ansible(program, *arguments):
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"),
        "COLUMNS": "200",
        "ANSIBLE_INJECT_INVOCATION": "1",
    }
    command = [BIN / program, *arguments, "-vvv"]
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return done, (done.stdout + done.stderr).encode()


def test_no_secret_is_in_what_a_playbook_shows(tmp_path):
    secrets, hosts = {}, {}
    for number in range(4):
        planter = planted.Planter(number)
        root = write(tmp_path / f"tree{number}", planter.files(for_probe()))
        hosts[f"guest{number}"] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "diagnose_root": str(root),
            "diagnose_become": False,
        }
        secrets.update(planter.planted)
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    report = tmp_path / "report"
    done, shown = ansible(
        "ansible-playbook", "playbooks/diagnose.yml", "-i", inventory, "-e", f"diagnose_report_dir={report}"
    )
    assert done.returncode == 0, shown.decode()
    assert len(json.loads((report / "report.json").read_text())["hosts"]) == 4
    assert planted.left(secrets, shown) == {}


@pytest.mark.parametrize(
    ("module", "before", "options"),
    [
        (
            "waagent_conf",
            "# token={0}\nHttpProxy.Host=svc:{1}@proxy.corp\nMy.Secret={2}\nFoo=x\n",
            {"settings": {"My.Password": "{3}", "Foo": "svc:{4}@proxy.example", "My.Secret": "{5}"}, "force": True},
        ),
        (
            "environment_proxy",
            "http_proxy=http://svc:ab/{0}@h:1\nDB_PASSWORD={1}\nexport API_TOKEN='{2} x'\n",
            {"http_proxy": "http://svc:{3}@proxy.example:3128", "targets": ["logins"]},
        ),
        (
            "vmbackup_conf",
            "[SnapshotThread]\ntimeout = 60\n[Db]\npassword = {0}\nsecret = %{1}\n",
            {"settings": {"Token": "{3}"}, "section": "Db", "force": True, "normalize": True},
        ),
        ("waagent_conf", "Foo=svc:{0}@proxy.example\n", {"settings": {"My.Password": "{1}"}, "stat": "present"}),
        ("waagent_conf", "A=b\n", {"settings": {"HttpProxy.Host": "svc:{0}@proxy.example"}}),
    ],
)
def test_no_secret_is_in_what_a_module_shows(tmp_path, module, before, options):
    names = [f"Zk000x{number:03}qW" for number in range(6)]
    file = tmp_path / "file"
    file.write_text(before.format(*names))
    text = json.dumps({"options": {**options, "path": str(file), "journal_dir": str(tmp_path / "journal")}})
    for number, name in enumerate(names):
        text = text.replace(f"{{{number}}}", name)
    (tmp_path / "options.json").write_text(text)
    # The options as variables: of a task that fails Ansible shows the lines of the playbook.
    task = {f"vmbackup.azure.{module}": {name: f"{{{{ options.{name} }}}}" for name in json.loads(text)["options"]}}
    book = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}]
    (tmp_path / "book.yml").write_text(json.dumps(book))
    _done, shown = ansible("ansible-playbook", tmp_path / "book.yml", "-e", f"@{tmp_path / 'options.json'}", "--diff")
    assert b"module_args" in shown and b"***" in shown
    secrets = dict.fromkeys(names, module)
    assert planted.left(secrets, shown) == {}
    # The journal holds the bytes of files that an undo brings back, for root alone, and no secret beside them.
    saved = {entry: entry.read_bytes() for entry in (tmp_path / "journal").rglob("*") if entry.is_file()}
    kept = [entry for entry, data in saved.items() if planted.left(secrets, data)]
    assert [entry for entry in kept if saved[entry] != before.format(*names).encode()] == []
    assert all(entry.stat().st_mode & 0o077 == 0 for entry in kept)
