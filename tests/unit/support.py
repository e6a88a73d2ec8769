# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers of the unit tests: guest states with only what a test is about, and one check judged on them."""

import contextlib

import remedy_options
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _want
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import FLEET, ByHand, Evidence, Fix, Verdict
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import AzureState, FleetState, GuestState
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue


def guest(platform="linux", mode="live", missing=None, **sections):
    """A guest state that holds the named sections and nothing else."""
    return {
        "schema": 1,
        "platform": platform,
        "mode": mode,
        "privileged": True,
        "missing": missing or {},
        **sections,
    }


def verdict(check_id, raw, **want):
    """The verdict of one check, as the engine gives it (a missing fact is ``unknown``).

    Its fix is one that the remedy accepts, and neither rests on words.
    """
    kind = AzureState if raw["platform"] == "azure" else GuestState
    check = catalogue(raw["platform"]).checks[check_id]
    found = _evaluate.judge(check, kind(raw, _want.Want(**want)))
    with reworded():
        again = _evaluate.judge(check, kind(raw, _want.Want(**want)))
    assert decided(again) == decided(found), f"{check_id} decides by the words of evidence or of a cause"
    if isinstance(found.fix, Fix):
        assert found.fix.remedy in check.remedies, "declare it in remedies of the check"
        remedy_options.check(found.fix)
    return found


SENTENCES = (Evidence, "source"), (Evidence, "value"), (Verdict, "why")


@contextlib.contextmanager
def reworded():
    """Evidence and causes say something else: what rests on a sentence is now decided otherwise."""
    for owner, name in SENTENCES:
        setattr(owner, name, property(lambda self: "reworded", lambda self, value: None))
    try:
        yield
    finally:
        for owner, name in SENTENCES:
            delattr(owner, name)


def decided(found):
    return found.status, type(found.fix), fix_of(found), found.effect, found.error_code


def of_fleet(check_id, machines):
    """The verdict of a check of the fleet on virtual machines in Azure, by name."""
    return _evaluate.judge(catalogue(FLEET).checks[check_id], FleetState({}, machines=machines))


def fix_of(found):
    """``(remedy, parameters)`` of a verdict that a remedy fixes, else None."""
    return (found.fix.remedy, found.fix.parameters) if isinstance(found.fix, Fix) else None


def advice_of(found):
    """What to do by hand, where the verdict says it itself, else None."""
    return found.fix.advice if isinstance(found.fix, ByHand) else None
