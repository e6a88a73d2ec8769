# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VM backup and the Linux agent support the distributions that Azure endorses, from a certain version on. Elsewhere
backups may work, but no one tests them."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, ok, unknown, warn
from ..._facts._types import LinuxState
from .._pages import SUPPORT_MATRIX
from .._versions import version

CHECK = Check(
    aliases=("distro_supported",),
    title="The operating system is supported",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("identity.os",),
    error_codes=("UserErrorUnSupportedDistribution",),
    sources=(
        SUPPORT_MATRIX,
        Source(
            "Endorsed Linux distributions on Azure",
            "https://learn.microsoft.com/azure/virtual-machines/linux/endorsed-distros",
        ),
    ),
    advice=(
        "Move the workload to a supported version of the distribution; until then back it up with an agent "
        "inside the guest."
    ),
)

OLDEST = {
    "almalinux": "8",
    "azurelinux": "2",
    "centos": "6.5",
    "debian": "8",
    "mariner": "2",
    "ol": "6.4",
    "opensuse-leap": "42.3",
    "rhel": "6.7",
    "rocky": "8",
    "sles": "11.4",
    "sles_sap": "12",
    "ubuntu": "14.04",
}
"""Distributions that Azure endorses, with the oldest version that the matrix names."""

KNOWN = frozenset(
    "alpaquita alpine amzn arch chainguard clear-linux-os cloudlinux devuan euleros fedora flatcar freebsd gentoo kali"
    " nixos openbsd opensuse opensuse-tumbleweed photon sle-micro sle_hpc uos wolfi".split()
)
"""Not endorsed, yet the agent has code for them or they package it: nothing is wrong with them as such."""

UNSUPPORTED = {"coreos": "VM backup does not support CoreOS"}
MACHINES = ("x86_64", "aarch64", "arm64", "amd64")


def judge(state: LinuxState) -> Verdict:
    system = state.identity.os
    if system is None:
        return unknown("The operating system is unknown: there is no os-release file")
    machine = state.identity.get("machine")
    if machine and machine not in MACHINES:
        return warn(
            f"VM backup supports 64-bit systems only, not {state.identity.machine}",
            state.identity.fact("machine", "uname"),
        )
    if system.id in UNSUPPORTED:
        return warn(UNSUPPORTED[system.id], system.fact("id"))
    if system.id in KNOWN:
        return ok(system.fact("id"), why="Not an endorsed distribution")
    oldest = OLDEST.get(system.id)
    if oldest is None:
        return warn(
            f"{system.name or system.id} is not a distribution that the agent or VM backup supports",
            system.fact("id"),
            key=system.id,
        )
    if system.version_id and version(system.version_id) < version(oldest):
        return warn(f"{system.name or system.id} is older than VM backup supports", system.fact("version_id"))
    return ok(system.fact("id"), *([system.fact("version_id")] if system.version_id else []))
