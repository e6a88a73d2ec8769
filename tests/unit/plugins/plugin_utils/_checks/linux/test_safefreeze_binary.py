# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import ended, snapshot, without
from support import fix_of, verdict

X64 = {"path": "main/safefreeze/bin/safefreeze", "size": 9, "executable": True}
ARM = dict(X64, path="main/safefreezeArm64/bin/safefreeze")


@pytest.mark.parametrize(
    ("helpers", "machine", "status"),
    [
        ([], "x86_64", "fail"),
        ([dict(X64, size=0)], "x86_64", "fail"),
        ([dict(X64, executable=False)], "x86_64", "fail"),
        ([ARM], "x86_64", "fail"),
        ([X64], "aarch64", "fail"),
        ([X64, ARM], "aarch64", "ok"),
        ([ARM], None, "ok"),
    ],
)
def test_helpers(helpers, machine, status):
    raw = snapshot(extension={"installed.helpers": helpers}, identity={"machine": machine})
    found = verdict("safefreeze_binary", raw)
    assert found.status == status
    assert fix_of(found) == (("snapshot_extension", {"force": True}) if status == "fail" else None)


def test_it_does_not_run_on_this_kernel():
    raw = snapshot(extension=ended(121, signatures=["kernel_too_old"]))
    assert verdict("safefreeze_binary", raw).status == "fail"


def test_missing_facts():
    assert verdict("safefreeze_binary", without(snapshot(), "extension", "installed")).status == "unknown"
