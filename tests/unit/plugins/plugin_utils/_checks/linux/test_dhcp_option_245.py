# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import cut_off, dhcp, fabric
from support import guest, verdict

ID = "dhcp_option_245"


def lease(**changes):
    return {"option_245": None, "keeps_options": True, "expires": None, "expired": None, "read_from": "L", **changes}


def test_it_names_the_wire_server():
    assert verdict(ID, guest(dhcp=dhcp(), fabric=fabric())).status == "ok"


@pytest.mark.parametrize(
    ("option", "section", "status"),
    [
        (None, fabric(), "warn"),
        (None, cut_off(), "warn"),
        (None, cut_off(route={"explicit": None}), "fail"),
        ("10.0.0.1", fabric(), "warn"),
        ("10.0.0.1", cut_off(route={"explicit": None}), "fail"),
    ],
)
def test_without_it(option, section, status):
    assert verdict(ID, guest(dhcp=dhcp(lease=lease(option_245=option)), fabric=section)).status == status


def test_an_expired_lease_counts_only_when_nothing_is_reached():
    expired = dhcp(lease=lease(option_245="168.63.129.16", expired=True, expires="2016-01-05T10:00:00Z"))
    assert verdict(ID, guest(dhcp=expired, fabric=fabric())).status == "ok"
    assert verdict(ID, guest(dhcp=expired, fabric=cut_off())).status == "warn"


def test_no_judgement_where_it_means_nothing():
    assert verdict(ID, guest(dhcp=dhcp("static"), fabric=fabric())).status == "not_applicable"
    assert verdict(ID, guest(dhcp=dhcp(lease=lease(keeps_options=False)), fabric=fabric())).status == "not_applicable"
    assert verdict(ID, guest(dhcp=dhcp(lease=None), fabric=fabric())).status == "ok"
    assert verdict(ID, guest(dhcp=dhcp(lease=None), fabric=cut_off())).status == "unknown"


def test_missing():
    assert verdict(ID, guest()).status == "unknown"
