# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated pages and documented options match the code."""

import dataclasses
import functools
import importlib
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

REPO = pathlib.Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("generate", REPO / "docs/generate.py")
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)

from ansible_collections.vmbackup.azure.plugins.module_utils import _probe  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.module_utils._change import remedies  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import JOURNAL_OPTIONS  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import azure  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.options import OPTIONS, SIGNATURES  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _registry, _variables  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import GUEST_SPEC  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Want  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._version import VERSION  # noqa: E402

OF_WINDOWS = {name: option for name, option in OPTIONS.items() if name != "root"}
LINUX_DEFAULTS = dict(_probe.DEFAULTS)
"""As they are, before a fixture turns the addresses away from Azure."""


@pytest.mark.parametrize("name", generate.PAGES)
def test_a_page_is_as_the_code_draws_it(name):
    assert (REPO / name).read_text("utf-8") == generate.PAGES[name](), "run `make docs`"


def test_the_comparison_names_known_checks():
    steps = yaml.safe_load((REPO / "docs/vm_assist.yml").read_text("utf-8"))
    for system, found in steps.items():
        known = _registry.catalogue(system).checks
        assert [id_ for step in found for id_ in step["checks"] if id_ not in known] == []
        assert all(step["checks"] or step["why"] for step in found)


def test_a_module_that_says_it_shows_a_difference_returns_one():
    says, returns = set(), set()
    for name, shown in documentation().items():
        if shown["doc"]["attributes"].get("diff_mode", {}).get("support") == "full":
            says.add(name)
        if "diff" in (shown["return"] or {}):
            returns.add(name)
    # That one returns what the module returns that it calls.
    assert says == returns | {"vmbackup.azure.apply_remedy"}


@functools.cache
def documentation():
    """All modules as ``ansible-doc`` shows them, fragments included."""
    names = sorted({f"vmbackup.azure.{path.stem}" for path in (REPO / "plugins/modules").iterdir() if path.is_file()})
    command = [pathlib.Path(sys.executable).with_name("ansible-doc"), "--json", *names]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    shown = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, check=True)
    return json.loads(shown.stdout)


OF_ONE_MODULE = {"state", "state_file", "record", "variables", "report_dir", "fail_on"}
OF_ONE_MODULE |= {"failure", "kept_guest", "kept_machine", "azure", "azure_state_file", "hosts", "saved", "timeout"}
OF_ONE_MODULE |= {"machine_now", "ask_guest", "compare_with", "fail", "fail_on_new", "formats", "history", "waivers"}
OF_ONE_MODULE |= {"reports", "expected"}


def remedies_of_linux():
    """Modules that change a Linux guest, with the options that their code takes."""
    for path in sorted((REPO / "plugins/module_utils/_change/remedies").glob("*.py")):
        if (REPO / f"plugins/modules/{path.name}").is_file():
            code = importlib.import_module(f"{remedies.__name__}.{path.stem}")
            yield path.stem, {**JOURNAL_OPTIONS, **code.OPTIONS}


REMEDIES_OF_LINUX = list(remedies_of_linux())


def options(module):
    """The options of a module as a user reads them."""
    return documentation()[f"vmbackup.azure.{module}"]["doc"]["options"]


@pytest.mark.parametrize(
    ("module", "spec"),
    [
        ("guest_state_info", GUEST_SPEC),
        ("linux_guest_state_info", {**OPTIONS, **SIGNATURES}),
        ("win_guest_state_info", {**OF_WINDOWS, "cpu_sample": {"type": "float", "default": 0.3}}),
        ("findings_info", {**GUEST_SPEC, **_choices.SPEC}),
        ("fleet_report", _choices.SPEC),
        *REMEDIES_OF_LINUX,
    ],
)
def test_documented_options_are_those_of_the_code(module, spec):
    documented = options(module)
    assert set(spec) <= set(documented), "the documentation of the module lacks options of its code"
    for name, option in spec.items():
        assert documented[name]["type"] == option["type"], name
        assert documented[name].get("default") == option.get("default"), name
        assert documented[name].get("elements") == option.get("elements"), name
        assert documented[name].get("choices") == option.get("choices"), name
    extra = set(documented) - set(spec)
    assert extra <= OF_ONE_MODULE, f"the code of {module} takes no {sorted(extra - OF_ONE_MODULE)}"


def test_the_words_of_a_wish_name_its_default():
    """These options have no default that Ansible knows, for a variable of a host must outrank it."""
    documented = options("findings_info")
    for field in dataclasses.fields(Want):
        default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
        words = str(documented[field.name]["description"])
        assert field.default is None or f"V({default}) by default" in words, field.name


def windows_defaults():
    """The defaults in the code of the Windows module."""
    code = (REPO / "plugins/modules/win_guest_state_info.ps1").read_text("utf-8")
    table = re.search(r"\$defaults = @\{(.*?)\n\}", code, re.DOTALL)[1]
    return {name: yaml.safe_load(value) for name, value in re.findall(r"(\w+) = (.+)", table)}


def test_both_probes_have_the_defaults_that_the_actions_name():
    assert windows_defaults().keys() == OPTIONS.keys() - {"root"}
    assert LINUX_DEFAULTS.keys() == OPTIONS.keys()
    for name, option in OPTIONS.items():
        if "default" in option:
            assert (LINUX_DEFAULTS[name], windows_defaults()[name]) == (option["default"], option["default"]), name


def test_the_sample_of_the_processors_is_documented_as_it_is():
    words = str(options("findings_info")["cpu_sample"]["description"])
    assert f"on Windows, V({windows_defaults()['cpu_sample']}) by default" in words


def test_the_oldest_agent_is_documented_as_it_is():
    assert options("agent_version")["minimum"]["default"] == azure.MINIMUM_AGENT


def test_powershell_names_the_fabric_by_the_same_addresses():
    files = [path for kind in ("*.ps1", "*.psm1") for path in (REPO / "plugins").rglob(kind)]
    code = "\n".join(path.read_text("utf-8") for path in files)
    assert set(re.findall(r"'(168\.63\.\d+\.\d+|169\.254\.\d+\.\d+)'", code)) == set(azure.FABRIC)


@pytest.mark.parametrize("role", sorted(path.parent.name for path in REPO.glob("roles/*/meta")))
def test_a_role_defaults_to_what_its_specification_says(role):
    defaults = yaml.safe_load((REPO / f"roles/{role}/defaults/main.yml").read_text("utf-8"))
    spec = yaml.safe_load((REPO / f"roles/{role}/meta/argument_specs.yml").read_text("utf-8"))
    documented = spec["argument_specs"]["main"]["options"]
    assert {name: option["default"] for name, option in documented.items() if "default" in option} == defaults


def test_the_playbook_diagnoses_as_the_role_does():
    """The playbook has the role's tasks without the role, for their price (docs/architecture.md)."""
    role = yaml.safe_load((REPO / "roles/diagnose/tasks/diagnose.yml").read_text("utf-8"))
    for one in (role[1]["block"], role[1]["rescue"]):
        assert one[0].pop("register") == "diagnose_result"
    tasks = yaml.safe_load((REPO / "playbooks/diagnose.yml").read_text("utf-8"))[0]["tasks"]
    assert "diagnose_hosts" in tasks[0]["vmbackup.azure.fleet_report"].pop("hosts")
    assert "diagnose__hosts" in role[0]["vmbackup.azure.fleet_report"].pop("hosts")
    assert tasks[0].pop("tags") == "always"  # so that --tags is refused
    assert tasks == role


def test_the_playbook_has_the_defaults_of_the_role():
    """It runs without the role, so without the role's defaults."""
    defaults = yaml.safe_load((REPO / "roles/diagnose/defaults/main.yml").read_text("utf-8"))
    options = {**_variables.OF_GUEST, **_variables.OF_REPORT}
    code = {name: option["default"] for name, option in options.items() if "default" in option}
    code.update(dataclasses.asdict(Want()))
    for variable, default in defaults.items():
        assert default == code[variable.removeprefix("diagnose_")], variable


def test_every_variable_of_the_diagnosis_is_an_option_that_something_reads():
    role = REPO / "roles/diagnose"
    spec = yaml.safe_load((role / "meta/argument_specs.yml").read_text("utf-8"))
    for variable in spec["argument_specs"]["main"]["options"]:
        option = variable.removeprefix("diagnose_")
        assert option in {**_variables.OF_GUEST, **_variables.OF_REPORT}, variable


def test_every_prefix_of_variables_is_documented():
    described = " ".join(documentation()["vmbackup.azure.check_variables"]["doc"]["description"])
    assert re.findall(r"C\((\w+_)\)", described.partition("An inventory")[0]) == list(_variables.PREFIXES)
    in_inventories = tuple(re.findall(r"C\((\w+_)\)", described.partition("An inventory")[2]))
    assert in_inventories == _variables.ONLY_OURS + _variables.COMMON


def test_every_variable_is_described_once():
    assert generate.of_roles().keys() <= _variables.KNOWN.keys()
    assert generate.of_no_role().keys() == _variables.KNOWN.keys() - generate.of_roles().keys()


def test_the_version_is_that_of_the_collection():
    assert yaml.safe_load((REPO / "galaxy.yml").read_text("utf-8"))["version"] == VERSION


def test_the_pipeline_tests_every_supported_core():
    workflow = yaml.safe_load((REPO / ".github/workflows/ci.yml").read_text("utf-8"))
    oldest = yaml.safe_load((REPO / "meta/runtime.yml").read_text("utf-8"))["requires_ansible"]
    jobs = workflow["jobs"]
    cores = {one["core"] for one in jobs["test"]["strategy"]["matrix"]["include"]}
    cores |= set(jobs["playbooks"]["strategy"]["matrix"]["core"])
    major, minor = re.fullmatch(r">=(\d+)\.(\d+)\.0", oldest).groups()
    newest = max(int(core.split(".")[1]) for core in cores if core)
    assert cores == {"", *(f"{major}.{number}" for number in range(int(minor), newest + 1))}
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    named = [word for command in commands for word in command.split() if word.startswith("tests/")]
    assert named and all((REPO / name).exists() for name in named)
    targets = re.findall(r"(?m)^make ([a-z-]+)", "\n".join(commands))
    assert set(targets) <= set(re.findall(r"(?m)^([a-z-]+):", (REPO / "Makefile").read_text("utf-8")))


def test_the_action_group_of_probes_holds_all_of_them():
    groups = yaml.safe_load((REPO / "meta/runtime.yml").read_text("utf-8"))["action_groups"]
    paths = [path for end in ("py", "yml") for path in (REPO / "plugins/modules").glob(f"*.{end}")]
    assert set(groups["probe"]) == {
        path.stem for path in paths if path.stem.endswith(("guest_state_info", "findings_info"))
    }


def test_every_file_names_its_licence():
    for path in (REPO / "plugins").rglob("*.*"):
        text = path.read_text("utf-8") if path.suffix in (".py", ".ps1", ".psm1", ".cs") else ""
        licence = "BSD-2-Clause" if REPO / "plugins/module_utils" in path.parents else "GPL-3.0-or-later"
        assert not text or f"SPDX-License-Identifier: {licence}" in text, path


def test_the_readme_names_all_content():
    named = set(re.findall(r"`(\w+)`", (REPO / "README.md").read_text("utf-8")))
    content = {path.stem for folder in ("playbooks", "plugins/modules") for path in (REPO / folder).glob("*.*")}
    content |= {path.name for path in (REPO / "roles").iterdir()}
    assert sorted(content - named) == []


WRITTEN = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "roles/*/README.md", "tests/windows/*/README.md")
    for path in REPO.glob(pattern)
)
MADE = {"tests/windows/pshost/dist", "pshost/unpacked/win"}
"""Folders that are built."""
PLACEHOLDER = re.compile(r"(^|[/_])(FOLDER|ID|NAME|SECTION)\b")


@functools.cache
def places():
    """Parts of paths of this repository: ``_engine/_plan.py`` of ``plugins/plugin_utils/_engine/_plan.py``."""
    found = set()
    for folder, below, files in os.walk(REPO):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in (*below, *files):
            path = (pathlib.Path(folder) / name).relative_to(REPO).parts
            found |= {"/".join(path[start:]) for start in range(len(path))}
    return found | MADE


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(REPO)))
def test_what_a_page_names_exists(page):
    text = page.read_text("utf-8")
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"(?s)```console\n(.*?)```", text)
    words = [word.removeprefix("./").rstrip("/") for part in code for word in part.split()]
    paths = [word for word in words if "/" in word and not PLACEHOLDER.search(word)]
    assert [path for path in paths if path.split("/")[0] in places() and path not in places()] == []
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    targets = {target for part in code for target in re.findall(r"(?m)^make ([a-z-]+)", part)}
    makefiles = "".join((REPO / name).read_text("utf-8") for name in ("Makefile", "tests/lab/lab.mk"))
    assert sorted(targets - set(re.findall(r"(?m)^([a-z-]+):", makefiles))) == []
    content = {name for part in code for name in re.findall(r"\bvmbackup\.azure\.([a-z_]+)", part)}
    assert sorted(content - {place.partition(".")[0] for place in places()}) == []
