# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import snapshot, without
from support import advice_of, verdict

DENIED = {"agent_log": {"exit_status": 126, "denied": True, "at": None, "read_from": "/var/log/waagent.log"}}


def test_noexec():
    result = verdict("lib_dir_exec", snapshot(storage={"lib_dir.noexec": True, "lib_dir.mount.target": "/var"}))
    assert result.status == "fail" and "/var is mounted noexec" in result.why


def test_read_only():
    assert verdict("lib_dir_exec", snapshot(storage={"lib_dir.read_only": True})).status == "fail"


def test_something_else_in_its_place():
    file = {"lib_dir.is_directory": False}
    assert verdict("lib_dir_exec", snapshot(storage=file)).status == "fail"
    link = {"lib_dir.exists": False, "lib_dir.is_directory": None, "lib_dir.leads_to": "/data/waagent"}
    found = verdict("lib_dir_exec", snapshot(storage=link))
    assert found.status == "fail" and "/data/waagent, which does not exist" in found.why
    assert verdict("lib_dir_exec", snapshot(storage=dict(link, **{"lib_dir.leads_to": None}))).status == "ok"


def test_something_is_mounted_over_it():
    mount = {"lib_dir.mount.target": "/var/lib/waagent", "lib_dir.mount.source": "/dev/sdc1"}

    def judged(handler=True, provisioned=False, key=False, **storage):
        raw = snapshot(storage={**mount, **storage})
        raw["agent"] = {
            "handler": {"pid": 9} if handler else None,
            "provisioning": {"provisioned": provisioned},
            "openssl": {"key": key, "read_from": "/usr/bin/openssl"},
        }
        return verdict("lib_dir_exec", raw)

    found = judged()
    assert found.status == "fail" and "/dev/sdc1" in found.why and "umount /var/lib/waagent" in advice_of(found)
    # A volume of its own has the agent's files; an agent that does not run yet has none.
    assert judged(provisioned=True).status == judged(key=True).status == judged(key=None).status == "ok"
    assert judged(handler=False).status == "ok"
    assert judged(**{"lib_dir.mount.target": "/var"}).status == "ok"


def test_immutable():
    found = verdict("lib_dir_exec", snapshot(storage={"lib_dir.immutable": True}))
    assert found.status == "fail" and "chattr -i /var/lib/waagent" in advice_of(found)
    assert verdict("lib_dir_exec", snapshot(storage={"lib_dir.immutable": None})).status == "ok"


def test_another_owner():
    assert verdict("lib_dir_exec", snapshot(storage={"lib_dir.owner": 1000})).status == "warn"


def test_a_denial_in_the_log_is_history_on_a_live_system():
    assert verdict("lib_dir_exec", snapshot(extension=DENIED)).status == "ok"


def test_a_denial_in_the_log_of_a_tree():
    raw = without(snapshot(mode="tree", extension=DENIED), "storage", "lib_dir", reason="live")
    assert verdict("lib_dir_exec", raw).status == "fail"


def test_missing_facts():
    assert verdict("lib_dir_exec", without(snapshot(), "storage", "lib_dir")).status == "unknown"


def test_a_log_that_names_the_flag_counts_where_no_mounts_are_known():
    line = {"text": "The noexec flag is set on /var.", "count": 1, "age_s": 5}
    raw = without(snapshot(mode="tree"), "storage", "lib_dir")
    raw["agent"] = {"log": {"current": {"noexec": line}, "read_from": "/var/log/waagent.log"}}
    assert verdict("lib_dir_exec", raw).status == "fail"


def test_the_extension_does_not_follow_another_lib_dir():
    """WALinuxAgent issue 2949, and VMSnapshotLinux takes /var/lib/waagent too."""
    certificate = {"crt": False, "prv": False, "read_from": "/var/lib/waagent"}
    moved = {"lib_dir.path": "/usr/local/waagent"}
    settings = {"settings.protected": True, "certificate": certificate}
    assert verdict("lib_dir_exec", snapshot(extension=settings, storage=moved)).status == "fail"
    assert verdict("lib_dir_exec", snapshot(extension=settings)).status == "ok"
    assert verdict("lib_dir_exec", snapshot(storage=moved)).status == "ok"


def test_a_link_that_leads_nowhere():
    gone = {"lib_dir.exists": False, "lib_dir.owner": None, "lib_dir.leads_to": "/data/waagent"}
    result = verdict("lib_dir_exec", snapshot(storage=gone))
    assert result.status == "fail" and "/data/waagent, which does not exist" in result.why
