# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that do not exist or cannot be used are refused by name."""

import pathlib
import re

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _variables

REPO = pathlib.Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("remediate_windw", "did you mean remediate_window"),
        ("diagnose_fial_on", "did you mean diagnose_fail_on"),
        ("fix_seriall", "did you mean fix_serial"),
        ("verify_fail_onn", "did you mean verify_fail_on"),
        ("undo_runid", "did you mean undo_run_id"),
        ("diagnose_xyzzy", "there is no such variable"),
    ],
)
def test_a_name_that_does_not_exist(name, said):
    with pytest.raises(ValueError, match=f"^Cannot use '{name}': there is no such variable") as caught:
        _variables.refuse({"web1": {"other": 1}, "web2": {name: "x"}})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("diagnose_fail_on", "critcal", "'critcal' is not one of never, warning, critical; did you mean critical?"),
        ("diagnose_timeout", "soon", "'soon' is not a number"),
        ("diagnose_only", ["agent_maskd"], "unknown check; did you mean agent_masked"),
        ("diagnose_skip", "cpu_load,nothing_such", "'nothing_such'"),
        ("diagnose_expect_proxy", "10.0.0.5:3128", "it needs host and port"),
        ("diagnose_expect_proxy", {"host": "p", "port": "many"}, "not a port number"),
        ("diagnose_become", "perhaps", "'perhaps' is not true or false"),
        ("remediate_window", "22:00-04:00", "is not a mapping such as"),
        ("remediate_window", {"start": "22:00", "end": "25:00"}, "25:00"),
        ("remediate_allow", "auto,cnfirm", "unknown class, remedy or check"),
        ("remediate_skip", ["waagent_cnf"], "did you mean waagent_conf"),
        ("fix_max_fail_percentage", "some", "'some' is not a number"),
        ("verify_wait", "long", "'long' is not a whole number"),
        ("verify_fail_on", "all", "'all' is not one of never, warning, critical"),
        ("diagnose_formats", "json,pdf", "'pdf' is not one of json, html, "),
        ("diagnose_formats", ["json", 7], "'7' is not one of json"),
        ("test_backup_most_in_24h", 10, "'10' is not one of 1, 2, "),
        ("fix_plan", "/nowhere/plan.yml", "Cannot use the plan '/nowhere/plan.yml': No such file"),
    ],
)
def test_a_value_that_cannot_be_used(name, value, said):
    with pytest.raises(ValueError, match="^Cannot use ") as caught:
        _variables.refuse({"web1": {name: value}})
    assert str(caught.value).startswith("Cannot use ") and said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("diagnose_timeout", 0, "'0' is not more than 0"),
        ("diagnose_timeout", "-5", "'-5' is not more than 0"),
        ("fix_plan_days", -1, "'-1' is not more than 0"),
        ("schedule_limit", 0, "'0' is not more than 0"),
        ("test_backup_timeout", 0, "'0' is not more than 0"),
        ("verbose_logging_minutes", "0", "'0' is not more than 0"),
        ("collect_logs_max_mib", -1, "'-1' is not more than 0"),
        ("diagnose_history", -1, "'-1' is less than 0"),
        ("verify_wait", -60, "'-60' is less than 0"),
        ("fix_max_fail_percentage", -1, "'-1' is less than 0"),
    ],
)
def test_a_number_that_is_too_small(name, value, said):
    with pytest.raises(ValueError, match="^Cannot use ") as caught:
        _variables.refuse({"web1": {name: value}})
    assert str(caught.value) == f"Cannot use '{name}': {said}"


def test_zero_is_a_number_where_it_means_something():
    _variables.refuse({"web1": {"diagnose_history": 0, "verify_wait": 0, "fix_max_fail_percentage": 0}})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dignose_fail_on", "diagnose_fail_on"),
        ("Diagnose_fail_on", "diagnose_fail_on"),
        ("diagnose-fail-on", "diagnose_fail_on"),
        ("remidiate_window", "remediate_window"),
        ("merge_report", "merge_reports"),
        ("compare_afte", "compare_after"),
        ("schedule_aply", "schedule_apply"),
    ],
)
def test_a_prefix_that_is_mistyped_on_the_command_line(typed, meant):
    with pytest.raises(ValueError, match=f"^Cannot use '{typed}': there is no such variable; did you mean {meant}"):
        _variables.refuse({"web1": {typed: "x"}}, typed=[typed])
    _variables.refuse({"web1": {typed: "x"}})  # In an inventory it may be for something else.


def test_what_a_play_does_not_see_is_refused():
    inventory = {"web1": {"other": 1}, "web2": {"fix_serial": 1}}
    said = "^Cannot use 'fix_serial' of 'web2': a play does not see the inventory; give it with -e$"
    with pytest.raises(ValueError, match=said):
        _variables.refuse_of_plays(inventory, typed=["fix_hosts"])
    _variables.refuse_of_plays(inventory, typed=["fix_serial"])


def test_what_plays_are_made_with_is_known():
    keywords = ("hosts", "serial", "max_fail_percentage", "ansible.builtin.import_playbook")
    plays = [play for file in (REPO / "playbooks").glob("*.yml") for play in yaml.safe_load(file.read_text("utf-8"))]
    used = {word for play in plays for key in keywords for word in re.findall(r"\w+", str(play.get(key, "")))}
    assert used & _variables.KNOWN.keys() == _variables._OF_PLAYS


ALIKE = ["proxy_server_url", "verify_ssl", "fix_permissions", "undo_retention", "network_path_mtu", "test_backup_dir"]


@pytest.mark.parametrize("name", ALIKE)
def test_what_only_begins_alike_is_for_something_else_in_an_inventory(name):
    _variables.refuse({"web1": {name: "x"}})
    with pytest.raises(ValueError, match=f"^Cannot use '{name}': there is no such variable"):
        _variables.refuse({"web1": {name: "x"}}, typed=[name])


def test_what_else_is_on_the_command_line_is_left():
    _variables.refuse({"web1": {}}, typed=["env", "target_hosts", "schedule_name", "check", "diagnose_fail_on", "fix"])


@pytest.mark.parametrize(
    "variables",
    [
        {"diagnose_only": "agent_masked", "diagnose_fail_on": "critical", "diagnose_timeout": "30"},
        {"diagnose_only": "{{ some_list }}", "diagnose_expect_proxy": "", "diagnose_error_code": None},
        {"remediate_window": {"start": "22:00", "end": "04:00", "days": ["sat"]}, "remediate_allow": "auto,confirm"},
        {"diagnosed": 1, "fixes": 2, "verify": "x"},
    ],
)
def test_what_can_be_used(variables):
    _variables.refuse({"web1": variables, "web2": {}})


def test_every_variable_of_the_roles_is_known():
    for role in ("diagnose", "remediate"):
        spec = yaml.safe_load((REPO / f"roles/{role}/meta/argument_specs.yml").read_text("utf-8"))
        options = spec["argument_specs"]["main"]["options"]
        assert {name for name in options if name not in _variables._NAMES} == set()


def test_every_variable_that_a_playbook_or_role_names_is_known():
    files = [*(REPO / "playbooks").rglob("*.yml"), *(REPO / "roles").rglob("*.yml"), *(REPO / "roles").rglob("*.j2")]
    word = re.compile(r"(?<!vmbackup\.azure\.)\b(?:diagnose|remediate|fix|verify|undo)_[a-z_]*[a-z]\b")
    named = {name for file in files if "meta" not in file.parts for name in word.findall(file.read_text("utf-8"))}
    assert len(named) > 30 and sorted(named - _variables._NAMES) == []


def test_a_word_that_no_variable_gets_is_not_dropped_in_silence():
    # -e "diagnose_hosts=web1, web2", as Ansible reads it.
    typed = {"diagnose_hosts": "web1,", "_raw_params": "web2"}
    with pytest.raises(ValueError, match="^Cannot use what follows a space in '-e NAME=VALUE': write lists without"):
        _variables.refuse({"web1": {}}, typed=typed)
