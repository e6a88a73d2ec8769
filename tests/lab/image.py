# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base images: a bootable root directory of a Debian release, built once by mmdebstrap and cached."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

from .command import LabError, run
from .locking import locked
from .settings import DOMAIN, GATEWAY, PACKAGE_PORT, RUN_ROOT, USER, Settings

SUITES = ("bookworm", "trixie", "bullseye")

# What Azure's Debian image has and the tests touch; 'init' brings systemd as PID 1.
PACKAGES = (
    *("init", "dbus", "libpam-systemd", "openssh-server", "sudo", "python3", "python3-apt"),
    *("ifupdown", "isc-dhcp-client", "iproute2", "iputils-ping", "iptables", "curl", "ca-certificates"),
    *("procps", "kmod", "less", "logrotate", "waagent"),
)

# No manuals and translations: half the size, and a third less to unpack.
_DPKG = (
    *("path-exclude=/usr/share/man/*", "path-exclude=/usr/share/locale/*"),
    *("path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright", "force-unsafe-io"),
)

# Would only slow the boot of a guest without disks and consoles, or act on the shared clock.
_MASKED = (
    *("systemd-timesyncd.service", "getty@tty1.service", "console-getty.service", "fstrim.timer"),
    *("e2scrub_reap.service", "e2scrub_all.timer", "dpkg-db-backup.timer"),
    *("apt-daily.timer", "apt-daily-upgrade.timer"),
)

# With cloud-init as provisioning agent (Debian's default), waagent waits half an hour for this file.
_OVF_ENVIRONMENT = f"""<?xml version="1.0" encoding="utf-8"?>
<e:Environment xmlns:e="http://schemas.dmtf.org/ovf/environment/1" xmlns:a="http://schemas.microsoft.com/windowsazure">
  <a:ProvisioningSection>
    <a:Version>1.0</a:Version>
    <a:LinuxProvisioningConfigurationSet>
      <a:ConfigurationSetType>LinuxProvisioningConfiguration</a:ConfigurationSetType>
      <a:HostName>guest</a:HostName>
      <a:UserName>{USER}</a:UserName>
      <a:DisableSshPasswordAuthentication>true</a:DisableSshPasswordAuthentication>
    </a:LinuxProvisioningConfigurationSet>
  </a:ProvisioningSection>
  <a:PlatformSettingsSection>
    <a:Version>1.0</a:Version>
    <a:PlatformSettings><a:ProvisionGuestAgent>true</a:ProvisionGuestAgent></a:PlatformSettings>
  </a:PlatformSettingsSection>
</e:Environment>
"""

FILES = {
    "etc/machine-id": "",  # empty: made anew at each guest's first boot
    "etc/resolv.conf": f"nameserver {GATEWAY}\nsearch {DOMAIN}\n",
    "etc/network/interfaces.d/eth0": "auto eth0\niface eth0 inet dhcp\n",
    f"etc/sudoers.d/{USER}": f"{USER} ALL=(ALL) NOPASSWD: ALL\n",
    "etc/apt/apt.conf.d/00lab": f'Acquire::http::Proxy "http://{GATEWAY}:{PACKAGE_PORT}";\n',
    # Debian's unit starts on Hyper-V only. The drop-in lifts that one condition and leaves the rest as packaged.
    "etc/systemd/system/walinuxagent.service.d/10-lab.conf": "[Unit]\nConditionVirtualization=\n",
    "var/lib/waagent/ovf-env.xml": _OVF_ENVIRONMENT,
}


def path_of(settings: Settings, suite: str, extra: tuple[str, ...] = ()) -> Path:
    """Where the image of this recipe is cached; a changed recipe, or one with extra packages, has another name."""
    if suite not in SUITES:
        raise LabError(f"Cannot build '{suite}': the lab knows {', '.join(SUITES)}")
    return settings.images / f"{suite}{'+' * bool(extra)}-{_fingerprint(suite, extra)}"


def ensure(settings: Settings, suite: str, extra: tuple[str, ...] = ()) -> Path:
    """The cached image, built first where it is missing (half a minute to two minutes)."""
    image = path_of(settings, suite, extra)
    if image.exists():
        return image
    with locked(settings.images / f".{_family(image)}.lock"):
        if not image.exists():
            _build(settings, suite, image, extra)
            _forget_former(settings, image)
    return image


def _fingerprint(suite: str, extra: tuple[str, ...]) -> str:
    recipe = json.dumps([suite, _packages(extra), _DPKG, _MASKED, FILES, _hooks(extra)], sort_keys=True)
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


def _family(image: Path) -> str:
    """What all images of a release, with or without extra packages, have in common in their names."""
    return image.name.rpartition("-")[0]


def _packages(extra: tuple[str, ...]) -> tuple[str, ...]:
    """What an image has; with extra packages not the agent: Debian's conflicts with NetworkManager."""
    return tuple(name for name in PACKAGES if not extra or name != "waagent") + extra


def _hooks(extra: tuple[str, ...]) -> list[str]:
    """What needs the image's own programs, run at the end of the build; $1 is its root."""
    return [
        # A guest switches on what it is to have.
        *['chroot "$1" systemctl disable NetworkManager.service dhcpcd.service'] * bool(extra),
        # netplan insists on a word with udev, which a container does not have.
        *['ln -sf true "$1"/usr/bin/udevadm'] * bool(extra),
        f'chroot "$1" useradd --create-home --shell /bin/bash {USER}',
        'rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/hostname',
        # waagent waits for this one key; every guest makes its ed25519 key itself.
        'ssh-keygen -q -t rsa -b 2048 -N "" -C root@lab -f "$1"/etc/ssh/ssh_host_rsa_key',
    ]


def _build(settings: Settings, suite: str, image: Path, extra: tuple[str, ...]) -> None:
    draft = settings.images / f".{image.name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    run(
        [
            *("mmdebstrap", "--variant=minbase", f"--include={','.join(_packages(extra))}"),
            *('--aptopt=Acquire::Languages "none"', '--aptopt=Acquire::Retries "3"'),
            *(f"--dpkgopt={option}" for option in _DPKG),
            *(f"--customize-hook={hook}" for hook in _hooks(extra)),
            *(suite, str(draft), *package_sources()[:1]),
        ],
        timeout=900,
    )
    for name, text in FILES.items():
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text, encoding="utf-8")
    os.chmod(draft / "var/lib/waagent/ovf-env.xml", 0o600)
    os.chmod(draft / f"etc/sudoers.d/{USER}", 0o440)
    for unit in _MASKED:
        link = draft / "etc/systemd/system" / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    draft.rename(image)  # complete or not there at all


def _forget_former(settings: Settings, image: Path) -> None:
    """Remove images of earlier recipes that no host is running on."""
    used = {json.loads(record.read_text())["image"] for record in RUN_ROOT.glob("*/hosts/*.json")}
    for former in settings.images.glob(f"{_family(image)}-*"):
        if former != image and str(former) not in used:
            shutil.rmtree(former, ignore_errors=True)


def package_sources() -> list[str]:
    """The addresses that this machine's apt takes its packages from."""
    listed = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]).stdout.split()
    return [address for address in dict.fromkeys(listed) if address.startswith("http://")]
