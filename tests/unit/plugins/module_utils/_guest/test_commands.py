# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of a guest, real ones: their end counts and not their pipes', and they fill no memory."""

import os
import signal
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import commands as changes
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import commands
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Host, Late, Missing

# Longer than any limit below: what still sleeps when a command came back was not waited for.
SLEEP = "sleep 100"


@pytest.fixture
def leave(tmp_path):
    """The words that leave a child in the background; it must still run at the test's end, and is ended then."""
    pids = tmp_path / "pids"
    pids.touch()

    def words(command):
        return f"{command} & echo $! >>{pids}"

    yield words
    found = [int(line) for line in pids.read_text().split()]
    assert found
    for pid in found:
        os.kill(pid, signal.SIGKILL)


def sh(text, seconds=20):
    return commands.run(["sh", "-c", text], seconds)


def test_status_and_both_outputs():
    assert sh("echo said; echo wrong >&2; exit 3") == (3, "said\n", "wrong\n", False)


@pytest.mark.parametrize("child", [SLEEP, f"setsid {SLEEP}", f"nohup {SLEEP}"])
def test_a_child_in_the_background_is_not_waited_for_and_goes_on(leave, child):
    assert sh(f"{leave(child)}; echo said; exit 3") == (3, "said\n", "", False)


def test_a_command_over_its_time_is_ended_with_its_children(tmp_path):
    pid = tmp_path / "pid"
    assert sh(f"{SLEEP} & echo $! >{pid}; echo said; {SLEEP}", 3) == (None, "said\n", "", False)
    # The kernel ends it when it next runs; whoever inherits it may not have asked for it yet.
    until = time.monotonic() + 30
    while _state(pid.read_text().strip()) not in ("Z", "X", None):
        assert time.monotonic() < until
        time.sleep(0.05)


def _state(pid):
    try:
        with open(f"/proc/{pid}/stat") as handle:
            return handle.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return None


def test_a_child_that_left_the_group_does_not_make_the_limit_void(leave):
    assert sh(f"{leave('setsid ' + SLEEP)}; {SLEEP}", 3).rc is None


def test_a_command_that_closes_its_outputs_and_goes_on():
    assert sh("exec >&- 2>&-; sleep 0.3; exit 4").rc == 4
    assert sh(f"exec >&- 2>&-; {SLEEP}", 0.3).rc is None


def test_a_command_that_ignores_what_can_be_ignored_is_ended():
    assert sh(f"trap '' TERM HUP INT PIPE; {SLEEP}", 0.3).rc is None


@pytest.mark.parametrize("text", ["yes", "yes >&2"])
def test_a_command_that_never_stops_writing_is_ended_and_takes_no_more_than_its_share(text):
    outcome = sh(text, 1)
    assert outcome.rc is None
    assert len(outcome.out) <= commands.OUTPUT_LIMIT and len(outcome.err) <= commands.ERROR_LIMIT


def test_what_is_over_the_limit_is_taken_away_and_said():
    size = commands.OUTPUT_LIMIT
    assert sh(f"head -c {size} /dev/zero").cut is False
    rc, out, err, cut = sh(f"head -c {2 * size} /dev/zero; head -c {2 * size} /dev/zero >&2; exit 5")
    assert (rc, len(out), len(err), cut) == (5, size, commands.ERROR_LIMIT, True)


def test_a_child_that_floods_in_the_background_is_left_behind():
    rc, out, _err, _cut = sh("yes & exit 0")
    assert rc == 0 and len(out) < commands.OUTPUT_LIMIT


def test_bytes_that_are_not_text():
    assert sh(r"printf 'a\377b'").out == "a\ufffdb"


def test_a_change_gets_every_failure_as_a_code():
    assert changes.run(["sh", "-c", "echo said; echo wrong >&2; exit 3"]) == (3, "said\n", "wrong\n")
    assert changes.run(["/no/such"]) == (changes.NOT_FOUND, "", "No such file or directory")
    assert changes.run(["sh", "-c", SLEEP], timeout=0.2) == (changes.TIMED_OUT, "", "no answer within 0.2 s")


def test_a_hook_that_leaves_a_child_does_not_hold_a_change_up(leave):
    assert changes.run(["sh", "-c", f"{leave('setsid ' + SLEEP)}; exit 0"], timeout=20).rc == 0


def test_the_probe_states_nothing_of_a_command_that_failed_it():
    host = Host()
    assert host.run(["sh", "-c", "echo said; exit 3"]) == (3, "said\n", "")
    assert host.run(["sh", "-c", "echo $LC_ALL $MINE"], env={"MINE": "yes"})[1] == "C yes\n"
    with pytest.raises(Missing, match="Cannot run '/no/such': No such file or directory"):
        host.run(["/no/such"])
    with pytest.raises(Late, match="Cannot run 'sh -c': no answer within 0 s"):
        host.run(["sh", "-c", SLEEP], timeout=0.3)
    with pytest.raises(Missing, match="Cannot run 'head -c': more than 8388608 bytes of output"):
        host.run(["head", "-c", str(2 * commands.OUTPUT_LIMIT), "/dev/zero"], timeout=20)
