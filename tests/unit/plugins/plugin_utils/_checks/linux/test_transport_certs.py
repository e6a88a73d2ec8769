# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import ended, snapshot, without
from support import verdict

MISSING = {"thumbprint": "AB", "crt": False, "prv": True, "read_from": "/var/lib/waagent"}


def test_the_certificate_of_waiting_settings_is_missing():
    raw = snapshot(extension={"settings.protected": True, "certificate": MISSING})
    assert verdict("transport_certs", raw).status == "fail"


def test_the_extension_could_not_load_it():
    assert verdict("transport_certs", snapshot(extension=dict(ended(16), certificate=MISSING))).status == "fail"


def test_settings_that_were_taken_need_no_certificate_any_more():
    assert verdict("transport_certs", snapshot(extension={"certificate": MISSING})).status == "ok"


def test_both_are_there():
    there = dict(MISSING, crt=True)
    raw = snapshot(extension={"settings.protected": True, "certificate": there})
    assert verdict("transport_certs", raw).status == "ok"


def test_missing_facts():
    assert verdict("transport_certs", without(snapshot(), "extension", "certificate")).status == "unknown"
