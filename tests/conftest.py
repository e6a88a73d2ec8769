# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the checkout importable as ``ansible_collections.vmbackup.azure``, and spreads tests over processes."""

import contextlib
import gc
import itertools
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).resolve().parent))

from oracles import Oracle  # noqa: E402

REPO = Path(__file__).resolve().parent.parent
LINK = REPO / ".collections/ansible_collections/vmbackup/azure"
if not LINK.exists():
    LINK.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        LINK.symlink_to("../../..")
sys.path.insert(0, str(REPO / ".collections"))

# How long an example takes says nothing on a busy machine, and the same examples are tried each time.
settings.register_profile("busy", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# States are many small objects that live long: to look for cycles in them takes a fifth of the time of the tests.
gc.set_threshold(100_000, 20, 100)

ONCE = (
    "tests/unit/plugins/module_utils/",
    "tests/integration/stage/test_pshost_",
    "tests/acceptance/",
    "tests/integration/test_documented_commands.py",
    *(f"tests/contract/test_{part}.py" for part in ("checks", "facts", "guest_room")),
    *(f"tests/azure/test_azure_{part}.py" for part in "acts conditions fleet members operations trouble".split()),
    *(f"tests/unit/plugins/plugin_utils/{part}/" for part in ("_checks", "_engine", "_report", "_schedules")),
)
"""Tests of what guests run, but for its frame, of the reader of Azure and the judgement, which are Python alone, of the
rules for them, and of what pages say."""
FRAME = "tests/unit/plugins/module_utils/_change/test_module.py"

PLAYBOOKS = ("tests/integration/", "tests/azure/")
LONGEST = (
    "tests/integration/remediate/test_fix.py",
    "tests/integration/stage/test_stage_fix.py",
    "tests/integration/diagnose/test_first_causes.py",
    "tests/integration/stage/test_stage_diagnosis.py",
)
"""Files of several minutes: whatever else ends last must not wait for one of these."""


def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.startswith(ONCE) and not item.nodeid.startswith(FRAME):
            item.add_marker(pytest.mark.once)
    # Tests on guests mostly wait, those with playbooks compute: file by file in turn, they fill each other's gaps.
    # Files of an instant fill those at the end.
    items.sort(key=_rank)
    files = {}
    for item in items:
        files.setdefault(_kind(item), {}).setdefault(item.path, []).append(item)
    kinds = [files.get(kind, {}).values() for kind in (GUESTS, PLAYBOOK, INSTANT)]
    turns = [file for turn in itertools.zip_longest(*kinds[:2], fillvalue=[]) for file in turn]
    items[:] = itertools.chain(*turns, *kinds[2])


GUESTS, PLAYBOOK, INSTANT = range(3)


def _kind(item):
    if item.get_closest_marker("lab") or item.get_closest_marker("stage"):
        return GUESTS
    return PLAYBOOK if item.nodeid.startswith(PLAYBOOKS) else INSTANT


def _rank(item):
    return next((place for place, file in enumerate(LONGEST) if item.nodeid.startswith(file)), len(LONGEST))


@pytest.fixture(autouse=True)
def _surroundings():
    """A module run within the process of the tests settles its environment and directory for good."""
    environment, folder = dict(os.environ), Path.cwd()
    yield
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(monkeypatch):
    """A live probe in a test calls this machine, never the addresses of Azure."""
    from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
    from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe

    for name in ("wire_server", "imds_server"):
        monkeypatch.setitem(_probe.DEFAULTS, name, "127.0.0.1")
    monkeypatch.setitem(_probe.DEFAULTS, "signatures", for_probe())
    for name in ("wire_port", "host_plugin_port", "imds_port"):
        monkeypatch.setitem(_probe.DEFAULTS, name, 1)


@pytest.fixture
def oracle(request, record_property):
    """Files by chance, for a test that asks a real reader."""
    made = Oracle(request.node.originalname)
    record_property("oracle", [request.node.name, made.figures])
    return made


def pytest_terminal_summary(terminalreporter):
    """What `make fuzz` is after: how many files each real reader was asked about."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    found = [value for report in reports for name, value in report.user_properties if name == "oracle"]
    for name, figures in found if os.environ.get("COUNT") else ():
        said = ", ".join(f"{number:,} {what}" for what, number in sorted(figures.items()))
        terminalreporter.write_line(f"{name}: {said}")
