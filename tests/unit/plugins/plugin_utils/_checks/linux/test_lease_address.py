# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import guest, verdict

ID = "lease_address"


def state(lease="10.1.0.4", addresses=("10.1.0.4",), source="10.1.0.4", answers=False, expired=False, method="dhcp"):
    wire = {
        "address": "168.63.129.16",
        "connected": answers,
        "is_version_list": answers,
        "status": 200 if answers else None,
        "read_from": "x",
    }
    return guest(
        dhcp={
            "lease": lease and {"address": lease, "expired": expired, "read_from": "/run/lease"},
            "primary": {
                "interface": "eth0",
                "method": method,
                "addresses": None if addresses is None else list(addresses),
                "read_from": "netlink",
            },
        },
        fabric={"wire_http": wire, "route": {"source": source, "read_from": "route"}},
    )


def test_the_leased_address_is_gone():
    found = verdict(ID, state(addresses=["10.1.0.9"], source="10.1.0.9"))
    assert found.status == "fail" and "10.1.0.4" in found.why


def test_packets_leave_with_another_address():
    assert verdict(ID, state(addresses=["10.1.0.4", "10.1.0.9"], source="10.1.0.9")).status == "fail"


@pytest.mark.parametrize(
    "raw",
    [
        state(),
        state(answers=True),
        state(addresses=["10.1.0.9"], source="10.1.0.9", answers=True),  # a lease file of long ago
        state(addresses=["10.1.0.4", "10.1.0.9"], source="10.1.0.9", answers=True),
    ],
)
def test_fine(raw):
    assert verdict(ID, raw).status == "ok"


@pytest.mark.parametrize(("address", "status"), [("10.1.0.9", "ok"), ("10.1.0.4", "fail"), (None, "fail")])
def test_the_address_that_azure_knows(address, status):
    raw = state(addresses=["10.1.0.9"], source="10.1.0.9")
    raw["fabric"]["imds"] = {"instance": {"primary_address": address}, "read_from": "169.254.169.254"}
    assert verdict(ID, raw).status == status


def test_an_expired_lease_says_less():
    assert verdict(ID, state(addresses=["10.1.0.9"], source="10.1.0.9", expired=True)).status == "warn"


@pytest.mark.parametrize("raw", [state(lease=None), state(addresses=None), state(method="static")])
def test_what_does_not_apply(raw):
    assert verdict(ID, raw).status == "not_applicable"


def test_missing():
    assert verdict(ID, guest(missing={"dhcp": "live"})).status == "unknown"
