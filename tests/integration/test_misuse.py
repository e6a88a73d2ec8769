# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator mistypes ends the run with one sentence, before any host is asked."""

import os
import re
import shlex
import subprocess

import pytest
import terminal
from test_diagnose_playbook import PLAYBOOK, REPO, Fleet, conf

BOOKS = {"diagnose": {}, "fix": {}, "verify": {}, "undo": {"undo_run_id": "night-1"}}


@pytest.fixture
def fleet(tmp_path):
    made = Fleet(tmp_path)
    made.silent("web1", f"touch {tmp_path}/asked; exit 255")
    made.silent("web2", f"touch {tmp_path}/asked; exit 255")
    return made


def refused(fleet, result, said):
    text = result.stdout + result.stderr
    assert result.returncode == 2, text
    assert text.count(said) >= 1 and "Traceback" not in text
    assert not (fleet.folder / "asked").exists()


@pytest.mark.parametrize("book", BOOKS)
def test_a_variable_that_does_not_exist(fleet, book):
    fleet.book = book
    said = "Cannot use 'remediate_windw': there is no such variable; did you mean remediate_window"
    refused(fleet, fleet.run("-vvv", remediate_windw={"start": "22:00"}, **BOOKS[book]), said)


def test_it_may_be_one_of_the_inventory_and_of_any_host(fleet):
    fleet.hosts["web2"]["diagnose_fial_on"] = "critical"
    refused(
        fleet, fleet.run(), "Cannot use 'diagnose_fial_on': there is no such variable; did you mean diagnose_fail_on"
    )


def test_it_may_be_in_a_file_of_the_inventory(fleet):
    (fleet.folder / "group_vars").mkdir()
    (fleet.folder / "group_vars/all.yml").write_text("verify_waitt: 60\n")
    refused(fleet, fleet.run(), "Cannot use 'verify_waitt': there is no such variable; did you mean verify_wait")


def test_what_a_play_does_not_see_in_an_inventory(fleet):
    (fleet.folder / "group_vars").mkdir()
    (fleet.folder / "group_vars/all.yml").write_text("fix_hosts: web1\n")
    fleet.book = "fix"
    refused(fleet, fleet.run(), "Cannot use 'fix_hosts' of 'web1': a play does not see the inventory; give it with -e")
    fleet.run(fix_hosts="web1")
    assert (fleet.folder / "asked").exists()


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"remediate_window": "22:00-04:00"}, "Cannot use 'remediate_window': '22:00-04:00' is not a mapping"),
        ({"diagnose_expect_proxy": "10.0.0.5:3128"}, "Cannot use 'diagnose_expect_proxy': it needs host and port"),
        ({"diagnose_timeout": "soon"}, "Cannot use 'diagnose_timeout': "),
    ],
)
def test_a_value_that_cannot_be_used(fleet, book, variables, said):
    fleet.book = book
    refused(fleet, fleet.run(**variables, **BOOKS[book]), said)


@pytest.mark.parametrize("gate", ["never", "", None, "critical"])
def test_the_gate_of_a_verification_is_not_switched_off_by_that_of_a_diagnosis(fleet, gate):
    fleet.book = "verify"
    refused(fleet, fleet.run(diagnose_fail_on=gate), "Cannot verify with '-e diagnose_fail_on': give verify_fail_on")


@pytest.mark.parametrize("value", ["", None], ids=["empty", "null"])
@pytest.mark.parametrize(
    ("book", "variable", "said"),
    [
        ("fix", "diagnose_report_dir", "Cannot fix with '-e diagnose_fail_on', "),
        ("fix", "diagnose_compare_with", "Cannot fix with '-e diagnose_fail_on', "),
        ("test_backup", "diagnose_report_dir", "Cannot test backups with '-e diagnose_report_dir', "),
        ("test_backup", "diagnose_fail_on", "Cannot test backups with '-e diagnose_report_dir', "),
    ],
)
def test_what_a_playbook_sets_itself_is_not_outranked_by_nothing(fleet, book, variable, said, value):
    fleet.book = book
    refused(fleet, fleet.run(diagnose_azure=True, **{variable: value}), said)


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("words", [("--tags", "diagnose"), ("--skip-tags", "all")], ids=["tags", "skip-tags"])
def test_a_part_is_not_run_for_the_whole(fleet, book, words):
    fleet.book = book
    said = "Cannot run a part of a playbook: leave out --tags and --skip-tags"
    refused(fleet, fleet.run(*words, **BOOKS[book]), said)


def test_tags_of_a_playbook_of_its_own_take_ours_with_them(fleet):
    fleet.saved("web1", conf("y"))
    fleet.saved("web2", conf("y"))
    (fleet.folder / "mine.yml").write_text("- import_playbook: vmbackup.azure.diagnose\n  tags: backup\n")
    command = ["mine.yml" if part == "playbooks/diagnose.yml" else part for part in fleet.command()]
    surroundings = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(REPO / ".collections")}
    options = {"cwd": fleet.folder, "env": surroundings, "capture_output": True, "text": True}
    result = subprocess.run([*command, "--tags", "backup"], check=False, **options)
    assert result.returncode == 0 and sorted(fleet.verdicts) == ["web1", "web2"], result.stdout + result.stderr


def test_a_prefix_that_is_mistyped_on_the_command_line(fleet):
    said = "Cannot use 'dignose_fail_on': there is no such variable; did you mean diagnose_fail_on"
    refused(fleet, fleet.run(dignose_fail_on="critical"), said)


@pytest.mark.parametrize("book", BOOKS)
def test_no_host_is_no_success(fleet, book):
    fleet.book = book
    refused(fleet, fleet.run(**{f"{book}_hosts": "wbe"}, **BOOKS[book]), "Cannot find a host: 'wbe' matches none of")
    fleet.hosts = {}
    refused(fleet, fleet.run(**BOOKS[book]), "Cannot find a host: 'all' matches none of the inventory")


@pytest.mark.parametrize(
    ("book", "variable"), [("network_path", "network_path_hosts"), ("proxy", "proxy_setup_clients")]
)
def test_guests_that_are_not_named_are_asked_for(fleet, book, variable):
    fleet.book = book
    refused(fleet, fleet.run(), f"name them, -e {variable}=GROUP")
    refused(fleet, fleet.run(**{variable: "wbe"}), "Cannot find a host: 'wbe' matches none of the inventory")


def test_a_host_that_is_named_localhost_is_one(fleet):
    fleet.hosts = {}
    fleet.saved("localhost", conf("y"))
    result = fleet.run(diagnose_only="extensions_enabled")
    assert result.returncode == 0, result.stdout + result.stderr
    assert list(fleet.verdicts) == ["localhost"]


COLOURS = {"yes": ({}, True), "no colour": ({"NO_COLOR": "1"}, False)}


@pytest.mark.parametrize(("environment", "coloured"), COLOURS.values(), ids=COLOURS)
def test_a_terminal_has_colours(fleet, environment, coloured):
    fleet.saved("web1", conf("n"))
    fleet.hosts = {"web1": fleet.hosts["web1"]}
    log = fleet.folder / "log"
    surroundings = {"ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "ANSIBLE_LOG_PATH": str(log), **environment}
    status, text = terminal.run(fleet.command(diagnose_only="extensions_enabled"), REPO, surroundings)
    assert status == 0, text
    assert ("\x1b[31mblocked" in text) == coloured and "web1" in text
    kept = log.read_text("utf-8")
    assert "blocked" in kept and "\x1b[31mblocked" not in kept


PAGE = (REPO / "docs/troubleshooting.md").read_text("utf-8")
ROWS = re.findall(r"(?m)^\| `(.+?)` \| `(.+)` \|$", PAGE)


@pytest.mark.parametrize(("typed", "printed"), ROWS, ids=[typed for typed, _printed in ROWS])
def test_what_the_documentation_says_is_printed(fleet, typed, printed):
    fleet.command()
    (fleet.folder / "inventory.json").rename(fleet.folder / "hosts.yml")
    book, *arguments = shlex.split(typed)
    inventory = [] if "-i" in arguments else ["-i", "hosts.yml"]
    result = subprocess.run(
        [PLAYBOOK, f"vmbackup.azure.{book}", *inventory, *arguments],
        cwd=fleet.folder,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(REPO / ".collections")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    text = " ".join((result.stdout + result.stderr).split())
    assert result.returncode != 0 and printed in text, text
    assert "Traceback" not in text and not (fleet.folder / "asked").exists()


def test_twenty_misuses_are_documented():
    assert len(ROWS) >= 20
