# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files made by chance, for tests that ask the real reader of a file: a few each time, many by `make fuzz COUNT=n`."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

IMAGES = Path("/var/lib/vmbackup-lab/images")
"""Root folders of the lab's guests, which have the real agent and the tools of a distribution."""

FETCHED = Path("/var/tmp/vmbackup-oracles")
"""Where `make oracles` unpacks the packages that a machine lacks."""


class Oracle:
    """One test's files: how many, by which chance, and what became of them."""

    def __init__(self, name: str):
        self.figures: dict[str, int] = {}
        self.dice = random.Random(f"{name} {os.environ.get('SEED', '')}")

    def tries(self, few: int, slow: int = 1) -> Iterator[int]:
        """As many numbers as files are to be tried. ``slow``: of how many each takes the time."""
        for number in range(int(os.environ.get("COUNT") or few * slow) // slow):
            self.note("files")
            yield number

    def note(self, what: str) -> None:
        """Counts one more of what is worth a word: refused files, differences that have a reason."""
        self.figures[what] = self.figures.get(what, 0) + 1

    def text(self, atoms: Sequence[str], seeds: Sequence[str] = (), most: int = 25, soup: float = 0.5) -> str:
        """A text of atoms (a part of the texts, ``soup``), or one of the seeds with some changes."""
        dice = self.dice
        if not seeds or dice.random() < soup:
            return "".join(dice.choice(atoms) for _atom in range(dice.randint(1, most)))
        text = dice.choice(seeds)
        for _change in range(dice.randint(0, 5)):
            text = self._changed(text, atoms)
        return text

    def _changed(self, text: str, atoms: Sequence[str]) -> str:
        start, end = sorted(self.dice.randint(0, len(text)) for _place in range(2))
        lines = text.split("\n")
        kind = self.dice.randrange(5)
        if kind == 0:
            return text[:start] + self.dice.choice(atoms) + text[start:]
        if kind == 1:
            return text[:start] + text[min(end, start + 9) :]
        if kind == 2:
            return text[:start] + self.dice.choice(atoms) + text[start + 1 :]
        place, line = self.dice.randrange(len(lines)), self.dice.choice(lines)
        if kind == 3:
            return "\n".join([*lines[:place], line, *lines[place:]])
        return "\n".join([*lines[:place], *lines[place + 1 :]])


def tool(name: str) -> str | None:
    """A program of this machine, or of the root folder of a guest of the lab."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return found or next(
        map(str, sorted([*FETCHED.glob(f"usr/sbin/{name}"), *IMAGES.glob(f"*/usr/sbin/{name}")])), None
    )


def netplan_generator() -> tuple[Path, dict[str, str]] | None:
    """The executable behind `netplan generate`, and the environment that it needs."""
    for root in (Path("/"), FETCHED, *sorted(IMAGES.glob("*"))):
        for folder in ("usr/libexec/netplan", "usr/lib/netplan", "lib/netplan"):
            if (root / folder / "generate").is_file():
                libraries = ":".join(str(path.parent) for path in root.glob("usr/lib/*/libnetplan.so.*"))
                return root / folder / "generate", {"LD_LIBRARY_PATH": libraries, "PATH": os.environ["PATH"]}
    return None


def python2() -> str | None:
    """A Python 2.7 that works (the name alone says nothing)."""
    for found in (shutil.which("python2.7"), *map(str, Path.home().glob(".pyenv/versions/2.7.*/bin/python2.7"))):
        if (
            found
            and subprocess.run([found, "-c", "import ConfigParser"], capture_output=True, check=False).returncode == 0
        ):
            return found
    return None


def agent_packages() -> Path | None:
    """The folder that holds the real agent's package; the newest one of the lab, unless AGENT_PACKAGES names one."""
    given = os.environ.get("AGENT_PACKAGES")
    found = [Path(given)] if given else sorted(IMAGES.glob("*/usr/lib/python3/dist-packages"), reverse=True)
    return next((folder for folder in found if (folder / "azurelinuxagent/common/conf.py").is_file()), None)
