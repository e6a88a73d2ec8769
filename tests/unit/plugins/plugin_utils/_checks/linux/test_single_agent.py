# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, without
from support import verdict

ID = "single_agent"


def test_one():
    assert verdict(ID, healthy()).status == "ok"


def test_two_units():
    found = verdict(ID, healthy(other_units=["waagent.service"]))
    assert found.status == "warn" and "waagent.service" in found.evidence[0].value


def test_two_daemons():
    assert verdict(ID, healthy(daemons=2)).status == "warn"


def test_two_versions():
    places = [
        {"path": f"/usr/lib/python{n}/x", "python": n, "version": v} for n, v in (("3", "2.7.3.0"), ("3.9", "2.3.1.1"))
    ]
    assert verdict(ID, healthy(modules=places)).status == "warn"
    places[1]["python_exists"] = False
    assert verdict(ID, healthy(modules=places)).status == "ok", "nothing loads what a removed Python left"


def test_one_version_for_two_pythons():
    places = [{"path": f"/usr/lib/python{n}/x", "python": n, "version": "2.7.3.0"} for n in ("2.7", "3.6")]
    assert verdict(ID, healthy(modules=places)).status == "ok"


def test_missing():
    assert verdict(ID, without("other_units")).status == "unknown"
