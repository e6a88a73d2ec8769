# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A system on a disk that is mounted elsewhere is found, and its file systems are put together."""

import os

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import disks


def make(path, **files):
    (path / "etc").mkdir(parents=True)
    for name, text in {"fstab": "", **files}.items():
        (path / "etc" / name).write_text(text)


@pytest.mark.parametrize("place", [".", "root", "a/b", "a/b/c", "@"])
def test_the_root_is_found_below(tmp_path, place):
    make(tmp_path / place, hostname="web1\n")
    (tmp_path / "boot/grub").mkdir(parents=True)
    host = disks.host_of(str(tmp_path))
    assert host.text("/etc/hostname") == "web1\n" and not host.live


def test_of_several_systems_none_is_taken_for_the_other(tmp_path):
    for name in ("one", "two"):
        make(tmp_path / name)
    make(tmp_path / "one/srv/chroot")
    assert disks.systems(str(tmp_path)) == [str(tmp_path / "one"), str(tmp_path / "two")]
    assert disks.host_of(str(tmp_path)).root == str(tmp_path)


def test_a_part_of_a_system_stays_what_it_is(tmp_path):
    (tmp_path / "etc").mkdir()
    make(tmp_path / "srv/chroot")
    assert disks.host_of(str(tmp_path)).root == str(tmp_path)
    assert disks.systems(str(tmp_path / "nothing")) == []


def test_the_search_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(disks, "MAX_DIRECTORIES", 5)
    for number in range(10):
        (tmp_path / str(number)).mkdir()
    make(tmp_path / "9x")
    assert disks.systems(str(tmp_path)) == []


@pytest.fixture
def rescue(tmp_path, monkeypatch):
    """File systems of one system side by side: root, /var of LVM, /boot, and a disk of another system."""
    top, dev = tmp_path / "mnt", tmp_path / "dev"
    numbers = {}

    class Stat:
        def __init__(self, number):
            self.st_rdev = number

    def stat(path, real=os.stat, **options):
        return Stat(numbers[path]) if path in numbers else real(path, **options)

    lines = []

    def mount(name, device, *others):
        folder = top / name
        folder.mkdir(parents=True, exist_ok=True)
        number = os.makedev(254, len(lines))
        numbers.update({f"{dev}/{path}": number for path in (device, *others)})
        lines.append(f"{len(lines)} 1 254:{len(lines)} / {str(folder).replace(' ', chr(92) + '040')} ro - xfs /x ro\n")
        (tmp_path / "mountinfo").write_text("".join(lines))
        return folder

    monkeypatch.setattr(disks.os, "stat", stat)
    monkeypatch.setattr(disks, "DEV", str(dev))
    monkeypatch.setattr(disks, "MOUNTS", str(tmp_path / "mountinfo"))
    mount.top, mount.dev = top, dev
    return mount


def test_volumes_that_are_mounted_side_by_side_are_put_together(rescue):
    root = rescue("vg root", "mapper/vg-root")
    fstab = f"""\
# UUID=1 /srv xfs
{rescue.dev}/mapper/vg-root / xfs defaults 0 0
{rescue.dev}/mapper/vg-var /var/ xfs defaults 0 0
UUID="b-1" /boot ext4 defaults 0 0
LABEL=home /home xfs defaults 0 0
{rescue.dev}/../etc /opt xfs defaults 0 0
"""
    make(root, fstab=fstab)
    (root / "var").mkdir()
    (rescue("var", "mapper/vg-var") / "lib/waagent").mkdir(parents=True)
    boot = rescue("boot", "sda2", "disk/by-uuid/b-1")
    (boot / "config-6").write_text("x")
    (root / "var-link").symlink_to("/var/lib")
    (rescue.top / "var/out").symlink_to("/boot")
    (rescue("other", "sdb1") / "x").write_text("")
    host = disks.host_of(str(rescue.top))
    assert host.parts == {"/var": str(rescue.top / "var"), "/boot": str(boot)}
    assert host.names("/var/lib") == host.names("/var-link") == ["waagent"]
    assert host.text("/var/out/config-6") == "x"
    assert host.resolved("/var/out/config-6") == "/boot/config-6" == host.resolved("/var/../boot/config-6")
    assert host.text("/var/../boot/config-6") == "x"


def test_the_disk_of_another_system_with_the_same_names_is_not_taken(rescue):
    root = rescue("root", "mapper/vg-root")
    make(root, fstab=f"{rescue.dev}/mapper/vg-var /var xfs defaults 0 0\n")
    assert disks.host_of(str(rescue.top)).parts == {}


def test_what_the_diagnosis_needs_and_is_not_mounted(tmp_path):
    fstab = """\
/dev/mapper/vg-usr /usr xfs defaults 0 0
/dev/mapper/vg-var /var/ xfs defaults 0 0
UUID=1 /var/log xfs defaults 0 0
tmpfs /var/lib/waagent tmpfs defaults 0 0
server:/x /var/lib nfs defaults 0 0
/dev/mapper/vg-home /home xfs defaults 0 0
/dev/mapper/vg-loop /etc/ xfs defaults 0 0
"""
    make(tmp_path, fstab=fstab)
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "var").symlink_to("var")
    host = disks.host_of(str(tmp_path))
    assert disks.unmounted(host) == {}
    (tmp_path / "var").unlink()
    assert disks.unmounted(host) == {"/var": "/dev/mapper/vg-var", "/var/log": "UUID=1"}
    (tmp_path / "var/log").mkdir(parents=True)
    assert disks.unmounted(host) == {"/var/log": "UUID=1"}
