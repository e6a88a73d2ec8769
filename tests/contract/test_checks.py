# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one check, one file, one test means: nothing is forgotten and nothing dangles."""

import pathlib

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _error_codes
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import PLATFORMS, SEVERITIES, WINDOWS, Stage
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._registry import checks

REPO = pathlib.Path(__file__).resolve().parents[2]
CHECKS = sorted(checks().values(), key=lambda check: check.id)
TESTS = {path.name for path in (REPO / "tests/unit").rglob("test_*.py")}
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


@each_check
def test_file_id_and_test_have_one_name(check):
    assert (REPO / f"plugins/plugin_utils/_checks/{check.id}.py").is_file()
    assert f"test_{check.id}.py" in TESTS


@each_check
def test_declaration(check):
    assert check.title and check.source
    assert set(check.platforms) <= set(PLATFORMS) and check.platforms
    assert check.severity in SEVERITIES
    assert isinstance(check.stage, Stage)
    assert callable(check.judge)


@each_check
def test_what_explains_it_exists(check):
    assert [id_ for id_ in check.explained_by if id_ not in checks()] == []


@each_check
def test_its_remedy_is_a_module(check):
    for platform in check.platforms:
        remedy = check.remedy_on(platform)
        if remedy:
            assert (REPO / f"plugins/modules/{remedy}.{'ps1' if platform == WINDOWS else 'py'}").is_file()
            assert (REPO / f"roles/remediate/tasks/remedies/{remedy}.yml").is_file()


def test_explanations_have_no_circle():
    done, path = set(), []

    def visit(id_):
        if id_ in path:
            pytest.fail("circle: " + " <- ".join([*path[path.index(id_) :], id_]))
        if id_ in done:
            return
        path.append(id_)
        for other in checks()[id_].explained_by:
            visit(other)
        done.add(path.pop())

    for id_ in checks():
        visit(id_)


def test_error_codes_name_existing_checks():
    named = {id_ for ids in _error_codes.CODES.values() for id_ in ids}
    assert sorted(named - set(checks())) == []


def test_every_file_of_the_package_is_a_check():
    files = {path.stem for path in (REPO / "plugins/plugin_utils/_checks").glob("[!_]*.py")}
    assert files == set(checks())
