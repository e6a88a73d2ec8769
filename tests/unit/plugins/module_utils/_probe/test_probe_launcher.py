# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension's launcher and its imports, read as text."""

from ansible_collections.vmbackup.azure.plugins.module_utils._probe import Host, _launcher

TODAY = """
pythonVersionList="python3.8 python3 python2"
for pythonVersion in ${pythonVersionList};
do
    cmnd="/usr/bin/${pythonVersion}"
    if [ ! -f "${cmnd}" ]; then
        cmnd="/usr/local/bin/${pythonVersion}"
    fi
done
pythonProcess=$(ps -ef | grep waagent | grep python)
if [ $rc -ne 0 ] && [ -f "`which python`" ]
"""

OLD = """
if [ -f "/usr/bin/python2.7" ]
then
    /usr/bin/python2.7 main/handle.py -$1
elif [ -f "/usr/bin/python3" ]
then
    /usr/bin/python3 main/handle.py -$1
elif [ -f "`which python`" ]
fi
"""


def test_a_list_in_two_directories():
    search = _launcher.search(TODAY)
    assert search["groups"][0] == ["/usr/bin/python3.8", "/usr/local/bin/python3.8"]
    assert len(search["groups"]) == 3
    assert search["each"] and search["path_python"] and search["agent_python"]


def test_an_old_chain_stops_at_the_first_that_exists():
    search = _launcher.search(OLD)
    assert search["groups"] == [["/usr/bin/python2.7"], ["/usr/bin/python3"]]
    assert not search["each"] and search["path_python"] and not search["agent_python"]


def test_a_bare_name_is_looked_for_as_a_shell_does():
    search = _launcher.search("status=0\npython3 main/handle.py -$1 || status=$?\n")
    assert "/usr/bin/python3" in search["groups"][0]
    assert not search["each"]


def test_without_a_launcher_todays_search_applies():
    search = _launcher.search(None)
    assert search["groups"][0] == ["/usr/bin/python3.8", "/usr/local/bin/python3.8"]


def test_imports_that_have_a_way_out_are_not_needed():
    source = (
        "import os, sys as system\nfrom distutils.version import LooseVersion\nfrom Utils import One, Two as Second\n"
        "try:\n    import imp\nexcept ImportError:\n    import importlib as imp\n"
        "def later():\n    import crypt\nimport telnetlib\n"
    )
    assert _launcher.imports(source) == [
        "os",
        "sys",
        "distutils.version",
        "distutils.version.LooseVersion",
        "Utils",
        "Utils.One",
        "Utils.Two",
    ]


def test_needed_imports_follow_the_extensions_own_modules(tmp_path):
    main = tmp_path / "main"
    (main / "Utils").mkdir(parents=True)
    (main / "handle.py").write_text("import json\nfrom mounts import Mounts\nfrom Utils import Helper\n")
    (main / "mounts.py").write_text("import shlex\n")
    (main / "unused.py").write_text("import telnetlib\n")
    (main / "WaagentLib.py").write_text("import crypt\n")
    (main / "Utils" / "__init__.py").write_text("")
    (main / "Utils" / "Helper.py").write_text("import logging.handlers\n")
    assert _launcher.needed_imports(Host(str(tmp_path)), "/main") == ["crypt", "json", "logging", "shlex"]
