# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import time

_DATE_OF_ID = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{8}")
_APART_S = 300
"""Seconds by which the clocks of two machines may differ before it matters."""


def runs_in_order(runs, now=None):
    """See runs_in_order.yml."""
    dates: dict[str, str] = {}
    for run in runs:
        dates[run["run_id"]] = min(_date(run), dates.get(run["run_id"], "~"))
    known = sorted(dates, key=lambda run_id: (dates[run_id], run_id), reverse=True)
    limit = _text((time.time() if now is None else now) + _APART_S)
    ahead = [run_id for run_id in known if dates[run_id] > limit]
    return {"known": known, "latest": next((run_id for run_id in known if run_id not in ahead), ""), "ahead": ahead}


def _date(run):
    """An id that Ansible made has the controller's time; what the journal says is that of the host."""
    found = _DATE_OF_ID.fullmatch(run["run_id"])
    return "{}-{}-{}T{}:{}:{}Z".format(*found.groups()) if found else run["created"]


def _text(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class FilterModule:
    def filters(self):
        return {"runs_in_order": runs_in_order}
