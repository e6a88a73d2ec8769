# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree, without
from support import fix_of, verdict

ID = "cgroups"
LINE = saying("cgroups_unavailable", "'Cgroup hierarchy cpu not found in /proc/cgroups'")
NO_CPU = {"cgroups": {"controllers": ["memory"]}}


@pytest.mark.parametrize("version", ["2.2.18", "2.2.41", "2.7.3.0", "2.10.0.8"])
def test_other_versions_do_without(version):
    assert verdict(ID, healthy(LINE, NO_CPU, version={"value": version})).status == "not_applicable"


def test_versions_that_need_them():
    old = {"version": {"value": "2.2.36"}}
    assert verdict(ID, healthy(old)).status == "ok"
    found = verdict(ID, healthy(old, NO_CPU))
    assert found.status == "warn" and found.why.endswith(": cpu") and "2.2.36" in found.why
    assert fix_of(found) == ("agent_version", {"state": "latest"})
    found = verdict(ID, healthy(old, NO_CPU, LINE))
    assert found.status == "fail" and fix_of(found) == ("agent_version", {"state": "latest"})
    assert verdict(ID, tree(old, LINE)).status == "fail"


def test_missing():
    assert verdict(ID, without("version")).status == "unknown"
