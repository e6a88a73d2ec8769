# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a remedy accepts: its options by their documentation, and keys of settings by its own code."""

import ast
import functools
import pathlib

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import vmbackup_conf, waagent_conf

MODULES = pathlib.Path(__file__).resolve().parents[2] / "plugins/modules"
OF_SETTINGS = {"vmbackup_conf": vmbackup_conf, "waagent_conf": waagent_conf}


@functools.cache
def documented(module):
    """The options of a module, as its documentation has them."""
    path = MODULES / f"{module}.yml"
    if path.is_file():
        return yaml.safe_load(path.read_text("utf-8"))["DOCUMENTATION"]["options"]
    tree = ast.parse((MODULES / f"{module}.py").read_text("utf-8"))
    assigned = {one.targets[0].id: one.value for one in tree.body if isinstance(one, ast.Assign)}
    return yaml.safe_load(assigned["DOCUMENTATION"].value)["options"]


def check(fix):
    """Raises for parameters that the remedy would reject."""
    refused = ArgumentSpecValidator(_spec(documented(fix.remedy))).validate(dict(fix.parameters)).error_messages
    assert refused == [], f"{fix.remedy}: {refused}"
    if fix.remedy in OF_SETTINGS:
        code = OF_SETTINGS[fix.remedy]
        code.asked(ArgumentSpecValidator(code.OPTIONS).validate(dict(fix.parameters)).validated_parameters)


def _spec(options):
    """The argument spec that a documentation describes."""
    words = ("type", "elements", "choices", "required", "default")
    spec = {name: {word: option[word] for word in words if word in option} for name, option in options.items()}
    for name, option in options.items():
        if "suboptions" in option:
            spec[name]["options"] = _spec(option["suboptions"])
    return spec
