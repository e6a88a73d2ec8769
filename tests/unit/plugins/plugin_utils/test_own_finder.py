# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to the collection is imported by Python's own loader, everything that Ansible looks for by Ansible's."""

import json
import pathlib
import subprocess
import sys

REPO = pathlib.Path(__file__).resolve().parents[4]
PLUGINS = "ansible_collections.vmbackup.azure.plugins"

_IMPORTS = f"""
import importlib, json, sys
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
_AnsibleCollectionFinder(paths=[sys.argv[1]])._install()
names = ["plugin_utils._run", "module_utils._guest.leases", "modules", "action", "callback", "filter"]
loaded = {{name: importlib.import_module("{PLUGINS}." + name) for name in names}}
print(json.dumps({{name: [type(one.__spec__.loader).__name__, one.__file__] for name, one in loaded.items()}}))
"""


def test_the_loaders_of_modules_and_of_packages_of_plugins():
    command = [sys.executable, "-c", _IMPORTS, str(REPO / ".collections")]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert {name for name, (loader, _file) in found.items() if loader == "SourceFileLoader"} == {
        "plugin_utils._run",
        "module_utils._guest.leases",
    }
    # Ansible takes the folder of plugins from this.
    assert all(file for _loader, file in found.values())
