# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Linux probe in one piece, for ``python3 -IS -c LAUNCH < script``: the same code, without a module's wrapping.

Run as a program it writes the script, which is packed. On the guest the script takes the probe's options as one JSON
argument and prints the guest state.
"""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
import sys
from collections.abc import Iterator

from ._signatures import for_probe

try:
    import bz2 as packer
except ImportError:  # a Python that was built without it
    import zlib as packer  # type: ignore[no-redef]

_PACKAGE = "module_utils"
_PLUGINS = pathlib.Path(__file__).resolve().parent.parent

LAUNCH = (
    f"import json,sys,{packer.__name__} as packer;"
    "script=json.loads(packer.decompress(sys.stdin.buffer.read()));exec(script['start'])"
)
"""The Python program that runs a script from its input. A guest whose Python lacks the packer runs the module."""

_START = """\
import importlib.abc, importlib.util


class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name in script["sources"] or name + ".__init__" in script["sources"]:
            return importlib.util.spec_from_loader(name, self, is_package=name + ".__init__" in script["sources"])

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        source = script["sources"].get(name) or script["sources"].get(name + ".__init__") or ""
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)


sys.meta_path.insert(0, Sources())
from {package} import _probe

script["options"].update(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {{}})
print(_probe.answer(script["options"]))
"""


@functools.cache
def probe_script() -> bytes:
    """The script."""
    script = {
        "start": _START.format(package=_PACKAGE),
        "sources": _sources("_probe"),
        "options": {"signatures": for_probe()},
    }
    return packer.compress(json.dumps(script, separators=(",", ":")).encode())


def _sources(package: str) -> dict[str, str]:
    """The code of a package and of all that it imports from here, by the names of its modules."""
    sources: dict[str, str] = {}
    seen: set[str] = set()
    todo = [f"{_PACKAGE}.__init__", f"{_PACKAGE}.{package}.__init__"]
    while todo:
        name = todo.pop()
        path = os.path.join(_PLUGINS, *name.split(".")) + ".py"
        if name not in seen and os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                sources[name] = _code(file.read())
            todo += [part for module in _imported(name, sources[name]) for part in (module, f"{module}.__init__")]
        seen.add(name)
    return dict(sorted(sources.items()))


# A syntax tree would say the same, and cost a fifth of a second in each run; a test compares the two.
_TEXT = re.compile(r'^([ \t]*)"""(?![,.)])(?:[^"\\]|\\.|"(?!""))*"""[ \t]*$', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*from (\.+)([\w.]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)


def _code(text: str) -> str:
    """What runs: no docstrings, no lines of comments. Each line keeps its number, which an error of the probe names."""
    text = _TEXT.sub(lambda found: f"{found[1]}pass" + "\n" * found[0].count("\n"), text)
    return _COMMENT.sub("", text).rstrip() + "\n"


def _imported(importer: str, code: str) -> Iterator[str]:
    """What a module imports by relative names: modules, and names in them that may be modules, too."""
    for dots, named, several, one in _IMPORT.findall(code):
        module = ".".join([*importer.split(".")[: -len(dots)], *filter(None, [named])])
        yield module
        for name in (several or one).split(","):
            if name.strip():
                yield f"{module}.{name.split()[0]}"


if __name__ == "__main__":
    sys.stdout.buffer.write(probe_script())
