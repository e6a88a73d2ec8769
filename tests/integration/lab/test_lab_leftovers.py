# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the lab is down the machine is as before, also after a crash at any moment."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lab import Lab, preflight
from lab.command import PATIENCE, run, wait_until
from lab.locking import locked
from lab.machine import LIMITS, LOCK, instances
from lab.settings import RUN_ROOT, TESTS_DIR, Settings

pytestmark = pytest.mark.lab

INSTANCE = f"trace{os.getpid()}"


@pytest.fixture
def settings():
    problems = preflight.problems()
    if problems:
        pytest.skip(f"no lab on this machine: {'; '.join(problems)}")
    settings = Settings.from_environment(INSTANCE)
    yield settings
    Lab(settings).down()


def processes():
    """Command lines of all processes that belong to the lab under test (no zombies, no kernel threads)."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            groups = (entry / "cgroup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if words and (INSTANCE in words or INSTANCE in groups) and int(entry.name) != os.getpid():
            found.add(words)
    return found


def traces():
    """Everything of the lab under test that this machine shows."""
    listings = {
        "namespaces": run(["ip", "netns"]).stdout,
        "mounts": Path("/proc/self/mountinfo").read_text(),
        "links": run(["ip", "-o", "link"]).stdout,
        "rules": run(["nft", "list", "ruleset"]).stdout,
    }
    found = [f"{kind}: {line}" for kind, text in listings.items() for line in text.splitlines() if INSTANCE in line]
    found += [f"process: {line}" for line in processes()]
    found += [f"group: {path}" for path in Path("/sys/fs/cgroup").glob(f"**/vmbackup-{INSTANCE}")]
    disk = Settings.from_environment(INSTANCE).disk
    places = [RUN_ROOT / INSTANCE, *disk.glob(f"**/*{INSTANCE}*"), *Path("/run").glob(f"*{INSTANCE}*")]
    return found + [f"path: {path}" for path in places if path.exists()]


def machine():
    """What the labs share, while no other one changes it. Where one came or went meanwhile, nothing can be said."""
    with locked(LOCK) if instances() else contextlib.nullcontext():
        return _machine()


def _machine():
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    return {
        "labs": instances(),
        "routes": run(["ip", "route"]).stdout,
        "limits": {path: Path(path).read_text() for path in LIMITS},
        "rules": run(["nft", "list", "ruleset"]).stdout,
        "links": run(["ip", "-o", "link"]).stdout,
        "mounts": [line for line in mounts if "/vmbackup-" not in line],
        "forwarding": Path("/proc/sys/net/ipv4/ip_forward").read_text(),
        "run": {"netns", "vmbackup-lab", "vmbackup-lab.lock"} & set(os.listdir("/run")),
    }


def assert_as(before):
    after = machine()
    if before["labs"] == after["labs"]:
        assert after == before


def start(*arguments):
    command = [sys.executable, "-m", "lab", "--instance", INSTANCE, *arguments]
    return subprocess.Popen(command, cwd=TESTS_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def down():
    run([sys.executable, "-m", "lab", "--instance", INSTANCE, "down"], cwd=TESTS_DIR)


def test_down_leaves_nothing(settings):
    before = machine()
    assert traces() == []

    assert start("up", "--hosts", "2").wait(PATIENCE) == 0
    lab = Lab(settings)
    lab.drop(lab.get("host1"), "168.63.129.16")
    lab.get("host2").faults.freeze()
    lab.get("host1").faults.fill_disk("/var/lib/waagent")
    assert {line.partition(":")[0] for line in traces()} >= {"namespaces", "mounts", "process", "group", "path"}
    down()

    assert traces() == []
    assert_as(before)
    down()  # once more does no harm


@pytest.mark.parametrize("moment", [0.15, 0.4, 0.8, 1.2, 1.6, 2.0, 2.5, 3.5])
def test_down_cleans_up_after_a_start_that_was_killed(settings, moment):
    before = machine()
    starting = start("up", "--hosts", "3")
    # The one sleep of these tests: to be killed at different moments is what is tried.
    time.sleep(moment)
    starting.send_signal(signal.SIGKILL)
    starting.wait()

    down()

    assert traces() == []
    assert_as(before)


def test_down_finishes_what_a_killed_down_began(settings):
    before = machine()
    assert start("up", "--hosts", "2").wait(PATIENCE) == 0
    ending = start("down")
    wait_until("the end of the guests", lambda: not Lab(settings).group.populated(), interval=0.001)
    ending.send_signal(signal.SIGKILL)
    ending.wait()

    down()

    assert traces() == []
    assert_as(before)


def test_lab_of_a_killed_test_run_is_swept_up(settings, monkeypatch):
    script = "from lab import Lab; lab = Lab.own(); lab.up(); print(lab.settings.instance, flush=True); input()"
    owner = subprocess.Popen(
        [sys.executable, "-c", script], cwd=TESTS_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    instance = owner.stdout.readline().strip()
    lab = Lab(Settings.from_environment(instance))
    Lab.sweep()
    assert lab.is_up  # its owner lives

    owner.kill()
    owner.communicate()
    Lab.sweep()

    assert not lab.is_up and not (RUN_ROOT / instance).exists()


def test_lab_can_be_taken_down_from_inside_its_own_network(settings):
    lab = Lab(settings)
    lab.up()
    inside = [sys.executable, "-m", "lab", "--instance", INSTANCE, "down"]
    run(lab.ctl(inside), cwd=TESTS_DIR)
    assert traces() == []
