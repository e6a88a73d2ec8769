# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the probe's tests."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema


def _undocumented(value, schema, path):
    if isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            if name not in schema["properties"]:
                yield f"{path}.{name}"
            else:
                yield from _undocumented(item, schema["properties"][name], f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _undocumented(item, schema.get("items", {}), path)


@pytest.fixture
def section():
    """Runs one section on a host and gives its facts, which must be those that its schema documents."""

    def run(module, host, **options):
        facts = _probe.Facts()
        module.collect(host, dict(_probe.DEFAULTS, **options), facts)
        name = module.__name__.rpartition(".")[2]
        schema = _schema.sections("linux").get(name)
        assert schema is not None, f"no schema of section {name}"
        assert list(_schema.problems(json.loads(json.dumps(facts)), schema, name)) == []
        assert list(_undocumented(facts, schema, name)) == []
        return facts

    return run
