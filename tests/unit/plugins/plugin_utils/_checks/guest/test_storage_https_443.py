# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import TIMED_OUT, fabric, proxy_answer, storage
from support import guest, verdict
from windows_states import edited

ID = "storage_https_443"
CLOSED = {"connected": False, "error": "timed out"}


def test_reached():
    assert verdict(ID, guest(fabric=fabric(storage=storage()))).status == "ok"


def test_nothing_was_asked():
    assert verdict(ID, guest(fabric=fabric())).status == "not_applicable"
    assert verdict(ID, guest()).status == "unknown"


def test_missing_internet_is_no_failure():
    assert verdict(ID, guest(fabric=fabric(storage=storage(**CLOSED)))).status == "warn"


def test_it_is_needed_without_the_host_plugin():
    assert verdict(ID, guest(fabric=fabric(plugin=TIMED_OUT, storage=storage(**CLOSED)))).status == "fail"


def test_certificates_that_are_not_trusted():
    found = verdict(ID, guest(fabric=fabric(storage=storage(tls_error="TLS: self signed certificate"))))
    assert found.status == "warn" and "self signed" in found.why


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": 200, "target_is_storage": True}, "ok"),
        ({"status": 407, "target_is_storage": True}, "warn"),
        ({"status": 200, "target_is_storage": True, "clients": ["snapshot_extension"]}, "warn"),
    ],
)
def test_through_the_proxy(changes, status):
    section = fabric(storage=storage(**CLOSED), proxies=[proxy_answer(**changes)])
    assert verdict(ID, guest(fabric=section)).status == status


def test_windows_without_an_endpoint_to_ask():
    assert verdict(ID, edited({})).status == "not_applicable"
