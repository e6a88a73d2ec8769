# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import azure_state
from support import verdict

ID = "vault_quota"


def test_room():
    assert verdict(ID, azure_state()).status == "ok"


def test_full():
    assert verdict(ID, azure_state(vault={"used": 1000})).status == "warn"


def test_where_azure_states_no_limit_the_documented_one_holds():
    assert verdict(ID, azure_state(vault={"used": 1000, "limit": None})).status == "warn"
    assert verdict(ID, azure_state(vault={"used": 999, "limit": None})).status == "ok"
    assert verdict(ID, azure_state(vault={"used": 999, "limit": 500})).status == "warn"


def test_not_asked():
    assert verdict(ID, azure_state(vault={"used": None})).status == "unknown"


def test_without_vault():
    assert verdict(ID, azure_state(vault=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"vault": "not asked"})).status == "unknown"
