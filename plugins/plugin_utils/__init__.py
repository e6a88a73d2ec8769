# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What actions, callbacks and filters rest on, with ``module_utils``. Private to the collection.

All of it is imported by Python's own loader, which keeps what it compiled: Ansible's compiles every file anew in every
run.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

from ansible.utils.collection_loader import AnsibleCollectionConfig

_OURS = (f"{__name__}.", f"{__name__.rpartition('.')[0]}.module_utils.")


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not path or not fullname.startswith(_OURS):
            return None
        return _files(path[0]).find_spec(fullname)


@functools.cache
def _files(folder: str) -> FileFinder:
    """Keeps what is in a folder, and looks again only when that changes."""
    return FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES))


_ansibles = AnsibleCollectionConfig.collection_finder
# Before Ansible's, and not before what others put there.
sys.meta_path.insert(sys.meta_path.index(_ansibles) if _ansibles in sys.meta_path else 0, _Finder())
