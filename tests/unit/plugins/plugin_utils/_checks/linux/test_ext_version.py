# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue
from snapshot_states import ended, snapshot, without
from support import verdict

SLES = {"os.id": "sles", "os.version_id": "15.1"}


def test_the_agents_library_is_not_read():
    raw = snapshot(extension=ended(76, signatures=["old_agent_library"]))
    assert verdict("ext_version", raw).status == "fail"


def test_the_line_alone_is_harmless_when_the_backup_ended_well():
    raw = snapshot(extension={"last_run.signatures": ["old_agent_library"]})
    assert verdict("ext_version", raw).status == "ok"


def test_a_version_that_fails_on_sles_15():
    facts = dict(ended(76), **{"installed.version": "1.0.9147.0"})
    assert verdict("ext_version", snapshot(extension=facts, identity=SLES)).status == "warn"
    assert verdict("ext_version", snapshot(extension=facts)).status == "ok"


def test_a_helper_for_newer_kernels():
    facts = dict(ended(121), **{"installed.version": "1.0.9191.0"})
    raw = snapshot(extension=facts, identity={"kernel": "2.6.32-754.el6.x86_64"})
    assert verdict("ext_version", raw).status == "warn"


def test_a_known_version_that_works_here_is_no_finding():
    raw = snapshot(extension={"installed.version": "1.0.9147.0"}, identity=SLES)
    assert verdict("ext_version", raw).status == "ok"


def test_missing_facts():
    assert verdict("ext_version", without(snapshot(), "extension", "installed")).status == "unknown"


def test_every_statement_has_its_page():
    check = catalogue("linux").checks["ext_version"]
    assert [source.url.rpartition("/")[2] for source in check.sources] == ["296", "758", "1644"]
