# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest's disk: an overlay over the cached image, with the guest's identity and flavour written into it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from . import clients
from .command import run
from .settings import USER, Settings

if TYPE_CHECKING:
    from .hosts import Spec

_USER_ID = 1000


def make(place: Path, spec: Spec, settings: Settings) -> None:
    """Make the disk; one that is there already is kept as it is."""
    if (place / "upper").exists():
        return
    draft = place / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    for folder in (place / "work", place / "root", draft):
        folder.mkdir(parents=True, exist_ok=True)
    _Layer(Path(spec.image), draft).personalise(spec, settings)
    draft.rename(place / "upper")


class _Layer:
    """The overlay's upper directory before it is mounted."""

    def __init__(self, lower: Path, upper: Path):
        self.lower = lower
        self.upper = upper
        shutil.copystat(lower, upper)

    def personalise(self, spec: Spec, settings: Settings) -> None:
        key = settings.key.with_suffix(".pub").read_text(encoding="ascii")
        self.write("etc/hostname", f"{spec.name}\n")
        self.write("root/.ssh/authorized_keys", key, 0o600)
        self.write(f"home/{USER}/.ssh/authorized_keys", key, 0o600, owner=_USER_ID)
        self._make_host_key(spec.name)
        self._connect(clients.find(spec.client))
        if not spec.agent:
            self.link("etc/systemd/system/walinuxagent.service", "/dev/null")

    def _connect(self, client: clients.Client) -> None:
        if client is clients.CLIENTS["dhclient"]:
            return
        self.link("etc/systemd/system/networking.service", "/dev/null")
        self.link(f"etc/systemd/system/multi-user.target.wants/{client.unit}", f"/usr/lib/systemd/system/{client.unit}")
        for name, text in client.files.items():
            self.write(name, text, 0o600 if client.private else 0o644)

    def write(self, name: str, text: str, mode: int = 0o644, owner: int = 0) -> None:
        target = self._place(name, owner)
        target.write_text(text, encoding="utf-8")
        os.chmod(target, mode)
        os.chown(target, owner, owner)

    def link(self, name: str, target: str) -> None:
        self._place(name).symlink_to(target)

    def _make_host_key(self, name: str) -> None:
        key = self._place("etc/ssh/ssh_host_ed25519_key")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"root@{name}", "-f", key])

    def _place(self, name: str, owner: int = 0) -> Path:
        """The path to write to; directories above it look as in the image, new ones are their owner's alone."""
        inside = Path()
        for part in Path(name).parts[:-1]:
            inside /= part
            folder, model = self.upper / inside, self.lower / inside
            if folder.exists():
                continue
            folder.mkdir(mode=0o700)
            if model.exists():
                shutil.copystat(model, folder)
                found = model.stat()
                os.chown(folder, found.st_uid, found.st_gid)
            elif owner or "ssh" in part:
                os.chown(folder, owner, owner)
            else:
                os.chmod(folder, 0o755)
        return self.upper / name
