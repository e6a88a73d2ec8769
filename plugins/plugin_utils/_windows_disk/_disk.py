# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mounted Windows disk: its files, its registry, and the names of its places."""

from __future__ import annotations

import datetime
import time
from typing import Any

from ...module_utils._guest.host import Missing
from ._hives import Hive
from ._tree import Tree

CONFIG = "Windows\\System32\\config"
NEEDED = ("SYSTEM", "SOFTWARE")
"""Hives without which a system cannot be judged."""
_WINDOWS = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
_CURRENT = "CurrentControlSet"


class Disk:
    """Registry paths begin with the name of a hive, file paths with a folder of the system drive."""

    def __init__(self, root: str, folder: str, seconds: float = 15.0) -> None:
        """``folder``: where copies of hives may be written. ``seconds``: for reading the disk.

        Raises ValueError or Missing if SYSTEM or SOFTWARE cannot be read.
        """
        self.tree = Tree(root)
        self.hives = {name: self._hive(name, folder) for name in NEEDED}
        self._lost: dict[str, str] = {}
        try:
            self.hives["DEFAULT"] = self._hive("DEFAULT", folder)
        except ValueError as error:
            self._lost["DEFAULT"] = str(error)
        except Missing as missing:
            self._lost["DEFAULT"] = missing.reason
        number = self.value("SYSTEM\\Select", "Current")
        self._current = f"ControlSet{number:03d}" if isinstance(number, int) else "ControlSet001"
        root_value = self.value(_WINDOWS, "SystemRoot")
        self.drive = f"{root_value[:2]}\\" if isinstance(root_value, str) and root_value[1:3] == ":\\" else "C:\\"
        """As the system calls it, with the backslash."""
        moments = [hive.written for hive in self.hives.values() if hive.written]
        self.written = max(moments, default=datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None))
        """When the system last wrote to its registry, UTC: what is on the disk is as old as that."""
        self.logs_until = time.monotonic() + seconds / 2
        """The event logs, the longest to read, are to leave time for the rest."""
        self.event_logs: dict[str, dict | Missing] = {}
        """What was read of them."""

        for path in (f"SYSTEM\\{_CURRENT}\\Services", _WINDOWS):
            hive, below = self._at(path)
            if hive.key(below) is None:
                raise ValueError(f"Cannot read '{hive.path}': it has no key '{below}'")

    def _hive(self, name: str, folder: str) -> Hive:
        return Hive(self.tree, f"{CONFIG}\\{name}", folder)

    def values(self, path: str) -> dict[str, dict] | None:
        """The values of a key as ``{name: {type, value}}``; None if it does not exist."""
        hive, below = self._at(path)
        return hive.values(below)

    def plain(self, path: str, *names: str) -> dict[str, Any] | None:
        """The data of a key's values, or of those with these names; None if the key does not exist."""
        values = self.values(path)
        if values is None:
            return None
        if not names:
            return {name: entry["value"] for name, entry in values.items()}
        lower = {name.lower(): entry["value"] for name, entry in values.items()}
        return {name: lower[name.lower()] for name in names if name.lower() in lower}

    def value(self, path: str, name: str) -> Any:
        """The data of one value; None if it does not exist."""
        return (self.plain(path, name) or {}).get(name)

    def names(self, path: str) -> list[str]:
        """The names of the keys below a key; none if it does not exist."""
        hive, below = self._at(path)
        return hive.names(below)

    def shown(self, path: str) -> str:
        """A path of the disk as the system calls it."""
        return self.drive + path

    def path(self, shown: str) -> str | None:
        """The path on this disk of a file that the system names; None if it is on another drive."""
        return shown[len(self.drive) :] if shown.lower().startswith(self.drive.lower()) else None

    def _at(self, path: str) -> tuple[Hive, str]:
        name, _mark, below = path.partition("\\")
        if name not in self.hives:
            raise Missing(self._lost[name])
        first, mark, rest = below.partition("\\")
        return self.hives[name], f"{self._current}{mark}{rest}" if first == _CURRENT else below
