# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, tree, without
from support import fix_of, verdict

ID = "agent_version"


@pytest.mark.parametrize("version", ["2.2.53.1", "2.7.3.0", "2.10.0.8", "2.2.54", "9.9.9.9"])
def test_new_enough(version):
    assert verdict(ID, healthy(version={"value": version})).status == "ok"


@pytest.mark.parametrize("version", ["2.2.53", "2.2.47", "2.0.16", "2.2.9"])
def test_old_alone_proves_no_failure(version):
    found = verdict(ID, healthy(version={"value": version}))
    assert found.status == "warn" and version in found.why
    assert fix_of(found) == ("agent_version", {"state": "latest", "minimum": "2.2.53.1"})


def test_what_runs_counts_not_the_package():
    assert verdict(ID, healthy(version={"value": "2.9.1.1"}, installed={"version": "2.2.46"})).status == "ok"


def test_the_operator_may_want_more():
    assert verdict(ID, healthy(), min_agent_version="2.9").status == "warn"


def test_a_tree_says_what_would_run():
    assert verdict(ID, tree(version={"value": "2.2.18", "of": "next start"})).status == "warn"


def test_missing():
    assert verdict(ID, without("version")).status == "unknown"
    assert verdict(ID, healthy(version={"value": None})).status == "unknown"
