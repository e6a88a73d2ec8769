# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the tests of guest code."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Host


@pytest.fixture
def tree(tmp_path):
    """Makes a file tree from ``{path: text or bytes}`` and gives the Host that reads it."""

    def make(files):
        for path, content in files.items():
            file = tmp_path / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Host(str(tmp_path))

    return make
