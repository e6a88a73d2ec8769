# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, probed
from support import guest, verdict

ID = "conf_path"
STOPPED = {"daemon": None}
RUNNING = {"daemon": {"pid": 2}}


def test_a_readable_file(tmp_path):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: "A=b\n"}), agent=STOPPED)).status == "ok"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"/usr/bin/env": "x"}, "is missing"),
        ({CONF: ""}, "empty"),
        ({CONF: b"A=\xff\n"}, "no UTF-8"),
        ({CONF + "/x": ""}, "is not a regular file (directory)"),
    ],
)
def test_the_agent_ends_without_it(tmp_path, files, words):
    found = verdict(ID, guest(**probed(tmp_path, files), agent=STOPPED))
    assert found.status == "fail" and words in found.why


def test_a_running_agent_has_read_it_before(tmp_path):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: ""}), agent=RUNNING)).status == "warn"


def test_missing():
    assert verdict(ID, guest(missing={"conf": "root"}, agent=STOPPED)).status == "unknown"
