# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import azure_state
from support import verdict

ID = "security_type"


def test_supported():
    assert verdict(ID, azure_state()).status == "ok"
    assert verdict(ID, azure_state(vm={"security_type": "TrustedLaunch"})).status == "ok"


def test_confidential():
    assert verdict(ID, azure_state(vm={"security_type": "ConfidentialVM"})).status == "warn"


def test_missing():
    assert verdict(ID, azure_state(missing={"vm.security_type": "not asked"})).status == "unknown"
