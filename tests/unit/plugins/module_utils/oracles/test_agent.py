# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""waagent.conf and leases, held against the real agent where its package is to be had (a guest of the lab has it)."""

import os
import pathlib
import re
import sys
import tempfile
import types
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_conf
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import leases, waagent_syntax
from oracles import agent_packages

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ATOMS = ["HttpProxy.Host", "HttpProxy.Port", "Extensions.Enabled", "Lib.Dir", "=", "=", "=", "\n", "\n", "\n", " "]
ATOMS += [
    "\t",
    "#",
    "\r",
    "\r\n",
    '"',
    "'",
    "y",
    "n",
    "3128",
    "\x85",
    "\xa0",
    "\u2028",
    "\ufeff",
    "None",
    "a b",
    "\x0b",
]
ATOMS += ["\x1c", "é", "\udcff", "Lib.Dir=/x\n", "# c\n", "export A=b\n"]
SEEDS = [
    "# Microsoft Azure Linux Agent Configuration\nExtensions.Enabled=y\n#HttpProxy.Host=None\n# HttpProxy.Port=None\n"
    "Lib.Dir=/var/lib/waagent\nLogs.Verbose=n # quiet\nOS.OpensslPath=None\n",
    "HttpProxy.Host = 'proxy'\r\nHttpProxy.Port=\"3128\"\r\nExtensions.Enabled=y\r\n",
]
KEYS = {"HttpProxy.Host": "proxy", "HttpProxy.Port": "3128", "Lib.Dir": "/y", "Extensions.Enabled": "n"}

LEASE_ATOMS = ["lease {\n", "lease{\n", "}\n", "}", "\n", "  ", " ", "#", "\x0b", "option unknown-245 "]
LEASE_ATOMS += ["option  unknown-245 ", "a8:3f:81:10;", "1:2:3:4;", "a8:3f:81", '"\\250?\\201\\020";']
LEASE_ATOMS += ["\n  expire never;\n", "  expire 2 2099/01/01 00:00:00;\n", "  expire 2 2001/01/01 00:00:00;\n"]
LEASE_ATOMS += ["\texpire 2 2099/01/01 00:00:00;\n", "  expire epoch 4000000000;\n"]
LEASE_SEEDS = [
    'lease {\n  interface "eth0";\n  fixed-address 10.0.0.4;\n  option unknown-245 a8:3f:81:10;\n'
    "  renew 1 2098/01/01 00:00:00;\n  expire 2 2099/01/01 00:00:00;\n}\n"
    "lease {\n  option unknown-245 1:2:3:4;\n  expire 2 2001/01/01 00:00:00;\n}\n",
]


@pytest.fixture(scope="module")
def agent():
    """The modules ``conf`` and ``osutil.default`` of the real agent."""
    folder = agent_packages()
    if folder is None:
        pytest.skip("no package of the agent: AGENT_PACKAGES names its folder")
    sys.path.insert(0, str(folder))
    for name in ("crypt", "imp"):  # which Python has no more, and these modules do not use here
        if name not in sys.modules:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].crypt = None
    try:
        from azurelinuxagent.common import conf
        from azurelinuxagent.common.osutil import default
    except ImportError as error:
        pytest.skip(f"the agent's package does not load: {error}")
    finally:
        sys.path.remove(str(folder))
    return types.SimpleNamespace(conf=conf, default=default)


@pytest.fixture
def values(agent, tmp_path):
    """What the agent takes from a file; None where it ends with an error."""
    path = tmp_path / "agent.conf"

    def read(data):
        path.write_bytes(data)
        found = agent.conf.ConfigurationProvider()
        try:
            agent.conf.load_conf_from_file(str(path), found)
        except Exception:
            return None
        return found.values

    return read


@pytest.fixture
def in_memory():
    """A directory in memory where there is one: a journal syncs each file."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as path:
        yield pathlib.Path(path)


def entries(data):
    try:
        return {entry.key: entry.value for entry in waagent_syntax.agent_entries(data)}
    except waagent_syntax.NotParsed:
        return None


def asked_for(found):
    """The keys that a reader can ask for: those of one word."""
    return {key: value for key, value in found.items() if len(key.split()) == 1 and "#" not in key}


def test_the_agent_sees_what_is_set_and_nothing_else_changes(values, oracle, tmp_path):
    path = tmp_path / "waagent.conf"
    for _number in oracle.tries(300):
        data = oracle.text(ATOMS, SEEDS).encode("utf-8", "surrogateescape")
        path.write_bytes(data)
        before = values(data)
        assert entries(data) == before, data
        key = oracle.dice.choice(list(KEYS))
        for wanted in (KEYS[key], None):
            try:
                (step,) = waagent_conf.plan(str(path), {key: wanted}).steps or [None]
            except ChangeError:
                oracle.note("edits refused" if before else "edits refused of a file that the agent does not read")
                continue
            after = values(step.data) if step else before
            assert after is not None and after.get(key) == wanted, data
            others = {name: value for name, value in asked_for(after).items() if name != key}
            kept = {name: value for name, value in asked_for(before or {}).items() if name.lstrip("\ufeff") != key}
            # Of a file that the agent does not read at all nothing was in force before.
            assert before is None or {n: v for n, v in others.items() if n.lstrip("\ufeff") != key} == kept, data


def test_normalised_files_are_read(values, oracle, tmp_path):
    path = tmp_path / "waagent.conf"
    for _number in oracle.tries(300):
        data = oracle.text(ATOMS, SEEDS).encode("utf-8", "surrogateescape")
        path.write_bytes(data)
        try:
            steps = waagent_conf.plan(str(path), {}, normalize=True).steps
        except ChangeError:
            oracle.note("files refused")
            continue
        now = steps[0].data if steps else data
        assert values(now) is not None and values(now) == entries(now), data
        assert {entry.key for entry in waagent_syntax.extension_entries(now)} <= set(entries(now)) | {""}, data


def test_undo_gives_the_bytes_back(oracle, in_memory):
    path, store = in_memory / "waagent.conf", str(in_memory / "journal")
    params = dict.fromkeys(waagent_conf.OPTIONS) | {"path": str(path), "state": "present", "force": False}
    for number in oracle.tries(30, slow=20):
        data = oracle.text(ATOMS, SEEDS).encode("utf-8", "surrogateescape")
        path.write_bytes(data)
        given = {**params, "settings": {"Extensions.Enabled": bool(number % 2)}, "normalize": bool(number % 3)}
        try:
            waagent_conf.work(given, transaction.Context("waagent_conf", False, f"run{number}", store))
        except ChangeError:
            oracle.note("edits refused")
            continue
        if path.read_bytes() != data:
            restore.work({"run_id": f"run{number}"}, transaction.Context("journal_restore", False, None, store))
        assert path.read_bytes() == data


def test_the_agent_finds_the_lease_that_is_stated(agent, oracle, tmp_path, monkeypatch):
    path = tmp_path / "dhclient.eth0.leases"
    monkeypatch.setattr(agent.default.logger, "info", lambda *_words: None)
    monkeypatch.setattr(agent.default.logger, "error", lambda *_words: None)
    now = datetime.now(timezone.utc)
    soon = f"  expire 2 {now + timedelta(hours=1):%Y/%m/%d %H:%M:%S};\n"
    for _number in oracle.tries(300):
        text = oracle.text([*LEASE_ATOMS, soon], LEASE_SEEDS)
        path.write_text(text)
        endpoint = agent.default.DefaultOSUtil.get_endpoint_from_leases_path(str(path))
        found = leases.dhclient(text, "f", "eth0")
        if set(re.findall(r'(?m)^\s*interface\s+"([^"]*)"', text)) - {"eth0"}:
            oracle.note("leases of other interfaces, which the agent takes as well")
            continue
        assert (found["option_245"] if found and not found["expired"] else None) == endpoint, text
