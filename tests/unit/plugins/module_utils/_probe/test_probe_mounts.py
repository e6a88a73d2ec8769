# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mount table, and what the extension would freeze of it."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import mount_table
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import Host, Missing, _freeze_list

TABLE = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
22 21 8:17 / /mnt rw,relatime shared:2 - ext4 /dev/sdb1 rw
23 21 8:33 / /data/my\040disk rw,noexec,relatime shared:3 - xfs /dev/sdc1 rw,attr2
24 21 8:33 / /data/again rw,relatime shared:3 - xfs /dev/sdc1 rw,attr2
25 21 7:1 / /snap/core/1 ro,nodev - squashfs /dev/loop1 ro
26 21 0:50 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
27 21 0:60 / /share rw,relatime - nfs4 10.0.0.9:/share rw,hard
28 21 0:61 / /var/lib/lxcfs rw,nosuid - fuse.lxcfs lxcfs rw
29 21 8:49 /part /srv/bound rw - ext4 /dev/sdd1 rw
30 21 8:49 / /srv rw - ext4 /dev/sdd1 ro,errors=remount-ro
31 21 7:2 / /image rw - ext4 /dev/loop2 rw
"""


@pytest.fixture
def mounts():
    return mount_table.parse_mountinfo(TABLE)


def targets(mounts):
    return [mount.target for mount in mounts]


def test_escapes_and_fields(mounts):
    disk = mounts[2]
    assert (disk.target, disk.device, disk.fstype) == ("/data/my disk", "8:33", "xfs")
    assert "noexec" in disk.options


def test_a_file_system_that_turned_read_only(mounts):
    assert [mount.target for mount in mounts if mount.turned_read_only] == ["/srv"]


def test_the_deepest_mount_covers(mounts):
    assert mount_table.covering(mounts, "/data/my disk/x").target == "/data/my disk"
    assert mount_table.covering(mounts, "/data/my diskette").target == "/"
    assert mount_table.covering(mounts, "/srv").target == "/srv"


def test_network_mounts_without_programs_of_the_system(mounts):
    assert targets(mount for mount in mounts if mount.network) == ["/share"]


def test_the_later_mount_hides_the_earlier():
    table = "1 0 8:1 / /x rw - ext4 /dev/sda1 rw\n2 0 8:2 / /x rw,noexec - ext4 /dev/sdb1 rw\n"
    assert [mount.device for mount in mount_table.visible(mount_table.parse_mountinfo(table))] == ["8:2"]


def test_lines_of_fstab():
    text = "# comment\nUUID=1 / ext4 errors=remount-ro 0 1\n"
    text += "UUID=2 /var ext4 defaults,noexec 0 2\nUUID=3 none swap sw 0 0\n"
    found = mount_table.parse_mounts(text)
    assert targets(found) == ["/", "/var"] and "noexec" in found[1].options


def test_damaged_lines_are_passed_over():
    assert mount_table.parse_mountinfo("garbage\n1 2 - \n") == []


def test_a_tree_gives_what_it_has(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/fstab").write_text("/dev/sda1 / ext4 rw 0 1\n")
    assert mount_table.read(Host(str(tmp_path)))[1] == "/etc/fstab"


def test_a_tree_without_any_list(tmp_path):
    with pytest.raises(Missing, match="running system"):
        mount_table.read(Host(str(tmp_path)))


def test_freeze_order_and_what_is_left_out(mounts):
    chosen = _freeze_list.select(mounts, None, "sdb", ["/srv"])
    assert targets(chosen) == ["/data/again", "/data/my disk", "/"]


def test_a_bound_file_is_nothing_to_freeze():
    table = "1 0 8:1 /etc/motd /etc/motd rw - ext4 /dev/sda1 rw\n2 0 0:40 / / rw - overlay overlay rw\n"
    assert _freeze_list.select(mount_table.parse_mountinfo(table), None, None, []) == []


def test_the_extension_takes_only_what_lsblk_names(mounts):
    lsblk = _freeze_list.parse_lsblk(
        'NAME="sda1" TYPE="part" FSTYPE="ext4" MOUNTPOINT="/"\n'
        'NAME="sdc1" TYPE="part" FSTYPE="xfs" MOUNTPOINT="/data/again"\n'
        'NAME="sda14" TYPE="part" FSTYPE="" MOUNTPOINT=""\n'
    )
    assert targets(_freeze_list.select(mounts, lsblk, None, [])) == ["/data/again", "/"]


def test_the_root_cannot_be_skipped(mounts):
    assert targets(_freeze_list.select(mounts, None, None, ["/"]))[-1] == "/"


def test_twice_means_the_whole_file_system(mounts):
    groups = _freeze_list.twice(mounts)
    assert [(group["device"], targets(group["mounts"])) for group in groups] == [
        ("8:33", ["/data/my disk", "/data/again"])
    ]


def test_subvolumes_and_containers_are_no_duplicates():
    table = (
        "1 0 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@\n"
        "2 0 0:30 /@/home /home rw - btrfs /dev/sda2 rw,subvol=/@/home\n"
        "3 0 8:1 / /srv rw - ext4 /dev/sda1 rw\n4 0 8:1 / /var/lib/kubelet/pods/x rw - ext4 /dev/sda1 rw\n"
    )
    assert _freeze_list.twice(mount_table.parse_mountinfo(table)) == []


def test_the_resource_disk_of_both_generations(tmp_path):
    devices = tmp_path / "sys/bus/vmbus/devices"
    first = devices / "00000000-0001-8899-0000-000000000000"
    (first / "host1/target1:0:1/1:0:1:0/block/sdb").mkdir(parents=True)
    (first / "device_id").write_text("{00000000-0001-8899-0000-000000000000}\n")
    assert _freeze_list.resource_disk(Host(str(tmp_path))) == "sdb"
    (first / "device_id").write_text("{f8b3781a-1e82-4818-a1c3-63d806ec15bb}\n")
    assert _freeze_list.resource_disk(Host(str(tmp_path))) is None
    (first / "host1/target1:0:1/1:0:0:1/block/sdc").mkdir(parents=True)
    assert _freeze_list.resource_disk(Host(str(tmp_path))) == "sdc"


def test_a_tree_has_mount_units_beside_its_fstab(tmp_path):
    units = tmp_path / "etc/systemd/system"
    (units / "multi-user.target.wants").mkdir(parents=True)
    (tmp_path / "etc/fstab").write_text("/dev/sda1 / ext4 defaults 0 1\n", "utf-8")
    for name, where in (("opt.mount", "/opt"), ("srv.mount", "/srv")):
        text = f"[Mount]\nWhat=/dev/sdc1\nWhere={where}\nType=xfs\nOptions=ro,noexec\n"
        (units / name).write_text(text, "utf-8")
    (units / "multi-user.target.wants/opt.mount").symlink_to("../opt.mount")
    mounts, source = mount_table.read(Host(str(tmp_path)))
    assert source == "/etc/fstab" and [mount.target for mount in mounts] == ["/", "/opt"]
    assert mounts[1].read_only and "noexec" in mounts[1].options
