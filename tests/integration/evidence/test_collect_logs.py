# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a booted guest: an archive is fetched, holds what explains a backup, and no secret."""

import base64
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import urllib.parse
import zipfile

import pytest

pytestmark = pytest.mark.lab

SECRETS = 2000
PLACES = (
    "/var/log/waagent.log",
    "/var/lib/waagent/ExtensionsConfig.9.xml",
    "/var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux/1.0/extension.log",
    "/var/log/syslog",
    "/etc/azure/vmbackup.conf",
)
FORMS = (
    "2026-11-28T00:00:00Z INFO GET https://a.blob.core.windows.net/c/b?sv=1&sig={0} done waagent",
    '{{"protectedSettings": "{0}{0}", "note": "waagent"}}',
    "waagent HttpProxy http://svc:{0}@10.0.0.1:3128",
    "waagent Authorization: Bearer {0}",
    "waagent <Password>{0}</Password>",
    "waagent AccountKey={0};EndpointSuffix=core.windows.net",
    "waagent -----BEGIN RSA PRIVATE KEY-----\n{0}{0}\n-----END RSA PRIVATE KEY-----",
)


def planted():
    """Texts with all secrets, one for each place."""
    names = [f"Zq{number:04d}vanillaSecret" for number in range(SECRETS)]
    texts = {place: "" for place in PLACES}
    for number, name in enumerate(names):
        place = PLACES[number % len(PLACES)]
        texts[place] += FORMS[number // len(PLACES) % len(FORMS)].format(name) + "\n"
    return names, texts


def test_no_secret_survives_and_what_decides_is_there(lab, lab_host, tmp_path):
    guest = lab_host("bookworm")
    guest.wait_agent()
    names, texts = planted()
    for place, text in texts.items():
        guest.exec(f"mkdir -p $(dirname {place})")
        guest.exec(f"cat >>{place}", stdin=text)
    outcome = lab.playbook(
        "vmbackup.azure.collect_logs",
        hosts=[guest],
        extra_vars={"collect_logs_dest": str(tmp_path)},
        arguments=("-vvv", "--diff"),
    )
    archive = tmp_path / f"{guest.name}.zip"
    assert archive.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(archive) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(members["manifest.json"])
    assert {"state.json", "findings.json", "journal/walinuxagent.service.log", "files/var/log/waagent.log"} <= set(
        members
    )
    assert [entry for entry in manifest["left_out"] if entry["path"].startswith("journal/")] == []
    assert sum(entry["count"] for entry in manifest["redacted"]) >= SECRETS * 0.9
    everything = b"".join(members.values()) + outcome.stdout.encode()
    everything += guest.exec(
        "journalctl --no-pager -t python3 -t ansible-evidence_archive -o cat; true"
    ).stdout.encode()
    plain = everything.replace(b"\0", b"").decode("utf-8", "replace")
    assert [name for name in names if name in plain] == []
    assert [name for name in names if base64.b64encode(name.encode()).decode().rstrip("=") in plain] == []
    assert [name for name in names if "".join(f"%{byte:02X}" for byte in name.encode()) in plain] == []
    assert [name for name in names if urllib.parse.quote(name) in plain] == []
    assert guest.exec("ls /var/lib/vmbackup/evidence", check=False).stdout == ""


def test_a_fetch_that_was_interrupted_is_continued(lab, lab_host, tmp_path):
    guest = lab_host("trixie", agent=False)
    made = lab.module(guest, "vmbackup.azure.evidence_archive", {})
    whole = guest.exec(f"base64 {made['path']}").stdout
    part = tmp_path / f"{guest.name}.zip.part"
    part.write_bytes(base64.b64decode(whole)[:1000])
    note = {"name": made["name"], "sha256": made["sha256"], "options": {}}
    part.with_name(part.name + ".note").write_text(json.dumps(note))
    result = lab.module(guest, "vmbackup.azure.evidence_archive", {"dest": str(tmp_path)})
    assert result["resumed"] and result["sha256"] == made["sha256"]
    assert (tmp_path / f"{guest.name}.zip").read_bytes() == base64.b64decode(whole)
    result = lab.module(guest, "vmbackup.azure.evidence_archive", {"dest": str(tmp_path)})
    assert not result["resumed"] and result["sha256"] != made["sha256"]


class Killed(Exception):
    pass


def descendants(parent):
    """Processes that a process started, and those that these did: workers of Ansible have sessions of their own."""
    children = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            children.setdefault(int(status.read_text().rpartition(")")[2].split()[1]), []).append(
                int(status.parent.name)
            )
    found, todo = [], [parent]
    while todo:
        todo += (below := children.get(todo.pop(), []))
        found += below
    return found


def command_of(process):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


@contextlib.contextmanager
def killed_when(true):
    """Ends what runs inside with SIGKILL, as a lost controller does, at the moment something becomes true."""

    def look(_signal, _frame):
        if true():
            signal.setitimer(signal.ITIMER_REAL, 0)
            of_ansible = [own for own in descendants(os.getpid()) if b"ansible-playbook" in command_of(own)]
            for process in {below for own in of_ansible for below in [own, *descendants(own)]}:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            raise Killed

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        with pytest.raises(Killed):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_fetch_whose_controller_was_killed_is_continued(lab, lab_host, tmp_path):
    guest = lab_host("trixie", agent=False)
    guest.exec("mkdir -p /var/log/azure && head -c 12M /dev/urandom | od -An -v -tx1 >/var/log/azure/noise.log")
    part = tmp_path / f"{guest.name}.zip.part"
    options = {"dest": str(tmp_path), "redact": False, "max_file_mib": 100}
    with killed_when(lambda: part.exists() and part.stat().st_size > 0):
        lab.module(guest, "vmbackup.azure.evidence_archive", options)
    arrived = part.read_bytes()
    assert arrived and not (tmp_path / f"{guest.name}.zip").exists()
    result = lab.module(guest, "vmbackup.azure.evidence_archive", options)
    whole = (tmp_path / f"{guest.name}.zip").read_bytes()
    assert result["resumed"] and whole.startswith(arrived) and len(whole) > len(arrived)
    assert hashlib.sha256(whole).hexdigest() == result["sha256"]
    assert guest.exec("ls /var/lib/vmbackup/evidence", check=False).stdout == ""
