# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a mounted disk: files decide, the journal is on the disk, undo is to the byte, and nothing of the disk is run."""

import contextlib
import os
import pathlib
import stat
import subprocess

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import module, offline, restore
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import (
    environment_proxy,
    guest_dhcp,
    vmbackup_conf,
    waagent_conf,
    waagent_service,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.transaction import Context
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import commands
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Host, Missing

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

UNIT = "lib/systemd/system/walinuxagent.service"
JOURNAL = "/var/lib/vmbackup/journal"
SERVICE = """\
[Service]
ExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon
EnvironmentFile=-/etc/default/walinuxagent

[Install]
WantedBy=multi-user.target
Alias=waagent.service
"""


class Disk:
    """A system below a mount point, with an agent that is masked and asleep."""

    def __init__(self, top):
        self.top, self.root = top, top / "root"
        self.write("etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n")
        self.write("etc/waagent.conf", "# site\nExtensions.Enabled=n\nLogs.Verbose=n\n")
        self.write("etc/default/walinuxagent", "")
        self.write("etc/environment", 'PATH="/bin"\n')
        self.write(UNIT, SERVICE)
        self.write("lib/systemd/systemd", "")
        self.write("var/lib/waagent/disable_agent", "")
        self.write("etc/systemd/system/multi-user.target.wants/other", "")
        self.mask = self.root / "etc/systemd/system/walinuxagent.service"
        self.mask.symlink_to("/dev/null")
        self.wanted = self.root / "etc/systemd/system/multi-user.target.wants/walinuxagent.service"

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def seen(self):
        """Every file of the disk but the journal's."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if not name.startswith("var/lib/vmbackup") and (path.is_symlink() or path.is_file()):
                found[name] = os.readlink(path) if path.is_symlink() else (path.read_bytes(), path.stat().st_mode)
        return found

    def call(self, remedy, check=False, **options):
        spec = remedy.OPTIONS
        given = {name: option.get("default") for name, option in spec.items()}
        name = remedy.__name__.rpartition(".")[2]
        given.update(root=str(self.top), **options)
        context = Context(name, check, None, JOURNAL)
        return module._done(remedy.work, given, context)

    def undo(self):
        return self.call(restore, run_id="latest")


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path)


def test_the_agents_file_is_fixed_and_undone(disk):
    before = disk.seen()
    result = disk.call(waagent_conf, settings={"Extensions.Enabled": True})
    assert "Extensions.Enabled=y\n" in (disk.root / "etc/waagent.conf").read_text()
    assert (result["file"], result["restart_required"], result["root"]) == (
        "/etc/waagent.conf",
        False,
        str(disk.root),
    )
    assert (disk.root / result["journal"][1:] / "0001.before").exists()
    assert not disk.call(waagent_conf, settings={"Extensions.Enabled": True})["changed"]
    assert disk.undo()["restored"] == ["/etc/waagent.conf"]
    assert disk.seen() == before and os.getcwd() and pathlib.Path(disk.root).exists()


def test_the_agents_service_is_unmasked_and_enabled_by_links(disk):
    before = disk.seen()
    with pytest.raises(ChangeError, match="it is masked"):
        disk.call(waagent_service)
    wanted = {"unmask": True, "remove_disable_marker": True, "restart_policy": "always"}
    assert disk.call(waagent_service, check=True, **wanted)["changed"] and disk.seen() == before
    result = disk.call(waagent_service, **wanted)
    assert not disk.mask.is_symlink()
    assert os.readlink(disk.wanted) == "/lib/systemd/system/walinuxagent.service"
    assert not (disk.root / "var/lib/waagent/disable_agent").exists()
    assert (
        "Restart=always" in (disk.root / "etc/systemd/system/walinuxagent.service.d/vmbackup-restart.conf").read_text()
    )
    assert (result["after"]["enabled"], result["after"]["masked"], result["after"]["active"]) == (True, False, False)
    assert not disk.call(waagent_service, **wanted)["changed"]
    disk.undo()
    assert disk.seen() == before


def labelled(path, label):
    """Gives a file an SELinux label, where the file system has such."""
    try:
        os.setxattr(path, "security.selinux", label.encode() + b"\0", follow_symlinks=False)
    except OSError as error:
        pytest.skip(f"no SELinux labels on this file system: {error.strerror}")


def label_of(path):
    return os.getxattr(path, "security.selinux", follow_symlinks=False).decode().strip("\0")


def test_selinux_labels_are_kept_and_new_files_have_that_of_their_directory(disk):
    conf, units = "system_u:object_r:waagent_conf_t:s0", "system_u:object_r:systemd_unit_file_t:s0"
    labelled(disk.root / "etc/waagent.conf", conf)
    labelled(disk.root / "var/lib/waagent/disable_agent", "system_u:object_r:waagent_lib_t:s0")
    for name in ("system", "system/multi-user.target.wants"):
        labelled(disk.root / "etc/systemd" / name, units)
    disk.call(waagent_conf, settings={"Extensions.Enabled": True})
    disk.call(waagent_service, unmask=True, remove_disable_marker=True, restart_policy="always")
    dropin = disk.root / "etc/systemd/system/walinuxagent.service.d"
    assert label_of(disk.root / "etc/waagent.conf") == conf
    assert [label_of(path) for path in (disk.wanted, dropin, *dropin.iterdir())] == [units] * 3
    disk.undo()
    disk.undo()
    assert label_of(disk.root / "etc/waagent.conf") == conf
    assert label_of(disk.root / "var/lib/waagent/disable_agent") == "system_u:object_r:waagent_lib_t:s0"
    assert label_of(disk.mask) == units


def test_an_enabled_service_is_left_alone(disk):
    disk.mask.unlink()
    disk.wanted.symlink_to("/lib/systemd/system/walinuxagent.service")
    (disk.root / "var/lib/waagent/disable_agent").unlink()
    assert not disk.call(waagent_service)["changed"]
    with pytest.raises(ChangeError, match="the agent's service.*only possible with systemd"):
        (disk.root / "lib/systemd/systemd").unlink()
        disk.call(waagent_service)


def test_environment_files_get_the_proxy(disk):
    before = disk.seen()
    disk.mask.unlink()
    unmasked = disk.seen()
    disk.call(environment_proxy, http_proxy="http://10.0.0.5:3128")
    assert "http_proxy" in (disk.root / "etc/environment").read_text()
    dropin = disk.root / "etc/systemd/system/walinuxagent.service.d/vmbackup-proxy.conf"
    assert 'Environment="http_proxy=http://10.0.0.5:3128"' in dropin.read_text()
    assert not disk.call(environment_proxy, http_proxy="http://10.0.0.5:3128")["changed"]
    disk.undo()
    assert disk.seen() == unmasked != before


def test_a_file_of_the_extension_is_written(disk):
    result = disk.call(vmbackup_conf, settings={"timeout": 100})
    assert result["changed"] and (disk.root / "etc/azure/vmbackup.conf").exists()


def test_links_of_the_disk_do_not_lead_out_of_it(disk, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "waagent.conf"
    outside.write_text("Extensions.Enabled=n\n")
    (disk.root / "etc/waagent.conf").unlink()
    (disk.root / "etc/waagent.conf").symlink_to(outside)
    with pytest.raises(ChangeError, match="which does not exist"):
        disk.call(waagent_conf, settings={"Extensions.Enabled": True})
    assert outside.read_text() == "Extensions.Enabled=n\n"


def test_nothing_of_the_disk_is_run_or_imported(disk, tmp_path):
    disk.write("usr/bin/true", "#!/bin/sh\n")
    (disk.root / str(tmp_path)[1:]).mkdir(parents=True)
    with offline.inside(str(disk.top), JOURNAL):
        with pytest.raises(OSError, match="no command is run on a mounted disk"):
            commands.run(["true"], 1)
        with pytest.raises(ImportError):
            import this  # noqa: F401
    assert commands.run(["true"], 5).rc == 0
    import wave  # noqa: F401


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda disk: Disk(disk.top / "b"), "it holds several systems"),
        (
            lambda disk: disk.write("etc/fstab", "/dev/b / ext4 d\n/dev/a /var ext4 d\n"),
            "its file system for /var is not mounted at",
        ),
        (lambda disk: subprocess.run(["rm", "-r", disk.root], check=True), "no system was found there"),
    ],
)
def test_a_disk_that_is_not_whole_is_refused(disk, change, reason):
    change(disk)
    with pytest.raises(ChangeError, match=f"Cannot work on '.*': {reason}"):
        disk.call(waagent_conf, settings={"Extensions.Enabled": True})


def test_a_file_system_that_does_not_matter_may_be_elsewhere(disk):
    disk.write("etc/fstab", "/dev/b / ext4 d\n/dev/a /home ext4 d\nUUID=1 none swap sw\n")
    assert disk.call(waagent_conf, settings={"Extensions.Enabled": True})["changed"]


def test_the_running_system_is_not_a_mounted_disk():
    with pytest.raises(ChangeError, match="that is the running system"):
        with offline.inside("/", JOURNAL):
            pass


@pytest.mark.parametrize(
    ("path", "static", "backend"),
    [
        ("etc/network/interfaces", "auto eth0\niface eth0 inet static\n  address 10.0.0.4/24\n", "ifupdown"),
        (
            "etc/sysconfig/network-scripts/ifcfg-eth0",
            "DEVICE=eth0\nBOOTPROTO=none\nIPADDR=10.0.0.4\nPREFIX=24\nONBOOT=yes\n",
            "ifcfg",
        ),
        ("etc/systemd/network/10-eth0.network", "[Match]\nName=eth0\n\n[Network]\nAddress=10.0.0.4/24\n", "networkd"),
        (
            "etc/NetworkManager/system-connections/a.nmconnection",
            "[connection]\nid=a\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=manual\naddress1=10.0.0.4/24\n",
            "NetworkManager",
        ),
        (
            "etc/netplan/50.yaml",
            "network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: [10.0.0.4/24]\n",
            "netplan",
        ),
    ],
)
def test_a_static_address_goes_from_the_files(disk, path, static, backend):
    disk.write(path, static)
    before = disk.seen()
    with pytest.raises(ChangeError, match="on a mounted disk, give interface"):
        disk.call(guest_dhcp)
    with pytest.raises(ChangeError, match="no file of the disk configures it"):
        disk.call(guest_dhcp, interface="eth7")
    result = disk.call(guest_dhcp, interface="eth0")
    assert (result["backend"], result["files"], result["confirm_required"]) == (backend, [f"/{path}"], False)
    assert "10.0.0.4" not in (disk.root / path).read_text()
    assert not disk.call(guest_dhcp, interface="eth0")["changed"]
    disk.undo()
    assert disk.seen() == before


@pytest.mark.parametrize("name", ["etc/waagent.conf", "var/lib/vmbackup/journal/lock"])
def test_no_device_of_a_disk_is_opened(disk, monkeypatch, name):
    """Its opening acts: a tape rewinds, a watchdog begins to count."""
    path = disk.root / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    opened, original = [], os.open

    def watched(what, *arguments, **options):
        handle = original(what, *arguments, **options)
        opened.extend([what] if stat.S_ISCHR(os.fstat(handle).st_mode) and what != os.devnull else [])
        return handle

    monkeypatch.setattr(os, "open", watched)
    with contextlib.suppress(ChangeError):
        disk.call(waagent_conf, settings={"Extensions.Enabled": True})
    with contextlib.suppress(Missing):
        Host(str(disk.root)).read("/" + name)
    assert opened == []
