# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one check, one file, one test means: nothing is forgotten and nothing dangles."""

import ast
import collections
import difflib
import pathlib
import re

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _error_codes, _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import (
    AZURE,
    FAIL,
    FLEET,
    INFO,
    LINUX,
    NOT_APPLICABLE,
    OK,
    PLATFORMS,
    SEVERITIES,
    SUBJECTS,
    UNKNOWN,
    WARN,
    WINDOWS,
    Stage,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._knowledge import rows
from ansible_collections.vmbackup.azure.plugins.plugin_utils._remedies import REMEDIES
from check_files import files_of
from declared import facts
from remedy_options import documented
from support import guest, verdict

REPO = pathlib.Path(__file__).resolve().parents[2]
PLUGIN_UTILS = REPO / "plugins/plugin_utils"
CHECKS = _registry.every_check()
CATALOGUES = {subject: _registry.catalogue(subject) for subject in SUBJECTS}


def place(check):
    """``linux/agent_installed``: the check as its folder and file name it."""
    return f"{_registry.folder(check)}/{check.id}"


each_check = pytest.mark.parametrize("check", CHECKS, ids=place)


@each_check
def test_it_has_a_test_of_its_own(check):
    folder, name = place(check).split("/")
    path = f"tests/unit/plugins/plugin_utils/_checks/{folder}/test_{name}.py"
    assert (REPO / path).is_file(), f"add {path}"
    words = texts(REPO / path)
    assert name in words, f"{path} judges no {name}"
    assert words & {OK, NOT_APPLICABLE, "ready"}, f"{path} has no clean guest"
    assert UNKNOWN in words, f"{path} has no guest without the facts"
    if any(calls(PLUGIN_UTILS / f"_checks/{place(check)}.py", "fail", "warn")):
        assert words & {FAIL, WARN}, f"{path} has no guest on which it fails or warns"


@each_check
def test_declaration(check):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", check.id), "an id has small letters, digits and underscores"
    assert check.severity in SEVERITIES, f"severity is none of {SEVERITIES}"
    assert isinstance(check.stage, Stage), f"stage is none of {[*Stage.__members__]}"
    about = _registry.about(check).strip()
    assert about, "the docstring is missing"
    assert check.title and not check.title.endswith("."), "a title has no full stop"
    assert about.endswith("."), "the docstring has no full stop"
    assert not check.advice or check.advice.endswith("."), "advice has no full stop"


@pytest.mark.parametrize("mode", ["live", "tree"])
@each_check
def test_without_facts_it_is_unknown(check, mode):
    for subject in {*check.subjects} - {FLEET}:
        assert verdict(check.id, guest(subject, mode)).status == UNKNOWN


@each_check
def test_a_finding_says_what_to_do_and_where_the_rule_comes_from(check):
    if check.severity != INFO:
        assert check.advice, "advice is missing"
        assert check.sources, "sources are missing"
    for source in check.sources:
        assert source.title and source.url.startswith("https://"), source
    words = [check.title, check.advice, _registry.about(check).strip()]
    assert len(set(words)) == len(words), "title, advice and docstring repeat each other"


@each_check
def test_its_fixes_are_remedies_of_its_system_with_options_that_they_have(check):
    for path in files_of(check):
        for remedy, parameters in fixes(path):
            assert remedy in REMEDIES, unknown(remedy, REMEDIES, "remedy")
            assert REMEDIES[remedy].platform in check.subjects, f"{remedy} is not for {check.subjects}"
            known = documented(remedy)
            assert parameters <= known.keys(), f"{remedy} has no {sorted(parameters - known.keys())}"
            required = {name for name, option in known.items() if option.get("required")}
            assert required <= parameters, f"{remedy} needs {sorted(required - parameters)}"


@each_check
def test_its_remedies_are_those_of_its_system(check):
    for name in check.remedies:
        assert name in REMEDIES, unknown(name, REMEDIES, "remedy")
        assert REMEDIES[name].platform in check.subjects, f"{name} is not for {check.subjects}"
    chosen = {remedy for path in files_of(check) for remedy, _parameters in fixes(path)}
    assert {*check.remedies} <= chosen, f"no Fix chooses {sorted({*check.remedies} - chosen)}"


@each_check
def test_what_it_needs_is_declared(check):
    for subject in {*check.subjects} - {FLEET}:
        known = [path for path, _fact in facts(subject)]
        for name in check.needs:
            any_name = name.rpartition(".")[0] + ".*"
            assert name in known or any_name in known, unknown(name, known, f"fact of {subject}")


def fixes(path):
    """``(remedy, names of parameters)`` of every fix that a file makes."""
    for call in calls(path, "Fix"):
        assert isinstance(call.args[0], ast.Constant), f"{path.name}:{call.lineno}: name the remedy where it is chosen"
        yield call.args[0].value, {word.arg for word in call.keywords if word.arg} - {"confirm", "slow", "own"}


def calls(path, *functions):
    """The calls of these functions in a file; one may be chosen on the spot: ``(fail if ... else warn)(...)``."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and {getattr(one, "id", None) for one in ast.walk(node.func)} & {*functions}:
            yield node


def unknown(name, known, what):
    """The message for a name that does not exist."""
    near = difflib.get_close_matches(name, known, 1)
    return f"'{name}' is no {what}" + (f"; did you mean '{near[0]}'?" if near else "")


@each_check
def test_what_it_names_exists_where_it_is_judged(check):
    for name in (*check.explained_by, *check.explains):
        for subject in check.subjects:
            known = name in CATALOGUES[subject].checks
            # A rule of both systems, or of a machine in Azure, may have a cause that only one system knows.
            many = len(check.subjects) > 1 or AZURE in check.subjects
            known = known or many and any(name in one.checks for one in CATALOGUES.values())
            assert known, unknown(name, CATALOGUES[subject].checks, f"check of {subject}")


def test_what_is_wrong_has_evidence():
    paths = sorted((PLUGIN_UTILS / "_checks").rglob("*.py"))
    bare = [
        f"{path.name}:{call.lineno}" for path in paths for call in calls(path, "fail", "warn") if len(call.args) < 2
    ]
    assert bare == [], "name the fact that proves it"


@each_check
def test_its_error_codes_are_known(check):
    known = [row["name"] for row in rows("error_codes")]
    for name in check.error_codes:
        assert name in known, unknown(name, known, "row of _knowledge/error_codes.yml")


@pytest.mark.parametrize("row", rows("error_codes"), ids=lambda row: row["name"])
def test_an_error_code_says_where_its_cause_lies_what_to_do_and_where_that_stands(row):
    assert row["place"] in _error_codes.PLACES
    assert row["advice"].endswith(".")
    assert row["url"].startswith("https://")


def test_error_codes_are_unique_in_any_case():
    assert several_times(row["name"].lower() for row in rows("error_codes")) == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_ids_and_former_ids_are_unique(subject):
    # A guest and its machine in Azure are judged together.
    subjects = {subject, AZURE} if subject in PLATFORMS else {subject}
    names = [name for check in CHECKS if subjects & set(check.subjects) for name in (check.id, *check.aliases)]
    assert several_times(names) == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_id_means_one_check_of_a_guest_and_its_machine(platform):
    guest, machine = CATALOGUES[platform].checks, CATALOGUES[AZURE].checks
    assert guest.keys().isdisjoint(machine)
    assert _registry.joined(platform).checks.keys() == guest.keys() | machine.keys()


def test_a_former_id_is_no_id_of_today_and_means_one_check():
    today = {check.id for check in CHECKS}
    assert [alias for check in CHECKS for alias in check.aliases if alias in today] == []
    assert several((alias, check.id) for check in CHECKS for alias in check.aliases) == {}


def test_a_title_means_one_check():
    assert several((check.title, check.id) for check in CHECKS) == {}


def several_times(names):
    return [name for name, times in collections.Counter(names).items() if times > 1]


def several(pairs):
    """What means more than one check, with their ids. One question has one id on both systems."""
    meant = collections.defaultdict(set)
    for name, id_ in pairs:
        meant[name].add(id_)
    return {name: ids for name, ids in meant.items() if len(ids) > 1}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_explanations_have_no_circle(subject):
    causes = (_registry.joined(subject) if subject in PLATFORMS else CATALOGUES[subject]).causes
    done, path = set(), []

    def visit(id_):
        if id_ in path:
            pytest.fail("circle: " + " <- ".join([*path[path.index(id_) :], id_]))
        if id_ in done or id_ not in causes:
            return
        path.append(id_)
        for other in causes[id_]:
            visit(other)
        done.add(path.pop())

    for id_ in causes:
        visit(id_)


@pytest.mark.parametrize("remedy", REMEDIES.values(), ids=REMEDIES)
def test_a_remedy_is_a_module_of_its_system(remedy):
    assert remedy.platform in (LINUX, WINDOWS, AZURE)
    assert (REPO / f"plugins/modules/{remedy.name}.{'ps1' if remedy.platform == WINDOWS else 'py'}").is_file()
    assert remedy.fixes and remedy.interrupts, "say in _remedies.py what it fixes and what it interrupts"


@pytest.mark.parametrize("remedy", [name for name, one in REMEDIES.items() if one.platform == LINUX])
def test_a_remedy_is_tested(remedy):
    tests = (REPO / "tests/unit/plugins/module_utils/_change").rglob("test_*.py")
    imported = rf"_change\.remedies(?:\.{remedy} import| import (?:\([^)]*\b|.*\b)?{remedy}\b)"
    path = f"tests/unit/plugins/module_utils/_change/remedies/test_{remedy}.py"
    assert any(re.search(imported, test.read_text("utf-8")) for test in tests), f"add {path}"


def test_every_file_of_the_package_is_a_check():
    files = {
        path.relative_to(PLUGIN_UTILS / "_checks").with_suffix("")
        for path in (PLUGIN_UTILS / "_checks").rglob("[!_]*.py")
    }
    assert {path.as_posix() for path in files} == set(map(place, CHECKS))


def test_every_remedy_fixes_something():
    used = {remedy for path in (PLUGIN_UTILS / "_checks").rglob("*.py") for remedy, _parameters in fixes(path)}
    assert used == set(REMEDIES)


def modules(folder):
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted((PLUGIN_UTILS / folder).rglob("*.py"))]


def test_the_engine_imports_nothing_of_a_subject():
    """From outside itself it imports the declaration of facts, constants of Azure, and what makes a text safe."""
    allowed = {"_facts", "_facts._kinds", *(f"module_utils._guest.{name}" for name in ("azure", "masking", "visible"))}
    for path, tree in modules("_engine"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level >= 2 and (node.module or "") not in allowed:
                pytest.fail(f"{path.name} imports from {'.' * node.level}{node.module or ''}")


def test_the_engine_names_no_check_and_no_remedy():
    names = set(_registry.names()) | set(REMEDIES)
    for path, _tree in modules("_engine"):
        assert not texts(path) & names, path.name


def texts(path):
    """All texts in the code of a file."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


PURE = set("base64 binascii collections dataclasses datetime enum fnmatch functools hashlib".split())
PURE |= set("__future__ ipaddress json re struct typing zoneinfo".split())
WORLD = {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize("folder", ["_checks", "_engine"])
def test_judging_touches_nothing(folder):
    """No file, process or network, and nothing of Ansible."""
    for path, tree in modules(folder):
        for node in ast.walk(tree):
            found = {getattr(node, "id", None)} & WORLD
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names} - PURE
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {node.module.partition(".")[0]} - PURE
            assert not found, f"{path.name}:{getattr(node, 'lineno', 0)} uses {found}"


def test_imports_of_plugin_utils_have_no_circle():
    root = REPO / "plugins"
    graph = {}
    for path in sorted((root / "plugin_utils").rglob("*.py")):
        here = path.relative_to(root).with_suffix("").parts
        wanted = graph.setdefault(here, set())
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            package = here if path.stem == "__init__" else here[:-1]
            base = package[: len(package) - node.level + 1] + tuple(
                (node.module or "").split(".") if node.module else ()
            )
            for name in node.names:
                wanted.update({base, (*base, name.name)})
    modules_ = {parts[:-1] if parts[-1] == "__init__" else parts: needs for parts, needs in graph.items()}
    done, path = set(), []

    def visit(one):
        if one in path:
            pytest.fail("circle: " + " -> ".join(".".join(parts) for parts in [*path[path.index(one) :], one]))
        if one in done:
            return
        path.append(one)
        for other in modules_[one]:
            if other in modules_ and other != one:
                visit(other)
        done.add(path.pop())

    for one in modules_:
        visit(one)
