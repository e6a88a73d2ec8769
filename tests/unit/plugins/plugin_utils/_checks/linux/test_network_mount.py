# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import conf, ended, snapshot, without
from support import fix_of, verdict

SHARE = {"target": "/share", "fstype": "nfs4", "source": "10.0.0.9:/share", "answers": True, "read_from": "mountinfo"}
HUNG = {"network": [dict(SHARE, answers=False)]}


def test_a_share_that_does_not_answer():
    found = verdict("network_mount", snapshot(storage=HUNG))
    assert found.status == "fail" and found.fix.confirm
    assert fix_of(found) == ("vmbackup_conf", {"settings": {"onlyLocalFilesystems": True}})


def test_only_local_file_systems_are_asked():
    raw = snapshot(storage=HUNG, extension=conf(onlyLocalFilesystems="True"))
    assert verdict("network_mount", raw).status == "ok"
    raw = snapshot(storage=HUNG, extension=conf(onlyLocalFilesystems="yes"))
    assert verdict("network_mount", raw).status == "fail"


def test_a_share_that_answers():
    assert verdict("network_mount", snapshot(storage={"network": [SHARE]})).status == "ok"


def test_a_tree_has_only_the_extensions_word():
    raw = snapshot(mode="tree", storage={"network": [dict(SHARE, answers=None)]})
    assert verdict("network_mount", raw).status == "ok"
    raw["extension"].update(snapshot(extension=ended(2, signatures=["df_timed_out"]))["extension"])
    assert verdict("network_mount", raw).status == "fail"


def test_missing_facts():
    assert verdict("network_mount", without(snapshot(), "storage", "network")).status == "unknown"


def test_the_kernel_says_that_a_server_of_a_tree_is_gone():
    line = {
        "text": "nfs: server nas not responding, timed out",
        "count": 3,
        "age_s": 60,
        "read_from": "/var/log/syslog",
    }
    raw = snapshot(mode="tree", storage={"network": [dict(SHARE, answers=None)]})
    raw["agent"] = {"system_log": {"current": {"network_mount_silent": line}, "read_from": ["/var/log/syslog"]}}
    assert verdict("network_mount", raw).status == "fail"
    raw["mode"] = "live"
    raw["storage"]["network"][0]["answers"] = True
    assert verdict("network_mount", raw).status == "ok"
