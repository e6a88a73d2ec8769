# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import azure_state
from support import verdict

ID = "vault_key"


@pytest.mark.parametrize(
    ("word", "status"), [(None, "ok"), ("Succeeded", "ok"), ("Failed", "fail"), ("PartiallyFailed", "fail")]
)
def test_its_last_update(word, status):
    assert verdict(ID, azure_state(vault={"key_status": word})).status == status


def test_without_vault():
    assert verdict(ID, azure_state(vault=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"vault.key_status": "not asked"})).status == "unknown"
