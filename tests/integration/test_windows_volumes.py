# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows disks as NTFS images, mounted read-only by ntfs-3g as on a rescue host, and diagnosed together."""

import contextlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys

import pytest
import windows_disks
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _saved

REPO = pathlib.Path(__file__).resolve().parents[2]
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
pytest.importorskip("regipy")
pytest.importorskip("evtx")
pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
    pytest.mark.skipif(not shutil.which("mkntfs", path=PATH), reason="mkntfs is not installed (Debian: ntfs-3g)"),
    pytest.mark.skipif(not os.path.exists("/dev/fuse"), reason="this machine has no FUSE"),
]
JUNCTION, COMPRESSED_BY_WINDOWS = 0xA0000003, 0x80000017


def command(*words):
    subprocess.run(words, env={**os.environ, "PATH": PATH}, check=True, capture_output=True)


class Volume:
    """An NTFS image and where it is mounted."""

    def __init__(self, top):
        self.image = top.with_name(f"{top.name}.img")
        self.top = top
        top.mkdir(parents=True)
        with open(self.image, "wb") as file:
            file.truncate(64 << 20)
        command("mkntfs", "-Q", "-F", "-q", self.image)

    @contextlib.contextmanager
    def mounted(self, options):
        command("ntfs-3g", "-o", options, self.image, self.top)
        try:
            yield self.top
        finally:
            command("umount", self.top)


def dirty_with_log(root):
    before, after = (windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "rdagent_disabled"))
    windows_disks.dirty(root, before, after)


def dirty_without_log(root):
    hive = windows_disks.hive("old_dotnet", "SOFTWARE")
    windows_disks.dirty(root, hive, hive, "SOFTWARE", log=False)


def no_agent(root):
    shutil.rmtree(root / windows_disks.AGENT)


def failed_run(root):
    error = {"status": {"status": "error", "code": 16, "formattedMessage": {"message": "ExtensionFailedVss: x"}}}
    windows_disks.write(root, f"{windows_disks.PLUGIN}/Status/0.status", json.dumps([error]).encode())


def crashed_agent(root):
    crashes = [
        (f"2026-11-23T07:{minute}:00Z", "Application Error", 1000, ["WaAppAgent.exe"]) for minute in (31, 40, 52)
    ]
    windows_disks.events(root, "Application", *crashes)


FAULTS = {
    "rdagent_disabled": ("rdagent_running", None),
    "vss_disabled": ("vss_service", None),
    "provider_disabled": ("iaasvmprovider", None),
    "com_disabled": ("comsysapp", None),
    "msdtc_account": ("msdtc", None),
    "no_system_provider": ("vss_provider", None),
    "enable64bit": ("enable64bit", None),
    "no_agent": ("agent_installed", no_agent),
    "failed_run": ("ext_status", failed_run),
    "crashed_agent": ("agent_stable", crashed_agent),
    "dirty_with_log": ("rdagent_running", dirty_with_log),
    "dirty_without_log": ("dotnet", dirty_without_log),
}


def test_faults_on_ntfs_volumes_are_found_together(tmp_path):
    volumes = {}
    for fault, (_check, make) in FAULTS.items():
        volumes[fault] = Volume(tmp_path / "rescue" / fault)
        with volumes[fault].mounted("rw") as root:
            windows_disks.disk(root, "healthy" if make else fault)
            if make:
                make(root)
    with contextlib.ExitStack() as mounts:
        roots = {str(mounts.enter_context(volume.mounted("ro"))): fault for fault, volume in volumes.items()}
        playbook = [pathlib.Path(sys.executable).with_name("ansible-playbook"), REPO / "playbooks/diagnose_saved.yml"]
        variables = {
            "diagnose_saved": [str(tmp_path / "rescue")],
            "diagnose_report_dir": str(tmp_path / "report"),
        }
        environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"}
        run = subprocess.run(
            [*playbook, "-i", "localhost,", "-e", json.dumps(variables)],
            capture_output=True,
            text=True,
            env=environment,
            cwd=REPO,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((tmp_path / "report/report.json").read_text("utf-8"))
    hosts = {roots[host["host"]]: host for host in report["hosts"]}
    assert {fault: (host["verdict"], host["first_cause"]) for fault, host in hosts.items()} == {
        fault: ("blocked", check) for fault, (check, _make) in FAULTS.items()
    }
    said = " ".join(run.stdout.split())
    assert "/SYSTEM' is dirty; read with SYSTEM.LOG1" in said
    assert "/SOFTWARE' is dirty; no transaction log continues it" in said
    assert said.count("is dirty") == 2


def reparse(path, tag, data):
    os.setxattr(path, "system.ntfs_reparse_data", struct.pack("<IHH", tag, len(data), 0) + data, follow_symlinks=False)


def junction(path, target):
    named, shown = rf"\??\{target}".encode("utf-16-le"), target.encode("utf-16-le")
    sizes = struct.pack("<HHHH", 0, len(named), len(named) + 2, len(shown))
    reparse(path, JUNCTION, sizes + named + b"\0\0" + shown + b"\0\0")


def test_what_only_ntfs_has(tmp_path):
    volume = Volume(tmp_path / "rescue")
    outside = windows_disks.disk(tmp_path / "outside")
    with volume.mounted("rw,compression") as root:
        windows_disks.disk(root)
        shutil.move(root / windows_disks.AGENT, root / "Elsewhere")
        (root / windows_disks.AGENT).mkdir()
        junction(root / windows_disks.AGENT, r"C:\Elsewhere")
        # A link as Linux writes it, to a place on the rescue host.
        shutil.rmtree(root / windows_disks.PLUGIN)
        (root / windows_disks.PLUGIN).symlink_to(outside / windows_disks.PLUGIN)
        reparse(root / "WINDOWS/system32/svchost.exe", COMPRESSED_BY_WINDOWS, struct.pack("<IIII", 1, 2, 1, 0))
        logs = root / "WindowsAzure/Logs"
        os.setxattr(logs, "system.ntfs_attrib", struct.pack("<I", 0x810))
        text = (logs / "WaAppAgent.log").read_bytes()
        (logs / "WaAppAgent.log").unlink()
        (logs / "WaAppAgent.log").write_bytes(text * 2000)
        assert (logs / "WaAppAgent.log").stat().st_blocks * 512 < len(text) * 1000
    with volume.mounted("ro"):
        (saved,) = _saved.found([str(tmp_path / "rescue")], 60)
        _result, state = _saved.judged(saved, {})
    assert state["agent"]["versions"] == [] and state["extension"]["versions"] == []
    assert state["services"]["swprv"]["image_exists"] is True
    assert state["agent"]["log"]["last"].endswith("fabric address 168.63.129.16 on interface Ethernet")
