# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the probe's tests."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from declared import undeclared


@pytest.fixture
def tree(tmp_path):
    """Makes a file tree from ``{path: text or bytes}`` and gives the Host that reads it."""

    def make(files):
        for path, content in files.items():
            file = tmp_path / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return _probe.Host(str(tmp_path))

    return make


@pytest.fixture
def section():
    """Runs one section on a host and gives its facts as they leave the guest; they must be declared."""

    def run(module, host, **options):
        facts = _probe.Facts()
        module.collect(host, dict(_probe.DEFAULTS, **options), facts)
        name = module.__name__.rpartition(".")[2]
        declared = _schema.sections("linux")[name]
        stated = json.loads(json.dumps(facts))
        assert _schema.problems(stated, declared, name) == []
        assert undeclared(stated, declared, name) == []
        facts.update(mask(dict(facts)))
        return facts

    return run
