# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that answers never hangs with the one that reads."""

import json
import os
import signal
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import apart

LONG = 30
"""Seconds that no test waits for."""


def test_all_bytes_arrive():
    data = bytes(range(256)) * 4096
    assert apart.run(lambda: data, LONG) == data


def test_nothing_is_waited_for_after_the_time_is_over():
    assert apart.run(signal.pause, 0.2) is None


def test_half_an_answer_is_none():
    inward, outward = os.pipe()
    os.write(outward, b"{")
    board = apart.Board()
    board.allow(0.2)
    assert apart._received(inward, board) is None
    os.close(outward)
    os.close(inward)


def test_a_child_that_goes_on_gets_more_time():
    board = apart.Board()

    def make():
        for _piece in range(8):
            board.allow(LONG)
            time.sleep(0.5)
        return b"late"

    # Less than the pieces take, and more than a busy machine needs to begin the first.
    assert apart.run(make, 3, board) == b"late"


def test_what_a_child_noted_is_there_without_its_answer():
    board = apart.Board()

    def make():
        board.write(b"longer first")
        board.write(b"then")
        signal.pause()

    assert apart.run(make, 3, board) is None
    assert board.read() == b"then"


@pytest.mark.parametrize("make", [lambda: 1 / 0, lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: b""])
def test_a_child_that_breaks_gives_no_answer(make):
    assert apart.run(make, LONG) is None


def test_output_of_the_child_goes_nowhere(capfd):
    def talk():
        os.write(1, b"chatter")
        os.write(2, b"chatter")
        return b"answer"

    assert apart.run(talk, LONG) == b"answer"
    assert capfd.readouterr() == ("", "")


def test_the_state_is_the_one_that_is_collected(tmp_path):
    state = json.loads(_probe.answer({"root": str(tmp_path)}))
    assert (state["schema"], state["mode"]) == (_probe.SCHEMA, "tree")


def test_a_tree_is_found_from_the_directory_of_the_start(tmp_path, monkeypatch):
    (tmp_path / "tree/etc").mkdir(parents=True)
    (tmp_path / "tree/etc/waagent.conf").write_text("Logs.Verbose=n\n")
    monkeypatch.chdir(tmp_path)
    assert json.loads(_probe.answer({"root": "tree"}))["conf"]["path"] == "/etc/waagent.conf"


def test_a_guest_that_gives_no_answer_is_an_error(monkeypatch):
    monkeypatch.setattr(_probe, "collect", lambda options: signal.pause())
    with pytest.raises(RuntimeError, match="no answer within 1 s"):
        _probe.answer({"timeout": 1})


def test_an_answer_that_is_too_large_goes_without_its_largest_facts(tmp_path, monkeypatch):
    def much(_host, _options, facts):
        facts.update(small=1, large="x\n" * 600_000, larger="y\n" * 900_000)

    monkeypatch.setattr(_probe, "SECTIONS", (*_probe.SECTIONS, ("much", much)))
    text = _probe.answer({"root": str(tmp_path), "timeout": 60})
    state = json.loads(text)
    assert len(text) <= _probe.MAX_STATE and "conf" in state
    assert set(state["much"]) == {"small", "large"}
    assert state["missing"]["much.larger"] == "2700002 characters are too many"


def test_half_a_write_is_never_seen():
    """The reader comes, and ends the child, at any moment."""
    for _round in range(20):
        board = apart.Board()
        board.allow(LONG)
        board.write(b"first")
        child = os.fork()
        if child == 0:
            while True:
                board.allow(LONG)
                board.write(b"a longer one")
                board.write(b"short")
        try:
            assert all(board.left() and board.allowed == LONG for _time in range(10_000))
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        assert board.read() in {b"first", b"a longer one", b"short"}
