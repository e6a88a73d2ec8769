# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job templates of AWX: options that its module takes, questions with variables and answers that the playbooks take."""

import json
import pathlib
import subprocess
import sys

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _variables

REPO = pathlib.Path(__file__).resolve().parents[2]
PROJECT = REPO / "examples/awx"
TEMPLATES = yaml.safe_load((PROJECT / "controller_templates.yml").read_text("utf-8"))["controller_templates"]
QUESTIONS = [
    pytest.param(question, id=f"{template['playbook']}-{question['variable']}")
    for template in TEMPLATES
    for question in template["survey_spec"]["spec"]
]
PARTS = {"spec", "name", "description"}
TYPES = {"text": str, "integer": int, "multiplechoice": str, "multiselect": str}
"""Of the defaults of questions, as AWX takes them."""


@pytest.fixture(scope="module")
def module():
    """The options of awx.awx.job_template. The older ``ansible`` packages have it."""
    command = [pathlib.Path(sys.executable).with_name("ansible-doc"), "--json", "awx.awx.job_template"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(shown.stdout or "{}")
    if not found:
        pytest.skip("the collection awx.awx is not installed")
    return found["awx.awx.job_template"]["doc"]["options"]


def test_the_module_takes_the_templates(module):
    spec = {name: {key: option.get(key) for key in ("type", "elements", "choices")} for name, option in module.items()}
    for template in TEMPLATES:
        result = ArgumentSpecValidator(spec).validate(template)
        assert result.error_messages == [], template["name"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_a_template_runs_a_playbook_of_the_collection(template):
    (play,) = yaml.safe_load((PROJECT / template["playbook"]).read_text("utf-8"))
    name = play["import_playbook"].removeprefix("vmbackup.azure.")
    assert (REPO / f"playbooks/{name}.yml").is_file()
    assert set(template["survey_spec"]) == PARTS
    given = template.get("extra_vars", {})
    assert set(given) <= set(_variables.KNOWN)
    variables = [question["variable"] for question in template["survey_spec"]["spec"]]
    assert len(set(variables)) == len(variables) and not set(variables) & set(given)


def test_every_playbook_of_the_project_has_a_template_and_a_fix_can_be_undone():
    playbooks = {path.name for path in PROJECT.glob("*.yml")} - {"controller_templates.yml"}
    assert playbooks == {template["playbook"] for template in TEMPLATES} and {"fix.yml", "undo.yml"} <= playbooks


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_gives_what_its_variable_takes(question):
    default, choices = question["default"], question.get("choices", [])
    assert isinstance(default, TYPES[question["type"]])
    answers = [[one] if question["type"] == "multiselect" else one for one in choices]
    answers += [default.split("\n") if question["type"] == "multiselect" else default]
    if choices:
        assert set(str(default).split("\n")) <= set(choices)
    elif question["type"] == "integer":
        answers += [question["min"], question["max"]]
    assert default != "" or question["min"] == int(question["required"])
    assert question["variable"] in _variables.KNOWN
    for answer in answers:
        _variables.refuse({"web1": {question["variable"]: answer}})


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_offers_every_choice_of_its_variable(question):
    known = _variables.KNOWN[question["variable"]].get("choices")
    assert not known or set(question["choices"]) == set(known)
