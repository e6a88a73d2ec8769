# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, probed
from support import guest, verdict

ID = "logs_verbose"


@pytest.mark.parametrize(("line", "noted"), [("Logs.Verbose=y", True), ("Logs.Verbose=n", False), ("# x", False)])
def test_it_is_noted_and_never_a_fault(tmp_path, line, noted):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: line + "\n"})))
    assert (found.status, bool(found.why)) == ("ok", noted)


def test_missing():
    assert verdict(ID, guest()).status == "unknown"
