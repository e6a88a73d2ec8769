# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What labs share is put in place by the first one and put back by the last one."""

import pytest
from lab import machine, preflight
from lab.command import run

pytestmark = pytest.mark.lab

NOWHERE = "198.51.100.0/24"  # documentation addresses: a route to them disturbs nobody


@pytest.fixture
def limit(monkeypatch, tmp_path):
    problems = preflight.problems()
    if problems:
        pytest.skip(f"no lab on this machine: {'; '.join(problems)}")
    limit = tmp_path / "limit"
    limit.write_text("128")
    monkeypatch.setattr(machine, "LIMITS", {str(limit): 4096})
    monkeypatch.setattr(machine, "GUARDED", (NOWHERE,))
    monkeypatch.setattr(machine, "NETNS_DIR", tmp_path / "netns")
    monkeypatch.setattr(machine, "NSPAWN_DIR", tmp_path / "systemd/nspawn")
    monkeypatch.setattr(machine, "RUN_ROOT", tmp_path / "run")
    monkeypatch.setattr(machine, "_RECORD", tmp_path / "run/machine.json")
    monkeypatch.setattr(machine, "LOCK", tmp_path / "lock")
    yield limit
    for instance in machine.instances():
        machine.dismiss(instance)


def guarded():
    return "unreachable" in run(["ip", "route", "show", "exact", NOWHERE]).stdout


def test_last_lab_puts_everything_back(limit, tmp_path):
    machine.enlist("one")
    machine.enlist("two")
    machine.dismiss("one")
    assert machine.instances() == ["two"]
    assert limit.read_text() == "4096"
    assert guarded()
    assert (tmp_path / "netns").is_dir()

    machine.dismiss("two")

    assert limit.read_text() == "128"
    assert not guarded()
    assert not (tmp_path / "netns").exists() and not (tmp_path / "run").exists()
    machine.dismiss("two")  # once more does no harm


def test_route_and_limit_of_somebody_else_stay(limit):
    run(["ip", "route", "add", "unreachable", NOWHERE])
    try:
        machine.enlist("one")
        limit.write_text("9999")
        machine.dismiss("one")
        assert guarded()
        assert limit.read_text() == "9999"
    finally:
        run(["ip", "route", "del", "unreachable", NOWHERE])
