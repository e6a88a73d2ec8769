# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases as data: loads them, makes their guests, and words a wrong answer so that it can be acted on."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import os
import pathlib
import sys

import base_trees
import yaml
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe
from declared import ENVELOPE, NotingState

HERE = pathlib.Path(__file__).parent
REPO = HERE.parents[1]
FLEET = REPO / "examples/fleet/build.py"
BAD = ("fail", "warn")
AZURE = {"wire_server": "168.63.129.16", "wire_port": 80, "host_plugin_port": 32526}
"""Addresses that saved files name; nothing is sent there when a tree is read."""


def fleet():
    """The builder of the demo fleet: it makes the healthy states too."""
    spec = importlib.util.spec_from_file_location("fleet_build", FLEET)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_BUILD = fleet()
LIVE = {
    "debian-12": lambda: _BUILD.restarting(_BUILD.capture("debian-12")),
    "debian-13": lambda: _BUILD.restarting(_BUILD.capture("debian-13")),
    "rhel-8": lambda: _BUILD.rhel("8.10", "3.6"),
    "rhel-9": lambda: _BUILD.rhel("9.5", "3.9"),
    "sles-15": _BUILD.sles,
    "ubuntu-22.04": lambda: _BUILD.ubuntu("22.04", "Jammy Jellyfish", "3.10"),
    "ubuntu-24.04": lambda: _BUILD.ubuntu("24.04", "Noble Numbat", "3.12"),
}
"""Healthy states of running guests. Debian's are captures, the others are made from these (examples/fleet/build.py)."""


def load(folder: str) -> list[tuple[dict, dict]]:
    """``(case, guest)`` of all files in a folder: a case shows as one or more guests."""
    found = []
    for path in sorted((HERE / folder).glob("*.yml")):
        cases = yaml.safe_load(path.read_text("utf-8"))
        for case in cases if isinstance(cases, list) else [cases]:
            found += [(case, guest) for guest in case["guests"]]
    return found


def name(case: dict, guest: dict) -> str:
    return f"{case['id']} {guest['guest']}"


def state_of(guest: dict, folder: pathlib.Path) -> dict:
    """The guest state: a tree that the probe reads, or a saved state with changes."""
    return _schema.accept(_stated(guest, folder))


def _stated(guest: dict, folder: pathlib.Path) -> dict:
    if "live" in guest:
        raw = LIVE[guest["live"]]()
        for path, value in (guest.get("changes") or {}).items():
            change(raw, path.split("/"), copy.deepcopy(value))
    else:
        base_trees.write(folder, guest)
        raw = _probe.collect({"root": str(folder), "signatures": for_probe(), **AZURE})
    return json.loads(json.dumps(raw))


def linux_states(folder: pathlib.Path) -> list[dict]:
    """The states of all Linux guests. To write a thousand trees and to read them takes longer than to judge them: their
    states are kept in ``.cache`` until the probe, the cases, or what else they rest on has changed."""
    kept = REPO / ".cache/states" / f"{_version_of_states()}.json"
    try:
        found = json.loads(kept.read_text("utf-8"))
    except FileNotFoundError:
        guests = [guest for _case, guest in load("linux")]
        found = [_stated(guest, folder / str(number)) for number, guest in enumerate(guests)]
        # On a very busy machine a section may have been too late.
        if not any(why.startswith("no answer") for raw in found for why in raw["missing"].values()):
            _keep(found, kept)
    return [_schema.accept(raw) for raw in found]


def _keep(states: list[dict], path: pathlib.Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("*.json"):
        old.unlink(missing_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(states), "utf-8")
    draft.replace(path)


def _version_of_states() -> str:
    """What the states of trees rest on: the probe and its tables, the cases, and saved states that they change."""
    digest = hashlib.sha256(f"{os.geteuid()} {sys.version}".encode())
    plugin_utils = "plugins/plugin_utils/_knowledge/*", "plugins/plugin_utils/_signatures.py"
    for pattern in ("plugins/module_utils/**/*", *plugin_utils, "tests/acceptance/**/*", "examples/fleet/**/*"):
        for path in sorted(REPO.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()


def change(node, names: list[str], value) -> None:
    """Sets one fact. The path has slashes, as keys of waagent.conf hold dots; ``+`` as its end adds to a list."""
    for part in names[:-1]:
        node = node[int(part) if isinstance(node, list) else part]
    last = names[-1]
    if last == "+":
        node.append(value)
    elif value == "__absent__":
        del node[last]
    else:
        node[int(last) if isinstance(node, list) else last] = value


def faults(cases: list[tuple[dict, dict]]) -> list[tuple[dict, dict]]:
    """Those that have a cause."""
    return [(case, guest) for case, guest in cases if guest.get("first_cause")]


NO_GAP = {"agent_installed": {"agent.modules"}}
"""A tree without Python's directories says nothing of packages: that is all that it holds, and no gap."""


def healthy_without_a_fact(state: dict, cause: str) -> list[str] | None:
    """The facts without which the check of a cause is ok and the guest ready, of all that it reads, one at a time.
    None where the check itself finds nothing, as only a message names the cause."""
    check = catalogue(state["platform"]).checks[cause]
    noting = NotingState(state, None)
    if _evaluate.judge(check, noting).status not in BAD:
        return None
    healthy = []
    for path in sorted(noting.read - ENVELOPE - NO_GAP.get(cause, set())):
        lacking = _without(state, path.split("."))
        if lacking is None:
            continue
        lacking["missing"] = {**state["missing"], path: "taken away"}
        found = _evaluate.judge(check, NotingState(json.loads(json.dumps(lacking)), None))
        if found.status == "ok" and diagnose(lacking)["verdict"] == "ready":
            healthy.append(path)
    return healthy


def _without(facts: object, path: list[str]) -> dict | None:
    """The facts without one of them; None where the path leads into a list or to nothing."""
    name, *below = path
    if not isinstance(facts, dict) or name not in facts:
        return None
    rest = {key: value for key, value in facts.items() if key != name}
    if not below:
        return rest
    inner = _without(facts[name], below)
    return None if inner is None else {**rest, name: inner}


def findings(result: dict) -> dict[str, dict]:
    return {finding["id"]: finding for finding in result["findings"] if finding["status"] in BAD}


def answer(case: dict, guest: dict, result: dict) -> tuple[tuple[str, str], str]:
    """``((set, system), outcome)``: how the result answers a case, for the table."""
    open_ = [finding["id"] for finding in result["findings"] if finding["status"] in BAD]
    wanted = guest.get("first_cause")
    if wanted:
        outcome = "first" if wanted in open_[:1] else "first three" if wanted in open_[:3] else "missed"
    else:
        alarms = open_ if guest.get("verdict") == "ready" else set(guest.get("quiet", ())) & set(open_)
        outcome = "false alarm" if alarms else "quiet"
    return (case.get("set", "first"), result["platform"]), outcome


def expect(guest: dict, result: dict) -> None:
    """What a case says of its guest: ``first_cause``, ``verdict``, ids that are consequences (``follows``) or no
    findings (``quiet``), and texts in the evidence of the first cause (``evidence``)."""
    found, shown = findings(result), ranking(result)
    if "first_cause" in guest:
        assert result["first_cause"] == guest["first_cause"], shown
    if "verdict" in guest:
        assert result["verdict"] == guest["verdict"], shown
    for id_ in guest.get("follows", ()):
        assert id_ in found and found[id_]["consequence_of"], f"{id_} is no consequence\n{shown}"
    for id_ in guest.get("quiet", ()):
        assert id_ not in found, f"{id_} is a false alarm\n{shown}"
    for text in guest.get("evidence", ()):
        assert text in json.dumps(found[result["first_cause"]]["evidence"]), f"no evidence of {text}\n{shown}"


def ranking(result: dict) -> str:
    """What was found, in its order, for the message of a failed test."""
    lines = [f"verdict {result['verdict']}, first cause {result['first_cause']}"]
    for finding in result["findings"]:
        if finding["status"] in (*BAD, "unknown"):
            follows = f" (follows from {finding['consequence_of']})" if finding["consequence_of"] else ""
            lines.append(f"  {finding['status']:7} {finding['id']}{follows}: {finding['why']}")
    return "\n".join(lines)
