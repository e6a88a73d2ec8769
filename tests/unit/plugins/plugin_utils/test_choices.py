# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _error_codes, _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy, Want

NO_CHOICE = {name: spec.get("default") for name, spec in _choices.SPEC.items()}


def test_no_choice_is_the_default():
    assert _choices.read(NO_CHOICE) == {"want": Want(), "only": frozenset(), "skip": frozenset(), "error_code": None}


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


@pytest.mark.parametrize("host", ["svc:Pa55@10.0.0.5", "http://Pa55", "px Pa55", "px\nPa55"])
def test_the_host_of_a_proxy_has_no_credentials_and_what_may_be_one_is_not_said(host):
    with pytest.raises(
        ValueError, match="^Cannot use 'expect_proxy': its host must be a name or an address"
    ) as refused:
        _choices.read({**NO_CHOICE, "expect_proxy": {"host": host, "port": 3128}})
    assert "Pa55" not in str(refused.value)


def test_an_option_is_called_as_the_user_wrote_it():
    options = {**NO_CHOICE, "variables": "diagnose_", "only": ["wire_http"], "skip": ["x"], "expect_proxy": "px"}
    with pytest.raises(ValueError, match="^Cannot use 'wire_http' in 'diagnose_only': unknown check; did you mean "):
        _choices.read(options, {"diagnose_only": ["wire_http"]})
    with pytest.raises(ValueError, match="^Cannot use 'x' in 'skip': "):
        _choices.read({**options, "only": []}, {"diagnose_only": []})
    with pytest.raises(ValueError, match="^Cannot use 'diagnose_expect_proxy': it needs host and port"):
        _choices.read({**options, "only": [], "skip": []}, {"diagnose_expect_proxy": "px"})


def test_an_unknown_check_lists_close_ones():
    with pytest.raises(ValueError, match="did you mean .*wire_http_80"):
        _choices.read({**NO_CHOICE, "only": ["wire_http"]})


def test_a_former_id_is_known_and_said():
    assert _choices.read({**NO_CHOICE, "only": ["win_plugin_state"]})["only"] == {"win_plugin_state"}
    assert _choices.former(["win_plugin_state", "ext_status"]) == ["'win_plugin_state' is now called 'ext_status'"]


def test_a_plan_knows_classes_remedies_and_checks_by_all_their_names():
    _choices.of_plan(
        ["auto", "confirm", "waagent_conf", "agent_unmasked", "agent_masked"], ["guest_dhcp", "agent_masked"]
    )
    with pytest.raises(ValueError, match="Cannot use 'agent_mask' in 'remediate_allow': .*did you mean agent_masked"):
        _choices.of_plan(["agent_mask"], [])
    with pytest.raises(ValueError, match="Cannot use 'auto' in 'remediate_skip': unknown remedy or check"):
        _choices.of_plan([], ["auto"])


@pytest.mark.parametrize("code", ["UserErrorFsFreezeFailed", "usererrorfsfreezefailed", " UserErrorFsFreezeFailed "])
def test_an_error_code_in_any_case(code):
    assert _error_codes.name(code) == "UserErrorFsFreezeFailed"
    assert code.strip().lower() in map(str.lower, _registry.catalogue("linux").checks["mounts_unique"].error_codes)


def test_an_error_code_by_number():
    assert _error_codes.name("380008") == "AzureVmOffline"


def test_an_unknown_error_code_warns_with_close_ones_and_the_diagnosis_goes_on():
    options = {**NO_CHOICE, "error_code": "GuestAgentSnapshotTaskError"}
    assert _choices.read(options)["error_code"] == "GuestAgentSnapshotTaskError"
    (note,) = _choices.notes(options)
    assert "not known" in note and "did you mean GuestAgentSnapshotTaskStatusError" in note


def test_a_code_whose_cause_lies_in_azure_says_so_and_what_to_look_at():
    (note,) = _choices.notes({**NO_CHOICE, "error_code": "usererrorrpcollectionlimitreached"})
    assert "lies in Azure" in note and "lock" in note and "https://" in note


def test_a_code_of_the_guest_needs_no_note():
    assert _choices.notes({**NO_CHOICE, "error_code": "UserErrorFsFreezeFailed"}) == []


def test_notes_name_former_ids():
    assert _choices.notes({**NO_CHOICE, "skip": ["win_plugin_state"]}) == _choices.former(["win_plugin_state"])
