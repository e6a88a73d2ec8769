# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that hand out booted guests (docs/lab.md). Each process of a test run has a lab of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import Host, Lab, preflight  # noqa: E402

_REPO = Path(__file__).resolve().parents[2]
_numbers = count(1)

LabHost = Callable[..., Host]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the collection lies after its installation; its archive is three folders above."""
    folder = tmp_path_factory.mktemp("installed")
    galaxy = [Path(sys.executable).with_name("ansible-galaxy"), "collection"]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": "", "LC_ALL": "C.UTF-8"}
    subprocess.run(
        [*galaxy, "build", "--output-path", folder], cwd=_REPO, env=environment, check=True, capture_output=True
    )
    (archive,) = folder.glob("vmbackup-azure-*.tar.gz")
    options = ["--collections-path", folder, "--offline", "--no-deps"]
    subprocess.run(
        [*galaxy, "install", archive, *options], cwd=folder, env=environment, check=True, capture_output=True
    )
    return folder / "ansible_collections/vmbackup/azure"


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The running lab of this process: VMBACKUP_LAB_INSTANCE if set (kept afterwards), else one of its own."""
    problems = preflight.problems()
    if problems:
        pytest.skip(f"no lab on this machine: {'; '.join(problems)}")
    if "VMBACKUP_LAB_INSTANCE" in os.environ:
        lab = Lab()
        lab.up()
        yield lab
        return
    Lab.sweep()
    lab = Lab.own()
    try:
        lab.up()
        yield lab
    finally:
        lab.down()


def _factory(lab: Lab) -> Iterator[LabHost]:
    made: list[Host] = []

    def make(suite: str = "bookworm", *, name: str | None = None, wait: bool = True, **flavour: object) -> Host:
        host = lab.host(name or f"guest{next(_numbers)}", suite, **flavour)
        made.append(host)
        return host.wait_ready() if wait else host

    yield make
    for host in made:
        host.remove()


@pytest.fixture
def lab_host(lab: Lab) -> Iterator[LabHost]:
    """Makes booted guests that live as long as the test: ``lab_host(suite, client=, option_245=, agent=)``."""
    yield from _factory(lab)


@pytest.fixture(scope="module")
def module_host(lab: Lab) -> Iterator[LabHost]:
    """As lab_host, but the guests live as long as the module; ``host.reset()`` makes one new again."""
    yield from _factory(lab)
