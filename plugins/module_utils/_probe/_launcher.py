# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""How the extension's handle.sh looks for Python, and what its Python files import. Read, never run."""

import re

LISTED = re.compile(r'^[ \t]*pythonVersionList="([^"]+)"', re.M)
DIRECTORY = re.compile(r'cmnd="(/[^"$]+)/\$')
FIXED = re.compile(r'-f\s+"?(/[^\s"]*/python[0-9.]*)"?\s')
BARE = re.compile(r"^[ \t]*(python[0-9.]*)[ \t]+main/handle\.py", re.M)

DEFAULT_NAMES = "python3.8 python3.7 python3.6 python3.5 python3.4 python3.3 python3 python2.7 python2.6 python2 python"
PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

HEAD_BYTES = 8192
MAX_FILES = 80
IMPORT = re.compile(r"(?:import (?P<plain>[\w., \t]+)|from (?P<package>\w[\w.]*) import (?P<names>[^#]+))")


def search(script):
    """How a launcher looks: ``{groups, each, path_python, agent_python}``.

    ``groups``: for each name the paths of which the first that exists is taken. ``each``: after a failure the next
    name is tried; older launchers stop at the first that exists. ``script`` None: as today's launcher does it.
    """
    if script is None:
        return _search(DEFAULT_NAMES.split(), ("/usr/bin", "/usr/local/bin"), True, True)
    listed = LISTED.search(script)
    if listed:
        directories = DIRECTORY.findall(script) or ["/usr/bin"]
        return _search(listed.group(1).split(), directories, "which python" in script, "ps -ef" in script)
    fixed = FIXED.findall(script)
    if fixed:
        return {
            "groups": [[path] for path in dict.fromkeys(fixed)],
            "each": False,
            "path_python": "which python" in script,
            "agent_python": False,
        }
    names = BARE.findall(script)[:1]
    return {"groups": [_paths(name) for name in names], "each": False, "path_python": False, "agent_python": False}


def _search(names, directories, path_python, agent_python):
    groups = [["{0}/{1}".format(directory, name) for directory in directories] for name in names]
    return {"groups": groups, "each": True, "path_python": path_python, "agent_python": agent_python}


def _paths(name):
    return ["{0}/{1}".format(directory, name) for directory in PATH]


def path_python():
    """Where a shell of the agent would find ``python``."""
    return _paths("python")


def needed_imports(host, main):
    """Modules from outside that must be there for ``handle.py`` to load: its unconditional imports, followed."""
    outside, seen, todo = set(), set(), ["handle", "WaagentLib"]
    local = set(name[:-3] if name.endswith(".py") else name for name in host.names(main))
    while todo and len(seen) < MAX_FILES:
        module = todo.pop()
        if module in seen:
            continue
        seen.add(module)
        for name in imports(_source(host, main, module)):
            if name.split(".")[0] in local:
                todo.append(name)
            else:
                outside.add(name.split(".")[0])
    return sorted(outside)


def _source(host, main, module):
    path = "{0}/{1}".format(main, module.replace(".", "/"))
    text = host.text(path + ".py", HEAD_BYTES)
    return text or host.text(path + "/__init__.py", HEAD_BYTES) or ""


def imports(source):
    """Module names imported at the left margin before the first class or function.

    Imports that are indented stand in a condition or in an attempt with a way out. What a file imports from a
    package is named too, as it may be a module of it.
    """
    found = []
    for line in source.splitlines():
        if line.startswith(("class ", "def ")):
            break
        match = IMPORT.match(" ".join(line.split())) if line.startswith(("import ", "from ")) else None
        if match is None:
            continue
        if match.group("plain"):
            found.extend(part.split()[0] for part in match.group("plain").split(",") if part.strip())
            continue
        names = re.findall(r"\w+", re.sub(r" as \w+", "", match.group("names")))
        found.extend([match.group("package")] + ["{0}.{1}".format(match.group("package"), name) for name in names])
    return found
