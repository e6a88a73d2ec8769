# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Effect
from azure_states import DISK, azure_state
from support import verdict

ID = "crash_fallback"

ABLE = "D2s_v5 DS2_v2 E8-4ds_v5 B2ms D4as_v6 M128ms NC24ads_A100_v4 F2s_v2 D2ps_v5 DS2_v2_Promo"
UNABLE = "D2_v5 D2s_v6 E4ds_v6 D4as_v7 D2ps_v6 A2_v2 Odd"


@pytest.mark.parametrize("size", [*ABLE.split(), *ABLE.upper().split(), *ABLE.lower().split()])
def test_it_can_fall_back(size):
    found = verdict(ID, azure_state(vm={"size": f"Standard_{size}"}))
    assert (found.status, found.effect) == ("ok", Effect.FALLS_BACK)


@pytest.mark.parametrize("size", [*UNABLE.split(), *UNABLE.upper().split(), *UNABLE.lower().split()])
def test_sizes_without_crash_consistent_points(size):
    found = verdict(ID, azure_state(vm={"size": f"Standard_{size}"}))
    assert (found.status, found.effect) == ("ok", None) and found.why


@pytest.mark.parametrize(
    "change",
    [
        {"sku": "UltraSSD_LRS"},
        {"sku": "PremiumV2_LRS"},
        {"ephemeral": True},
        {"shares": 2},
        {"write_accelerator": True},
        {"unmanaged": True},
    ],
)
def test_disks_without_crash_consistent_points(change):
    assert verdict(ID, azure_state(disks=[{**DISK, **change}])).effect is None


def test_a_standard_policy_does_not_fall_back():
    assert verdict(ID, azure_state(policy={"type": "V1"})).effect is None


def test_without_policy():
    assert verdict(ID, azure_state(policy=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
