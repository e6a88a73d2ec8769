# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from network_states import answer, imds
from support import guest, verdict
from windows_states import edited

ID = "imds_80"


def test_it_answers():
    assert verdict(ID, guest(fabric={"imds": imds("10.0.0.4")})).status == "ok"


def test_its_silence_is_no_fault():
    for changes in ({"connected": False, "error": "timed out"}, {"status": 404}):
        found = verdict(ID, guest(fabric={"imds": {**answer(80, **changes), "instance": None}}))
        assert found.status == "unknown" and "does not need it" in found.why


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


def test_windows():
    assert verdict(ID, edited({})).status == "ok"
