# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error numbers of Windows in the writings in which programs print them."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks._messages import causes


@pytest.mark.parametrize(
    "text",
    [
        "0x800423F3",
        "hr = -2147212301",
        "ended with 2147754995.",
        "[hresult:800423f3]",
        "failed (800423F3)",
    ],
)
def test_a_number_names_its_cause_in_any_writing(text):
    assert causes(text) == ["vss_writers"]


@pytest.mark.parametrize(
    "text",
    [
        "task 2147754995123",
        "version 1.2147754995",
        "disk 800423f3-4ab4-4d07-adb0-3bee2926fd7f",
        "hr = -9147212301",
        "at 0x1800423F3",
    ],
)
def test_other_numbers_name_nothing(text):
    assert causes(text) == []


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("System.Net.WebException: TrustFailure", "storage_https_443"),
        ("System.Net.WebException: NameResolutionFailure", "dns_resolution"),
        ("System.Net.WebException: ProxyNameResolutionFailure", "proxy_reachable"),
    ],
)
def test_statuses_of_net_are_words_of_no_language(text, cause):
    assert causes(text) == [cause]
