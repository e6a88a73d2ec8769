# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, places and addresses of one lab instance."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .command import LabError

TESTS_DIR = Path(__file__).resolve().parent.parent
RUN_ROOT = Path("/run/vmbackup-lab")

NETWORK = "10.77.0.0/16"
GATEWAY = "10.77.0.1"
STORAGE = "10.77.0.2"
NOBODY = "10.77.0.99"  # the address a wrong option 245 names; nothing ever answers there
WIRE_SERVER = "168.63.129.16"
IMDS = "169.254.169.254"
HOST_PLUGIN_PORT = 32526
PACKAGE_PORT = 3142
PROXY_PORT = 8888
AUTH_PROXY_PORT = 8889
STORAGE_DOMAIN = "blob.core.windows.net"  # the lab's DNS answers for it; nothing leaves the lab
STORAGE_NAME = "labstorage." + STORAGE_DOMAIN
DOMAIN = "lab.test"
USER = "azureuser"


@dataclass(frozen=True)
class Settings:
    """Where an instance keeps its things; two instances share nothing but the cached images."""

    instance: str
    disk: Path

    @classmethod
    def from_environment(cls, instance: str | None = None) -> Settings:
        """The instance named, else that of VMBACKUP_LAB_INSTANCE, below VMBACKUP_LAB_DIR."""
        name = instance or os.environ.get("VMBACKUP_LAB_INSTANCE", "lab")
        if not re.fullmatch(r"[a-z][a-z0-9]{0,15}", name):
            raise LabError(f"Cannot use instance '{name}': 1 to 16 of a-z and 0-9, a letter first")
        return cls(name, Path(os.environ.get("VMBACKUP_LAB_DIR", "/var/lib/vmbackup-lab")))

    @property
    def run(self) -> Path:
        """State that dies with the machine's boot: records, logs, sockets."""
        return RUN_ROOT / self.instance

    @property
    def guests(self) -> Path:
        """The writable layers of this instance's hosts."""
        return self.disk / "instances" / self.instance

    @property
    def images(self) -> Path:
        return self.disk / "images"

    @property
    def key(self) -> Path:
        """The private SSH key that every guest accepts for root and azureuser."""
        return self.disk / "id_ed25519"

    @property
    def netns(self) -> str:
        return f"vmbackup-{self.instance}"

    def host_netns(self, host: str) -> str:
        return f"{self.netns}.{host}"
