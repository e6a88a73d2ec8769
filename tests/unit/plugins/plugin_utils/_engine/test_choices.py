# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _choices, _error_codes
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy, Want

NO_CHOICE = {name: spec.get("default") for name, spec in _choices.SPEC.items()}


def test_no_choice_is_the_default():
    assert _choices.read(NO_CHOICE) == {"want": Want(), "only": frozenset(), "skip": frozenset(), "explains": ()}


@pytest.mark.parametrize("empty", [{}, "", False, []])
def test_an_empty_proxy_expects_none(empty):
    assert _choices.read({**NO_CHOICE, "expect_proxy": empty})["want"].expect_proxy is False


def test_an_expected_proxy():
    chosen = _choices.read({**NO_CHOICE, "expect_proxy": {"host": "px", "port": "3128", "bypass": [".corp"]}})
    assert chosen["want"].expect_proxy == Proxy("px", 3128, (".corp",))
    assert str(chosen["want"].expect_proxy) == "px:3128"


@pytest.mark.parametrize("bad", [{"host": "px"}, "px:3128", {"host": "px", "port": 0}, {"host": "px", "port": "x"}])
def test_a_proxy_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="Cannot use 'expect_proxy'"):
        _choices.read({**NO_CHOICE, "expect_proxy": bad})


def test_an_unknown_check_lists_close_ones():
    with pytest.raises(ValueError, match="did you mean .*wire_http_80"):
        _choices.read({**NO_CHOICE, "only": ["wire_http"]})


@pytest.mark.parametrize("code", ["UserErrorFsFreezeFailed", "usererrorfsfreezefailed", " UserErrorFsFreezeFailed "])
def test_an_error_code_in_any_case(code):
    assert "duplicate_mounts" in _error_codes.explained_by(code)


def test_an_error_code_by_number():
    assert _error_codes.explained_by("380008") == _error_codes.CODES["AzureVmOffline"]


def test_an_unknown_error_code_lists_close_ones():
    with pytest.raises(ValueError, match="did you mean GuestAgentSnapshotTaskStatusError"):
        _error_codes.explained_by("GuestAgentSnapshotTaskError")
