# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``storage``: on this machine and on trees; whatever hangs must not hang the probe."""

import errno
import os
import subprocess
import threading

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import mount_table, network_mounts
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Late
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import Facts, Host, _reach, _space, storage
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema


def test_the_running_system(section):
    facts = section(storage, Host("/"))
    assert facts["mounts_from"] == "/proc/self/mountinfo"
    assert facts["lib_dir"]["mount"]["target"]
    assert "/" in [path for place in facts["space"] for path in place["paths"]]
    assert list(_schema.problems(dict(facts), _schema.sections("linux")["storage"], "storage")) == []


def test_a_tree_by_its_fstab(tree, section):
    host = tree({"/etc/fstab": "/dev/a / ext4 rw 0 1\n/dev/b /var ext4 rw,noexec 0 2\n", "/var/lib/waagent/x": ""})
    facts = section(storage, host)
    assert facts["lib_dir"]["noexec"] and facts["lib_dir"]["mount"]["target"] == "/var"
    assert facts["lib_dir"]["exists"] and facts["mounts_from"] == "/etc/fstab"
    assert facts.missing["space"] == "live"
    assert [mount["open_error"] for mount in facts["frozen"]] == [None, None]
    assert list(_schema.problems(dict(facts), _schema.sections("linux")["storage"], "storage")) == []


def test_a_tree_without_mounts(tree, section):
    facts = section(storage, tree({"/etc/os-release": ""}))
    assert set(facts.missing.values()) == {"live"}


@pytest.mark.parametrize("target", ["/data/waagent", "waagent"])
def test_what_is_in_the_place_of_the_agents_directory(tree, section, tmp_path, target):
    host = tree({"/etc/fstab": "/dev/sda1 / ext4 defaults 0 1\n", "/var/lib/x": ""})
    (tmp_path / "var/lib/waagent").symlink_to(target)
    facts = section(storage, host)["lib_dir"]
    assert (facts["exists"], facts["is_directory"], facts["leads_to"]) == (False, None, target)
    (tmp_path / "var/lib/waagent").unlink()
    (tmp_path / "var/lib/waagent").write_text("")
    assert section(storage, host)["lib_dir"]["is_directory"] is False


def test_an_immutable_directory(tmp_path):
    place = tmp_path / "waagent"
    place.mkdir()
    if subprocess.run(["chattr", "+i", str(place)], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be made immutable here")
    try:
        assert storage._immutable(str(place)) is True and storage._immutable(str(tmp_path)) is False
    finally:
        subprocess.run(["chattr", "-i", str(place)], check=True)
    assert storage._immutable("/proc/self/ns") is None and storage._immutable("/nowhere") is None


def test_opening_says_what_is_wrong(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    opened = _reach.open_all(Host("/"), [str(tmp_path), str(file), str(tmp_path / "gone")])
    assert opened[str(tmp_path)] is None
    assert opened[str(file)] == "Not a directory"
    assert opened[str(tmp_path / "gone")] == "No such file or directory"


def test_what_only_root_may_open(monkeypatch, section):
    def refuse(path, flags):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(_reach.os, "open", refuse)
    host = Host("/")
    host.privileged = True
    assert _reach.open_all(host, ["/x"]) == {"/x": "Permission denied"}
    host.privileged = False
    assert _reach.open_all(host, ["/x"]) == {}
    monkeypatch.undo()
    monkeypatch.setattr(storage._reach, "open_all", lambda host, targets: {})
    facts = section(storage, host)
    assert not facts["frozen"] or facts.missing["frozen.open_error"] == "root"


def test_opening_never_takes_longer_than_its_limit(monkeypatch):
    over = threading.Event()

    def hang(path, flags):
        over.wait()
        raise OSError("too late")

    monkeypatch.setattr(_reach, "OPEN_SECONDS", 0.2)
    monkeypatch.setattr(_reach.os, "open", hang)
    try:
        assert _reach.open_all(Host("/"), ["/hung"]) == {"/hung": "no answer within 0.2 s"}
    finally:
        over.set()


class Slow(Host):
    """A guest whose lsblk answers the second time, or never."""

    def __init__(self, seconds, answers):
        Host.__init__(self)
        self.seconds, self.answers, self.runs = seconds, answers, []

    def remaining(self):
        return self.seconds

    def exists(self, path):
        return path == "/usr/bin/lsblk"

    def run(self, argv, timeout=5.0, env=None):
        self.runs.append(timeout)
        if self.answers and len(self.runs) == 2:
            return 0, 'NAME="sda1" TYPE="part" FSTYPE="ext4" MOUNTPOINT="/"\n', ""
        raise Late("Cannot run 'lsblk': no answer within 3 s")


@pytest.mark.parametrize(
    ("seconds", "answers", "runs", "error"),
    [(11, True, [3, 6], False), (11, False, [3, 6], True), (8.5, True, [3, 4.5], False)],
)
def test_lsblk_of_a_slow_guest(seconds, answers, runs, error):
    host, facts = Slow(seconds, answers), Facts()
    found = storage.lsblk(host, facts)
    assert host.runs == runs and bool(found["error"]) == error and found["answers"] != error and not facts.missing
    assert found["mount_points"] == (None if error else {"/": "part"})


def test_lsblk_of_a_guest_without_time_to_ask_again():
    host, facts = Slow(6, True), Facts()
    found = storage.lsblk(host, facts)
    assert host.runs == [3] and found["mount_points"] is None and "error" not in found
    assert facts.missing == dict.fromkeys(("lsblk.error", "lsblk.answers"), "Cannot run 'lsblk': no answer within 3 s")


def test_mounts_that_answer_and_one_that_hangs(monkeypatch, tmp_path):
    command = tmp_path / "stat"
    command.write_text('#!/bin/sh\n[ "$4" = /hung ] && exec sleep 60\nexit 0\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(network_mounts, "SECONDS", 5.0)
    assert network_mounts.answering(Host("/"), ["/good", "/hung"]) == {"/good": True, "/hung": False}


def test_usage_in_numbers(monkeypatch):
    blocks = os.statvfs_result((4096, 4096, 1000, 200, 150, 100, 0, 0, 0, 255))
    monkeypatch.setattr(_space.os, "statvfs", lambda path: blocks)
    usage = _space.usage("/x")
    assert usage["used_percent"] == pytest.approx(100 * 800 / 950, abs=0.1)
    assert usage["free_inodes"] == 0 and usage["inodes_used_percent"] == 100.0


def test_a_volume_of_the_extensions_logs_is_measured(tree, tmp_path, monkeypatch):
    host = tree({"/var/lib/waagent/x": "", "/var/log/azure/x": ""})
    host.live, host.path = True, lambda path, follow=True: str(tmp_path) + path
    monkeypatch.setattr(_space, "usage", lambda path: {"used_percent": 1.0, "inodes_used_percent": None, "of": path})
    mounts = mount_table.parse_mounts("/dev/a / ext4 rw 0 0\ntmpfs /var/log/azure tmpfs rw 0 0\n")
    found = {place["mount"]: place["paths"] for place in _space.measure(host, mounts, "/var/lib/waagent")}
    assert found["/var/log/azure"] == ["/var/log/azure"] and "/var/log" in found["/"]


@pytest.mark.parametrize(
    ("table", "measured"),
    [
        ("composefs / overlay ro 0 0\n/dev/a /var xfs rw 0 0\n", ["/var"]),
        ("composefs / overlay ro 0 0\n", ["/"]),
        ("/dev/a / ext4 rw 0 0\n/dev/b /var xfs rw 0 0\n", ["/var", "/"]),
        ("/dev/a / ext4 rw 0 0\n/dev/b /var xfs ro 0 0\n", ["/var", "/"]),
    ],
)
def test_a_read_only_image_is_full_by_nature(tree, tmp_path, monkeypatch, table, measured):
    host = tree({"/var/lib/waagent/x": "", "/var/log/azure/x": ""})
    host.live, host.path = True, lambda path, follow=True: str(tmp_path) + path
    monkeypatch.setattr(_space, "usage", lambda path: {"used_percent": 1.0, "inodes_used_percent": None})
    mounts = mount_table.parse_mounts(table)
    assert [place["mount"] for place in _space.measure(host, mounts, "/var/lib/waagent")] == measured


def test_a_file_system_that_stopped_writes_on_errors_is_measured(tree, monkeypatch):
    host = tree({})
    monkeypatch.setattr(host, "need_live", lambda: None)
    monkeypatch.setattr(_space, "usage", lambda path: {"used_percent": 1.0, "inodes_used_percent": None})
    mounts = mount_table.parse_mountinfo(
        "21 1 8:1 / / rw - ext4 /dev/a ro,errors=remount-ro\n22 21 8:2 / /var rw - xfs /dev/b rw\n"
    )
    assert "/" in [place["mount"] for place in _space.measure(host, mounts, "/var/lib/waagent")]


def test_a_file_system_without_a_limit_of_inodes(monkeypatch):
    monkeypatch.setattr(_space.os, "statvfs", lambda path: os.statvfs_result((4096, 4096, 10, 5, 5, 0, 0, 0, 0, 255)))
    assert _space.usage("/x")["inodes"] is None and _space.usage("/x")["inodes_used_percent"] is None


def test_what_eats_inodes_and_space_is_looked_for_only_when_they_run_out(tree):
    host = tree({"/lib/events/1.tld": "", "/lib/events/2.tld": "", "/var/log/waagent.log": "x" * 9000})
    mounts = mount_table.parse_mounts("/dev/a / ext4 rw 0 0\n")
    full = {"mount": "/", "inodes_used_percent": 99.0, "used_percent": 99.0}
    _space._add_eaters(host, mounts, "/lib", full)
    assert full["entries"] == {"path": "/lib/events", "count": 2}
    assert full["largest"]["path"] == "/var/log/waagent.log"
    calm = {"mount": "/", "inodes_used_percent": 10.0, "used_percent": 10.0}
    _space._add_eaters(host, mounts, "/lib", calm)
    assert calm["entries"] is None and calm["largest"] is None


def test_the_agents_directory_is_a_link_to_a_disk_that_is_gone(tree, section, tmp_path):
    host = tree({"/etc/fstab": "/dev/sda1 / ext4 defaults 0 1\n"})
    (tmp_path / "var/lib").mkdir(parents=True)
    (tmp_path / "var/lib/waagent").symlink_to("/data/waagent")
    assert section(storage, host)["lib_dir"]["leads_to"] == "/data/waagent"
    (tmp_path / "data/waagent").mkdir(parents=True)
    assert section(storage, host)["lib_dir"]["leads_to"] is None
