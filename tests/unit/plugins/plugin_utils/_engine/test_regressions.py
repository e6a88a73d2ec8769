# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is new since a fix: a check that fails, and was known not to."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._regressions import regressions


def diagnosis(status, **more):
    finding = {"id": "a", "status": status, "severity": "critical", "why": f"It is {status}", **more}
    return {"findings": [finding] if status else []}


def test_what_fails_and_was_ok_is_new():
    assert regressions(diagnosis("fail"), diagnosis("ok")) == [{"check": "a", "why": "It is fail"}]


@pytest.mark.parametrize("before", ["fail", "warn", "unknown", "not_applicable", None])
def test_what_may_have_failed_before_is_not_new(before):
    assert regressions(diagnosis("fail"), diagnosis(before)) == []


@pytest.mark.parametrize("after", ["ok", "warn", "unknown", "not_applicable"])
def test_only_failures_count(after):
    assert regressions(diagnosis(after), diagnosis("ok")) == []


def test_what_backups_do_not_use_does_not_count():
    unused = diagnosis("fail", weakened_by="protection", severity="info")
    assert regressions(unused, diagnosis("ok")) == []
