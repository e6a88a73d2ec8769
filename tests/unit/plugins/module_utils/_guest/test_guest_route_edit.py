# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in key files and drop-ins: added, found and removed, and every other line stays."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import route_edit
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused

ONE, TWO = ("20.38.0.0/17", "10.0.0.1", "100"), ("52.239.140.0/22", "10.0.0.1", "100")
HEAD = "# by hand\n[connection]\nid=eth0\n\n[ipv4]\nmethod=auto\n"
TAIL = "\n[ipv6]\nroute1=2603:1000::/46,fe80::1,100\nmethod=auto"
THERE = "route3=10.9.0.0/16,10.0.0.2\nroute3_options=mtu=1400\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"route1={','.join(ONE)}\nroute2={','.join(TWO)}\n"),
        (
            THERE,
            f"route3=10.9.0.0/16,10.0.0.2\nroute4={','.join(ONE)}\nroute5={','.join(TWO)}\nroute3_options=mtu=1400\n",
        ),
        (f"routes7={';'.join(TWO)};\n", f"routes7={';'.join(TWO)};\nroute8={','.join(ONE)}\n"),
    ],
)
def test_routes_of_a_key_file(before, after):
    text, wanted = HEAD + before + TAIL, HEAD + after + TAIL
    assert route_edit.keyfile(text, [ONE, TWO], True) == wanted
    assert route_edit.in_keyfile(wanted) >= {ONE, TWO}
    assert route_edit.keyfile(wanted, [ONE, TWO], True) == wanted


@pytest.mark.parametrize("before", ["", THERE])
def test_removed_from_a_key_file_to_the_byte(before):
    text = HEAD + before + TAIL
    assert route_edit.keyfile(route_edit.keyfile(text, [ONE, TWO], True), [ONE, TWO], False) == text
    assert route_edit.keyfile(text, [ONE], False) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [("[connection]\nid=eth0\n", "no section"), ("[ipv4]\nmethod=shared\n", "its method is 'shared'")],
)
def test_a_key_file_that_takes_no_routes(text, words):
    with pytest.raises(Refused, match=words):
        route_edit.keyfile(text, [ONE], True)


def test_routes_of_a_drop_in():
    both = route_edit.drop_in("", [ONE, TWO], True)
    assert route_edit.in_drop_in(both) == {ONE, TWO}
    assert route_edit.drop_in(both, [TWO, ONE], True) == both
    one = route_edit.drop_in(both, [TWO], False)
    assert one == route_edit.drop_in("", [ONE], True)
    assert "\n[Route]\nDestination=20.38.0.0/17\nGateway=10.0.0.1\nMetric=100\nGatewayOnLink=yes\n" in one
    assert route_edit.drop_in(one, [ONE], False) == "" == route_edit.drop_in("", [ONE], False)


@pytest.mark.parametrize(
    "text",
    [
        "[Network]\nDHCP=no\n",
        "stray\n[Route]\nDestination=20.38.0.0/17\nGateway=10.0.0.1\nMetric=100\nGatewayOnLink=yes\n",
        "[Route]\nDestination=20.38.0.0/17\nGateway=10.0.0.1\nMetric=100\nGatewayOnLink=yes\nTable=7\n",
        "[Route]\nDestination=20.38.0.0/17\nGateway=10.0.0.1\nMetric=100\nGatewayOnLink=no\n",
        "[Route]\nDestination=20.38.0.0/17\nGateway=10.0.0.1\n",
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_a_drop_in_of_someone_else_is_refused(text, there):
    with pytest.raises(Refused):
        route_edit.drop_in(text, [ONE], there)
