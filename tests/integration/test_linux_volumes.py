# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linux disks with LVM, as on a rescue host: volumes mounted side by side, put together by the fstab of their system.

The volume groups are made by LVM itself. Where the kernel has no device mapper, a loop device takes the place of each
volume, at the extents that LVM says.
"""

import contextlib
import json
import os
import pathlib
import shlex
import shutil
import stat
import subprocess
import sys

import linux_disks
import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
NEEDED = {
    "lvcreate": "lvm2",
    "mkfs.xfs": "xfsprogs",
    "mkfs.ext4": "e2fsprogs",
    "losetup": "mount",
    "unshare": "util-linux",
}
ABSENT = sorted({package for program, package in NEEDED.items() if not shutil.which(program, path=SEARCHED)})
pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
    pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}"),
    pytest.mark.skipif(not os.path.exists("/dev/loop-control"), reason="this machine has no loop devices"),
]
SIZES = {"root": ("ext4", 64), "usr": ("ext4", 64), "var": ("xfs", 320)}
EXTENT = 4 << 20
FIRST_CAUSES = {
    "healthy": None,
    "extensions-off": "extensions_enabled",
    "masked": "agent_unmasked",
    "asleep": "agent_disable_marker",
    "no-agent": "agent_installed",
    "no-settings": "ext_settings",
}


def command(*words):
    environment = {**os.environ, "PATH": SEARCHED, "LVM_SUPPRESS_FD_WARNINGS": "1"}
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


@contextlib.contextmanager
def loop(image, *options):
    """A loop device of an image, or of a part of it."""
    device = command("losetup", "-f").strip()
    if not os.path.exists(device):
        os.mknod(device, stat.S_IFBLK | 0o600, os.makedev(7, int(device.removeprefix("/dev/loop"))))
    command("losetup", *options, device, image)
    try:
        yield device
    finally:
        command("losetup", "-d", device)


def volume_group(image, name):
    """Makes a disk with a volume group, and gives where its volumes are: ``{part: (first byte, bytes)}``."""
    with open(image, "wb") as file:
        file.truncate((sum(mib for _kind, mib in SIZES.values()) + 16) << 20)
    with loop(image) as device:
        only = f'devices {{ use_devicesfile=0 filter=["a|^{device}$|","r|.*|"] }}'
        offline = ("--driverloaded", "n", "--config", only)
        command("pvcreate", *offline, device)
        command("vgcreate", *offline, "-s", f"{EXTENT}b", name, device)
        for part, (_kind, mib) in SIZES.items():
            command("lvcreate", *offline, *("-an", "-Zn", "-Wn", "-L", f"{mib}m", "-n", f"{part}lv", name))
        told = command("pvs", *offline, *("--noheadings", "--nosuffix", "--units", "b", "-o", "pe_start", device))
        lines = command("lvs", *offline, *("--noheadings", "-o", "lv_name,seg_pe_ranges", name)).split()
    places = {}
    for volume, ranges in zip(lines[::2], lines[1::2], strict=True):
        first, last = map(int, ranges.rpartition(":")[2].split("-"))
        places[volume.removesuffix("lv")] = (int(told) + first * EXTENT, (last - first + 1) * EXTENT)
    return places


@contextlib.contextmanager
def mounted(device, top, *options):
    top.mkdir(parents=True, exist_ok=True)
    command("mount", *options, device, top)
    try:
        yield top
    finally:
        command("umount", top)


def diagnosed(rescue, report, names):
    """The report of all that is below a directory, on a host that calls the volumes ``names``."""
    dev = rescue.parent / "dev"
    dev.mkdir()
    lines = [
        f"mount -t tmpfs tmpfs {dev}",
        f"cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty {dev}",
        f"mkdir {dev}/mapper {dev}/shm",
        f"ln -s /proc/self/fd {dev}/fd",
        *(f"cp -a {device} {dev}; cp -a {device} {dev}/mapper/{name}" for name, device in names.items()),
        f"mount --bind {dev} /dev",
    ]
    variables = {"diagnose_saved": [str(rescue)], "diagnose_report_dir": str(report)}
    playbook = [pathlib.Path(sys.executable).with_name("ansible-playbook"), REPO / "playbooks/diagnose_saved.yml"]
    run = shlex.join([*map(str, playbook), "-i", "localhost,", "-e", json.dumps(variables)])
    done = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join([*lines, f"exec {run}"])],
        env={**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "PATH": SEARCHED, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        cwd=REPO,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((report / "report.json").read_text("utf-8")), done.stdout


def test_faults_on_volumes_of_lvm_are_found_together(tmp_path):
    with contextlib.ExitStack() as stack:
        names = {}
        for fault in linux_disks.FAULTS:
            image = tmp_path / f"{fault}.img"
            vg = fault.replace("-", "_")
            for part, (start, size) in volume_group(image, vg).items():
                device = stack.enter_context(loop(image, "-o", str(start), "--sizelimit", str(size)))
                command(f"mkfs.{SIZES[part][0]}", "-q", device)
                with mounted(device, tmp_path / "making") as top:
                    linux_disks.write(top, part, vg, fault)
                names[f"{vg}-{part}lv"] = device
                stack.enter_context(mounted(device, tmp_path / "rescue" / vg / part, "-o", "ro,nodev"))
        report, _said = diagnosed(tmp_path / "rescue", tmp_path / "report", names)
    found = {host["host"]: host["first_cause"] for host in report["hosts"]}
    assert found == {fault.replace("-", "_"): cause for fault, cause in FIRST_CAUSES.items()}


@pytest.mark.skipif(not shutil.which("mkfs.btrfs", path=SEARCHED), reason="mkfs.btrfs is missing (btrfs-progs)")
def test_subvolumes_of_btrfs_are_put_together(tmp_path):
    image, name = tmp_path / "btrfs.img", "web1"
    with open(image, "wb") as file:
        file.truncate(256 << 20)
    with contextlib.ExitStack() as stack:
        device = stack.enter_context(loop(image))
        command("mkfs.btrfs", "-q", device)
        with mounted(device, tmp_path / "making") as top:
            for part in linux_disks.PARTS:
                command("btrfs", "subvolume", "create", top / f"@{part}")
                linux_disks.write(top / f"@{part}", part, name, "asleep")
            fstab = [f"/dev/mapper/sdc3 /{part} btrfs subvol=/@{part} 0 0" for part in ("usr", "var")]
            (top / "@root/etc/fstab").write_text("\n".join(["/dev/mapper/sdc3 / btrfs subvol=@root 0 0", *fstab, ""]))
        for part in linux_disks.PARTS:
            options = ("-o", f"ro,nodev,subvol=@{part}")
            stack.enter_context(mounted(device, tmp_path / "rescue" / part, *options))
        report, said = diagnosed(tmp_path / "rescue", tmp_path / "report", {"sdc3": device})
    assert [(host["host"], host["first_cause"]) for host in report["hosts"]] == [(name, "agent_disable_marker")]
    assert "is not mounted" not in said


def test_a_volume_that_is_not_mounted_is_named(tmp_path):
    linux_disks.write(tmp_path / "rescue/root", "root", "web1", "healthy")
    linux_disks.write(tmp_path / "rescue/root/usr", "usr", "web1", "healthy")
    report, said = diagnosed(tmp_path / "rescue", tmp_path / "report", {})
    assert [(host["host"], host["verdict"]) for host in report["hosts"]] == [("web1", "unknown")]
    assert "web1: the file system '/var' (/dev/mapper/web1-varlv) is not mounted" in " ".join(said.split())
    assert "'/usr'" not in said
