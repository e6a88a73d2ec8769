# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration of facts promises: probes state what it lists, both systems state it, and somebody reads it.

The guest states that are known here: the demo fleet's, the recorded ones, this machine's, and those of all reported
cases, for which the Linux probe reads trees. Stand-in Windows guests have their test in tests/integration/stage.
"""

import dataclasses
import functools
import json
import pathlib
import re

import pytest
import support_cases as cases
import windows_guests
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._gaps import FORM
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import LINUX, PLATFORMS, WINDOWS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy, Want
from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts import declared as all_sections
from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe
from azure_states import azure_state
from check_files import code_of, files_of
from declared import ENVELOPE, NotingState, facts, stated_by

REPO = pathlib.Path(__file__).resolve().parents[2]
SAVED = ("examples/fleet/states", "examples/fleet/captures", "tests/unit/states/windows")
WANT = Want(expect_proxy=Proxy("10.0.0.5", 3128, (".internal",)))
"""With a wish, checks read more."""
MODULE_UTILS = REPO / "plugins/module_utils"
WINDOWS_MODULE = (REPO / "plugins/modules/win_guest_state_info.ps1").read_text("utf-8")
PROBES = {
    LINUX: [path for folder in ("_probe", "_guest") for path in (MODULE_UTILS / folder).rglob("*.py")],
    # The masker states no facts.
    WINDOWS: [
        MODULE_UTILS / f"{name}.psm1"
        for name in re.findall(r"module_utils\.(_\w+)", WINDOWS_MODULE)
        if name != "_WinSharedMasking"
    ],
}
NOWHERE = {
    "wire_server": "127.0.0.1",
    "imds_server": "127.0.0.1",
    "wire_port": 1,
    "host_plugin_port": 1,
    "imds_port": 1,
    "signatures": for_probe(),
}
each_system = pytest.mark.parametrize("system", PLATFORMS)


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """All known guest states by system."""
    found = [json.loads(path.read_text("utf-8")) for folder in SAVED for path in sorted((REPO / folder).glob("*.json"))]
    found.append(json.loads(json.dumps(_probe.collect(NOWHERE))))
    found += [make() for make in cases.LIVE.values()]
    found += cases.linux_states(tmp_path_factory.mktemp("trees"))
    found += [windows_guests.state_of(guest) for _case, guest in cases.load("windows")]
    return {system: [state for state in found if state["platform"] == system] for system in PLATFORMS}


@pytest.fixture(scope="module")
def known(states):
    """The facts of all known states, by system: path to declared fact, None for one that is not declared."""
    return {system: dict(item for state in states[system] for item in stated_by(state)) for system in PLATFORMS}


DECLARE = "add a line to plugins/plugin_utils/_facts"


def none(found, otherwise):
    """All that was found is in the message, with what to do."""
    assert not found, f"{', '.join(sorted(found))}: {otherwise}"


@each_system
def test_every_fact_that_a_probe_states_is_declared(known, system):
    none([path for path, fact in known[system].items() if fact is None], DECLARE)


def windows_code():
    return "\n".join(re.sub(r"(?m)#.*$", "", path.read_text("utf-8")) for path in PROBES[WINDOWS])


def named_in_sections(system):
    """``clock.now``: the names in the code of each section, on Windows those that it gives to Set-VmbFact."""
    found = set()
    if system == LINUX:
        for path in (MODULE_UTILS / "_probe").glob("[!_]*.py"):
            found |= {f"{path.stem}.{text}" for text in code_of(path)[0]}
        return found
    for function in re.split(r"(?m)^Function ", windows_code()):
        section = re.match(r"Get-Vmb(\w+?)(Section|Cim) ", function)
        if section:
            names = re.findall(r"Set-VmbFact \$Facts '(\w+)'", function)
            found |= {f"{section[1].lower()}.{name}" for name in names}
    return found


INTERNAL = set("computer drive program_data root link display host request tls_name handle names values".split())
INTERNAL |= set("hDefKey sSubKeyName sValueName Binary DWord ExpandString MultiString QWord String".split())
INTERNAL |= ENVELOPE | {"powershell", "timeout_s", "read_from"}
"""Keys of tables in the Windows probe that are no facts of a section."""


def test_every_name_in_the_code_of_the_windows_probe_is_declared():
    """Recorded states are as old as their recording, and stand-in guests need tools: this reads the code itself."""
    declared = {path for path, _fact in facts(WINDOWS)}
    stated = named_in_sections(WINDOWS)
    assert len(stated) > 60
    none(stated - declared, DECLARE)
    keys = set(re.findall(r"(?:@\{|;|\n)\s*([A-Za-z_]\w*) = ", windows_code()))
    assert len(keys) > 150
    none(keys - {path.rpartition(".")[2].rstrip("[]") for path in declared} - INTERNAL, DECLARE)


@each_system
def test_every_known_state_is_of_the_declared_form(states, system):
    for state in states[system]:
        other = [path for path, why in _schema.accept(state)["missing"].items() if why == FORM]
        none(other, "the probe states another form than plugins/plugin_utils/_facts declares")


@dataclasses.dataclass
class Reads:
    """What checks read of the known states: paths by system and check, and what is not declared."""

    paths: dict
    strange: dict


@pytest.fixture(scope="module")
def reads(states):
    found = Reads({system: {id_: set() for id_ in catalogue(system)} for system in PLATFORMS}, {})
    for system in PLATFORMS:
        strange = found.strange[system] = set()
        for state in map(_schema.accept, states[system]):
            for id_, check in catalogue(system).items():
                noting = NotingState(state, WANT)
                _evaluate.judge(check, noting)
                found.paths[system][id_] |= noting.read
                strange |= noting.strange
    return found


def catalogue(system):
    return _registry.catalogue(system).checks


@each_system
def test_no_check_reads_what_is_not_declared(reads, system):
    """A rule of both systems may ask for a fact of one of them."""
    of_any = {path for other in PLATFORMS for path, _fact in facts(other)}
    none(reads.strange[system] - of_any, f"no such fact: correct the name in the check, or {DECLARE}")


def test_every_fact_has_a_reader(known, reads):
    """A fact that no check reads is marked as being for people, or goes.

    A line of the declaration counts as read when a check reads it of a known state, on either system. No state shows
    everything, so it also counts when the code of a check names it, and that check reads the record around it or no
    known state has the fact. This can take a fact for read that is not, where a check names another fact of the same
    name; it accuses no fact wrongly.
    """
    read, by_name = set(), set()
    for system in PLATFORMS:
        for id_, paths in reads.paths[system].items():
            names = names_of(catalogue(system)[id_])
            for path, fact in named(system):
                if path in paths:
                    read.add(fact)
                elif path.rpartition(".")[2] in names and (around(path) in paths or path not in known[system]):
                    by_name.add(fact)
    unread = [
        f"{system}: {path}"
        for system in PLATFORMS
        for path, fact in named(system)
        if fact not in read | by_name and not is_for_people(system, path)
    ]
    none(unread, "mark them with PEOPLE in plugins/plugin_utils/_facts, or take them out of the probe")


@each_system
def test_what_is_for_people_is_read_by_no_check(reads, system):
    read = set().union(*reads.paths[system].values())
    wrong = [path for path, _fact in named(system) if path in read and is_for_people(system, path)]
    none(wrong, "a check reads it: take PEOPLE off it in plugins/plugin_utils/_facts")


def named(system):
    """Declared facts that have a name of their own, without sections."""
    return [(path, fact) for path, fact in facts(system) if "." in path and not path.endswith(("[]", "*"))]


def is_for_people(system, path):
    """Whether the fact, or one that it is a part of, is marked."""
    return any(f"{path}.".startswith((f"{one}.", f"{one}[")) for one in marked(system))


@functools.cache
def marked(system):
    return [path for path, fact in facts(system) if fact.people]


def around(path):
    """The record that a fact stands in."""
    return path.rpartition(".")[0].removesuffix("[]")


@functools.cache
def names_of(check):
    """Attributes and texts in the code of a check and of the helpers that it imports."""
    return frozenset().union(*(code_of(file)[0] for file in files_of(check)))


MADE_UP = {"dotnet.crypto_v2", "dotnet.crypto_v4"}
"""Facts whose names the Windows probe makes up; those of events are in a table of a module that archives share."""


@each_system
def test_every_declared_fact_is_stated(known, system):
    """By a known state, or at least named by the probe of its system: a fact of both needs its twin in both probes.

    A fact of a section is named in the code of that section; one below it may be so anywhere in the probe. States of
    Windows are written by hand, and prove nothing of the probe.
    """
    words = set(re.findall(r"\w+", " ".join(path.read_text("utf-8") for path in PROBES[system])))
    own = named_in_sections(system)
    idle = []
    for path, _fact in facts(system):
        section, _dot, name = path.partition(".")
        if path in MADE_UP or path.endswith(("*", "[]")) or (system == LINUX and path in known[system]):
            continue
        of_section = name and "." not in name and section != "events"
        if path not in own if of_section else path.rpartition(".")[2] not in words:
            idle.append(path)
    none(idle, f"the probe of {system} states no such fact: write it, or declare it for the other system alone")


def test_a_fact_of_one_system_says_why():
    def lone(fact, path):
        if fact.only:
            yield path, fact
        for step, part in (*fact.below(), *((f"<{name}>", form) for name, form in getattr(fact, "forms", {}).items())):
            yield from lone(part, path + step)

    for name, section in all_sections().items():
        for path, fact in lone(section, name):
            assert re.fullmatch(r"[A-Z].*\.", fact.because), f"{path}: say in a sentence why the other system has none"


@each_system
def test_every_fact_has_a_meaning(system):
    assert [path for path, fact in facts(system) if not path.endswith(("[]", ".*")) and not fact.about] == []


def test_every_fact_of_azure_has_a_reader():
    """By name: no known state of a machine in Azure shows everything."""
    names = frozenset().union(*(names_of(check) for check in catalogue("azure").values()))
    unread = [
        path
        for path, _fact in named("azure")
        if path.rpartition(".")[2].removesuffix("[]") not in names and not is_for_people("azure", path)
    ]
    assert unread == [], "mark them with PEOPLE in plugins/plugin_utils/_facts/azure, or take them out of the reader"


def test_checks_of_azure_read_what_is_declared_and_not_for_people():
    noting = NotingState(azure_state(), WANT)
    noting.guest = None
    for check in catalogue("azure").values():
        _evaluate.judge(check, noting)
    assert sorted(noting.strange) == []
    assert [path for path, _fact in named("azure") if path in noting.read and is_for_people("azure", path)] == []
