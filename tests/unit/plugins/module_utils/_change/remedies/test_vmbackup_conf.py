# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of vmbackup.conf: their values, and what is refused."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import vmbackup_conf


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("isanysnapshotfailed", False, "False"),
        ("timeout", "600", "600"),
        ("MountsToSkip", ["/a", " /b"], "/a,/b"),
        ("MountsToSkip", "/a, /b", "/a,/b"),
        ("SnapshotMethod", "onlyHost", "onlyHost"),
        ("seqsnapshot", 2, "2"),
    ],
)
def test_vmbackup_values(key, value, text):
    assert vmbackup_conf.to_text("SnapshotThread", key, value) == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fsfreeze", True),
        ("OnAppFailureDoFsFreeze", True),
        ("timeout", "soon"),
        ("timeout", 0),
        ("MountsToSkip", "/"),
        ("MountsToSkip", "data"),
        ("SnapshotMethod", "onlyhost"),
        ("Run", True),
        ("isanysnapshotfailed", "0"),
    ],
)
def test_vmbackup_values_that_are_refused(key, value):
    with pytest.raises(ChangeError, match=f"Cannot set '{key}'"):
        vmbackup_conf.to_text("SnapshotThread", key, value)


def test_a_broken_file_is_not_edited_blindly(tmp_path):
    path = tmp_path / "vmbackup.conf"
    path.write_text("timeout=1\n")
    with pytest.raises(ChangeError, match="normalize=true repairs it"):
        vmbackup_conf.plan(str(path), "SnapshotThread", {"timeout": "90"})
    step = vmbackup_conf.plan(str(path), "SnapshotThread", {"timeout": "90"}, normalize=True).steps[0]
    assert step.data == b"[SnapshotThread]\ntimeout = 90\n"


def test_taking_an_option_out_of_no_file_makes_none(tmp_path):
    assert not vmbackup_conf.plan(str(tmp_path / "none"), "SnapshotThread", {"timeout": None}).changed
