# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity: the rule, its neighbours, and missing facts."""

import pytest
from support import advice_of, guest, verdict
from windows_states import GONE, edited

ID = "identity"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"identity.vm_id.value": "11111111-2222-4333-8444-555555555555"}, "warn", "another virtual machine"),
        ({"identity.vm_id.value": "7B1C2F0E-52C3-4D1A-9F0E-2A6A4F1D9C11"}, "ok", ""),
        ({"identity.vm_id.value": None}, "not_applicable", "no two ids"),
        ({"fabric.imds.instance": None}, "not_applicable", "no two ids"),
        ({"fabric.imds.instance.compute.vm_id": "11111111-2222-4333-8444-555555555555"}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["identity.vm_id", "fabric.imds", "fabric.imds.instance.compute"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


OURS, OTHERS = "d0df4c54-4ecb-4a4b-9954-5bdf3ed5c3b8", "11111111-2222-4333-8444-555555555555"


def linux(kept, there=OURS, machine=None):
    """A Linux guest by the ids that the agent keeps, the metadata service tells, and the firmware has."""
    instance = {"compute": {"vm_id": there}}
    return guest(
        identity={"vm_id": {"value": kept, "read_from": "/var/lib/waagent/provisioned"}, "machine_uuid": machine},
        fabric={"imds": {"instance": instance, "read_from": "metadata service"}},
    )


def test_the_agent_of_linux_clears_what_it_keeps_when_it_starts():
    found = verdict(ID, linux(OTHERS, machine=OURS))
    assert found.status == "warn" and advice_of(found).startswith("Restart the agent")
    assert [one.value for one in found.evidence] == [OTHERS, OURS]


@pytest.mark.parametrize("machine", [None, OURS])
def test_bytes_in_the_other_order_are_the_same_id(machine):
    assert verdict(ID, linux("544CDFD0-CB4E-4B4A-9954-5BDF3ED5C3B8", machine=machine)).status == "ok"


def test_the_id_of_the_firmware_is_this_machine_too():
    assert verdict(ID, linux(OTHERS, machine=OTHERS)).status == "ok"


@pytest.mark.parametrize(("kept", "there"), [(None, OURS), (OTHERS, None), (OTHERS, "")])
def test_one_id_alone_says_nothing(kept, there):
    assert verdict(ID, linux(kept, there)).status == "not_applicable"
