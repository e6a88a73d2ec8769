# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests of the renderers share."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from nights import of_a_night
from report_fleet import BOTH, GENERATED, both_sides_of, fleet, host

HOSTILE = "</script><script>alert(1)</script><!--\x00\x1b[31m]]>\u202e&\"'{{ script }}\ud800\ufffe\u3042"


@pytest.fixture(scope="session")
def some_hosts():
    """A fleet in which every kind of host occurs."""
    return fleet(400)


@pytest.fixture(scope="session")
def night(some_hosts):
    """The same with waivers and changes."""
    return of_a_night(some_hosts)


@pytest.fixture(scope="session")
def empty():
    return report([], GENERATED, "1.0.0")


@pytest.fixture(scope="session")
def one_host():
    trouble = ("agent_service_running", "fail", "The agent's service is stopped", None, "waagent_service", "inactive")
    return report([host("only", "blocked", [trouble])], GENERATED, "1.0.0")


@pytest.fixture(scope="session")
def both_sides():
    return both_sides_of(BOTH)


@pytest.fixture(scope="session")
def hostile():
    """Every text that a guest can choose is an attack."""
    troubles = [
        ("agent_installed", "fail", HOSTILE, None, HOSTILE, {HOSTILE: [HOSTILE, float("nan")]}),
        ("agent_service_running", "warn", HOSTILE, "agent_installed", None, HOSTILE),
        ("wire_http_80", "unknown", HOSTILE, None, None, float("inf")),
    ]
    lost = {"host": "lost" + HOSTILE, "verdict": "unreachable", "reason": HOSTILE}
    return report([host("evil" + HOSTILE, "blocked", troubles), lost], GENERATED, HOSTILE)
