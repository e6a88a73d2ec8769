# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab needs of the machine, and its installation where it is asked for."""

from __future__ import annotations

import os
import shutil

from . import image
from .cgroup import unified
from .command import LabError, run
from .settings import Settings

# Program -> the Debian package that brings it without starting a service.
PROGRAMS = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "dnsmasq": "dnsmasq-base",
    "tinyproxy": "tinyproxy-bin",
    "nft": "nftables",
    "ip": "iproute2",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "sysctl": "procps",
}
_SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def missing_packages() -> list[str]:
    """Debian packages to install before the lab can start."""
    absent = {package for program, package in PROGRAMS.items() if not shutil.which(program, path=_SEARCHED)}
    return sorted(absent)


def missing_rights() -> list[str]:
    """Why this machine or user cannot run the lab, whatever is installed."""
    if os.geteuid() != 0:
        return ["root rights are needed"]
    problems = []
    if run(["unshare", "--net", "--mount", "--pid", "--fork", "true"], check=False).returncode:
        problems.append("network, mount and pid namespaces cannot be made")
    try:
        group = unified() / f"vmbackup-probe{os.getpid()}"
        group.mkdir()
        killable = (group / "cgroup.kill").exists()
        group.rmdir()
        if not killable:
            problems.append("the kernel has no cgroup.kill (5.14 or newer is needed)")
    except (LabError, OSError) as exc:
        problems.append(f"control groups cannot be made: {exc}")
    return problems


def problems() -> list[str]:
    """Everything that keeps the lab from starting."""
    packages = missing_packages()
    absent = [f"Debian packages are missing: {' '.join(packages)} (python -m lab setup)"] if packages else []
    return missing_rights() + absent


def install(settings: Settings, suites: list[str]) -> None:
    """Install the missing packages and build the images of the suites."""
    packages = missing_packages()
    if packages:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update", "-q"], timeout=300, env=env)
        run(["apt-get", "install", "-yq", "--no-install-recommends", *packages], timeout=600, env=env)
    for suite in suites:
        image.ensure(settings, suite)
