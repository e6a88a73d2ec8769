# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the checks: every module below the package ``_checks`` declares one; its folder is what it judges."""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Mapping
from typing import Any

from . import _checks, _metadata
from ._checks import _messages, _named
from ._engine import _evaluate
from ._engine._model import AZURE, FLEET, LINUX, WINDOWS, Catalogue, Check
from ._modules import modules
from ._remedies import REMEDIES

_SUBJECTS = {
    "linux": (LINUX,),
    "windows": (WINDOWS,),
    "guest": (LINUX, WINDOWS),
    "azure": (AZURE,),
    "fleet": (FLEET,),
}
"""The folders of checks, and what each judges."""

_CLAIMED = (
    "Only the guest says which virtual machine it is, and nothing is changed in Azure on its word: give the host the"
    " machine's resource id in the inventory, as 'id'."
)


@functools.cache
def every_check() -> tuple[Check, ...]:
    """All checks. One that cannot be imported breaks this: a rule set with a silent gap would be worse."""
    found = []
    for folder_, subjects in _SUBJECTS.items():
        for name, module in modules(f"{_checks.__name__}.{folder_}").items():
            found.append(dataclasses.replace(module.CHECK, id=name, subjects=subjects, judge=module.judge))
    return tuple(found)


@functools.cache
def catalogue(subject: str) -> Catalogue:
    """The checks and remedies of one kind of subject."""
    checks = {check.id: check for check in every_check() if subject in check.subjects}
    remedies = {name: one for name, one in REMEDIES.items() if one.platform == subject}
    return Catalogue(checks, remedies, _named.named, _messages.coded)


@functools.cache
def names() -> dict[str, str]:
    """Everything that an operator may call a check, with the id of today."""
    return {name: check.id for check in every_check() for name in (*check.aliases, check.id)}


@functools.cache
def joined(platform: str | None) -> Catalogue:
    """The checks of a guest and of its virtual machine in Azure. One id never means two checks of them.

    ``platform``: that of the guest; None where no guest was seen.
    """
    machine = catalogue(AZURE)
    if platform is None:
        return machine
    guest = catalogue(platform)
    remedies = {**machine.remedies, **guest.remedies}
    return Catalogue({**machine.checks, **guest.checks}, remedies, guest.named, guest.coded)


def diagnose(raw: Mapping, azure: Mapping | None = None, **choices: Any) -> dict:
    """Judges the state of a guest, of a virtual machine in Azure, or of both (``azure``).

    Without ``azure`` the virtual machine is judged by what the guest's metadata service says of it.
    ``choices``: see ``_evaluate.evaluate``.
    """
    told = None if azure is not None else _metadata.machine(raw)
    machine = told if azure is None else azure
    rules = catalogue(raw["platform"]) if machine is None else joined(raw["platform"])
    judged = _evaluate.evaluate(raw, rules, azure=machine, told=told is not None, **choices)
    return _unfixed(judged) if (machine or {}).get("vm", {}).get("claimed") else judged


def _unfixed(judged: Mapping) -> dict:
    """Without fixes in Azure: a guest may say that it is another's machine, which would be changed in its place."""
    findings = [
        {**one, "fix": None, "remedy": None, "advice": _CLAIMED}
        if one["remedy"] and REMEDIES[one["remedy"]].platform == AZURE
        else one
        for one in judged["findings"]
    ]
    return {**judged, "findings": findings}


def about(check: Check) -> str:
    """The docstring of the check's file: the text of its documentation."""
    return importlib.import_module(f"{_checks.__name__}.{folder(check)}.{check.id}").__doc__ or ""


def folder(check: Check) -> str:
    """The folder of the check's file."""
    return next(name for name, subjects in _SUBJECTS.items() if subjects == check.subjects)
