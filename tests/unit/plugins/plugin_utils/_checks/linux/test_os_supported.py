# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import guest, verdict

ID = "os_supported"


def state(id_, version=None, machine="x86_64"):
    system = {"id": id_, "id_like": [], "version_id": version, "name": None, "read_from": "/etc/os-release"}
    return guest(identity={"os": system, "machine": machine})


@pytest.mark.parametrize(
    ("id_", "version"),
    [
        ("debian", "12"),
        ("debian", None),
        ("ubuntu", "22.04"),
        ("rhel", "8.10"),
        ("sles", "15.5"),
        ("azurelinux", "3.0"),
        ("almalinux", "9.4"),
        ("ol", "8.9"),
    ],
)
def test_endorsed(id_, version):
    assert verdict(ID, state(id_, version)).status == "ok"


@pytest.mark.parametrize(("id_", "version"), [("rhel", "6.5"), ("ubuntu", "12.04"), ("debian", "7")])
def test_too_old(id_, version):
    assert verdict(ID, state(id_, version)).status == "warn"


def test_numbers_are_compared_as_numbers():
    assert verdict(ID, state("rhel", "6.10")).status == "ok"


def test_an_appliance():
    found = verdict(ID, state("barracuda", "8.0.3"))
    assert found.status == "warn" and found.key == "barracuda"


def test_systems_that_the_agent_knows_are_no_finding():
    assert verdict(ID, state("fedora", "40")).status == "ok"
    assert verdict(ID, state("alpine", "3.20")).status == "ok"
    assert verdict(ID, state("kali", "2026.1")).status == "ok"
    for id_ in ("sle_hpc", "sle-micro", "euleros", "uos"):
        assert verdict(ID, state(id_, "15.5")).status == "ok"


def test_coreos_and_32_bit():
    assert verdict(ID, state("coreos", "1")).status == "warn"
    assert verdict(ID, state("debian", "12", machine="i686")).status == "warn"


def test_a_tree_without_machine():
    raw = state("debian", "12")
    del raw["identity"]["machine"]
    assert verdict(ID, raw).status == "ok"


def test_missing():
    assert verdict(ID, guest(identity={"os": None})).status == "unknown"
    assert verdict(ID, guest(missing={"identity": "x"})).status == "unknown"
