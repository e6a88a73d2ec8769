# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report with everything that an operator's nights bring: changes, waivers, hosts without a state."""

import copy

WAIVER = {
    "number": 1,
    "check": "agent_auto_restart",
    "reason": "Rebuilt nightly",
    "owner": "ops",
    "until": "2026-12-31",
    "hosts": "test*",
    "azure_tag": None,
}


def of_a_night(report):
    """The report with a waived finding and what changed since the night before."""
    made = copy.deepcopy(report)
    broken = next(host for host in made["hosts"] if any(one["status"] == "fail" for one in host["findings"]))
    first = next(one for one in broken["findings"] if one["status"] == "fail")
    waived = next(one for host in made["hosts"] for one in host["findings"] if one["status"] == "warn")
    waived["waived"] = WAIVER
    made["summary"]["waived"] = 1
    made["waivers"] = [{**WAIVER, "state": "used", "used_on": 1}]
    change = {"id": first["id"], "title": first["title"], "status": "fail", "hosts": [broken["host"]]}
    run = {"summary": made["summary"], "open": {first["id"]: 3}, "new": 1, "returned": 0, "gone": 1}
    made["history"] = {
        "compared_with": "2026-11-22T02:00:00Z",
        "new": [change],
        "returned": [],
        "gone": [{**change, "id": "cpu_load", "title": "The CPU has room", "status": "warn"}],
        "lost": [],
        "trend": [{"generated": f"2026-11-{day}T02:00:00Z", **run} for day in (22, 23)],
    }
    return made
