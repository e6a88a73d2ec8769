# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Effect
from azure_states import DISK, azure_state
from support import verdict

ID = "consistency"
ONLY = {"consistency": "OnlyCrashConsistent"}


def test_the_default():
    found = verdict(ID, azure_state())
    assert (found.status, found.effect) == ("ok", None)


def test_crash_consistent_points_do_not_need_the_guest():
    found = verdict(ID, azure_state(policy=ONLY))
    assert (found.status, found.effect) == ("ok", Effect.GUEST_NOT_USED)


def test_a_machine_that_cannot_have_them():
    found = verdict(ID, azure_state(policy=ONLY, disks=[{**DISK, "ephemeral": True}]))
    assert (found.status, found.effect) == ("fail", Effect.GUEST_NOT_USED)
    assert DISK["name"] in found.why and DISK["name"] not in found.key


def test_without_policy():
    assert verdict(ID, azure_state(policy=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"policy": "not asked"})).status == "unknown"
    assert verdict(ID, azure_state(policy=ONLY, missing={"disks": "not asked"})).status == "unknown"
