# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each command of the article's table is one that exists, for what its row says, and a test runs it."""

import ast
import json
import pathlib
import re
import shlex

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry, _variables
from ansible_collections.vmbackup.azure.plugins.plugin_utils._remedies import REMEDIES

REPO = pathlib.Path(__file__).resolve().parents[2]
TESTS = REPO / "tests"
COLUMNS = ["issue and statement", "true today", "found by", "fixed by", "proved", "undone", "command"]
LAB = "integration/remediate/test_fix.py::test_a_fault_is_found_planned_fixed_and_verified"
STAGE = "integration/stage/test_stage_fix.py::test_found_fixed_proved_and_undone"
IN_AZURE = "azure/test_azure_fix.py::test_a_fix_in_azure_is_shown_made_proved_and_undone"
PASTED = ("azure/test_azure_article.py::test_a_command_of_the_article_works", "docs/article.md")
PROXY = "integration/remediate/test_proxy_playbook.py::test_guests_are_led_through_a_proxy_and_back"
ROUTES = "integration/remediate/test_routes_on_guests.py::test_the_playbook_on_networkd_below_netplan"
OPENED = "integration/remediate/test_proxy_firewall.py::test_opened_proved_kept_over_a_boot_and_undone"
VERBOSE = "integration/evidence/test_verbose_logging_on_guests.py::test_it_ends_by_itself_across_a_reboot"
LOGS = "integration/evidence/test_collect_logs.py::test_no_secret_survives_and_what_decides_is_there"

RUN_BY = {
    "diagnose": ("integration/stage/test_stage_diagnosis.py::test_the_first_cause", "playbooks/diagnose.yml"),
    "proxy": (PROXY, '"vmbackup.azure.proxy"'),
    "network_path": (ROUTES, '"vmbackup.azure.network_path"'),
    "persistent_routes": (ROUTES, "persistent_routes"),
    "win_persistent_routes": (
        "integration/stage/test_stage_fix.py::test_what_a_change_meets",
        '"win_persistent_routes"',
    ),
    "verbose_logging": (VERBOSE, "verbose_logging"),
    "collect_logs": (LOGS, "collect_logs"),
    "test_backup": ("azure/test_azure_fix.py::test_backups_are_tested_and_what_fails_is_explained", '"test_backup"'),
    "schedule": ("azure/test_azure_schedule.py::test_a_plan_is_shown_then_applied_then_taken_back", "schedule.yml"),
    "guest_dhcp": (LAB, '["guest_dhcp"]'),
    "environment_proxy": (LAB, '["environment_proxy"]'),
    "waagent_conf": (LAB, '["waagent_conf"]'),
    "agent_version": (LAB, '["agent_version"]'),
    "waagent_service": (LAB, '["waagent_service"]'),
    "snapshot_extension": (LAB, '["snapshot_extension"]'),
    "win_guest_dhcp": (STAGE, '"dhcp_enabled"'),
    "win_winhttp_proxy": (STAGE, '"proxy_winhttp"'),
    "win_backup_services": (STAGE, '"rdagent_running"'),
    "win_bcdragent": (STAGE, '"bcdragent_sql"'),
    "win_snapshot_extension": (STAGE, '"ext_status"'),
    "proxy_firewall_rule": (OPENED, "proxy_firewall_rule"),
    "win_proxy_firewall_rule": (
        "integration/stage/test_stage_fix.py::test_what_a_change_meets",
        '"win_proxy_firewall_rule"',
    ),
    "azure_vm_extension": (IN_AZURE, '["azure_vm_extension"]'),
    "azure_vm_power": (IN_AZURE, '["azure_vm_power"]'),
    "azure_nsg_rule": PASTED,
    "azure_backup_run": PASTED,
}
"""Playbook, remedy or module -> the test that runs it, and what shows so in its file or in one that it imports."""


def rows():
    lines = [line for line in (REPO / "docs/article.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    header, _rule, *found = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert header == COLUMNS
    return [dict(zip(header, cells, strict=True)) for cells in found]


ROWS = rows()


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def remedies(row):
    """What the row fixes with: remedies, modules and playbooks."""
    known = {*REMEDIES, *(path.stem for path in (REPO / "plugins/modules").iterdir())}
    named = [name for name in quoted(row["fixed by"]) if name in known]
    return [*named, *re.findall(r"playbook `(\w+)`", row["fixed by"])]


@pytest.mark.parametrize("row", ROWS, ids=[row["issue and statement"] for row in ROWS])
def test_a_row_says_what_the_code_does(row):
    ids, known = quoted(row["found by"]), _registry.every_check()
    assert set(ids) <= {check.id for check in known}
    chosen = {remedy for check in known if check.id in ids for remedy in check.remedies}
    assert [name for name in remedies(row) if name in REMEDIES and name not in chosen] == []
    assert quoted(row["command"]) and row["proved"]


@pytest.mark.parametrize("command", dict.fromkeys(one for row in ROWS for one in quoted(row["command"])))
def test_a_command_takes_what_it_is_given(command):
    program, *words = shlex.split(command)
    if program == "ansible-playbook":
        assert (REPO / "playbooks" / f"{words[0].rpartition('.')[2]}.yml").is_file()
        given = {}
        for flag, value in zip(words, words[1:], strict=False):
            if flag == "-e":
                given.update(json.loads(value) if value.startswith("{") else [value.split("=", 1)])
        _variables.refuse({"localhost": given})
    else:
        module, arguments = (words[words.index(flag) + 1] for flag in ("-m", "-a"))
        path = REPO / f"plugins/modules/{module.rpartition('.')[2]}.py"
        options = yaml.safe_load(re.search(r'(?s)DOCUMENTATION = r"""(.*?)"""', path.read_text("utf-8"))[1])["options"]
        given = dict(word.split("=", 1) for word in shlex.split(arguments))
        assert {name for name, option in options.items() if option.get("required")} <= given.keys()
        assert given.keys() - options.keys() <= {"run_id", "report_dir"}


def what_runs(row):
    """Playbooks and modules of the row's commands, with the remedies of a fix."""
    for command in quoted(row["command"]):
        name = re.search(r"vmbackup\.azure\.(\w+)", command)[1]
        yield from remedies(row) if name == "fix" else [name]
    yield from remedies(row)


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in what_runs(row)}))
def test_a_test_runs_it(name):
    test, sign = RUN_BY[name]
    path, _colons, function = test.partition("::")
    text = (TESTS / path).read_text("utf-8")
    tree = ast.parse(text)
    assert function in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    imported = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    beside = [(TESTS / path).with_name(f"{module}.py") for module in imported]
    assert any(sign in one for one in [text, *(one.read_text("utf-8") for one in beside if one.is_file())])


def test_nothing_is_listed_that_no_row_has():
    assert RUN_BY.keys() == {name for row in ROWS for name in what_runs(row)}
