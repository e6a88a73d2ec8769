# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the answers to the reported cases, by set and system."""

import collections

COLUMNS = ("first", "first three", "missed", "false alarm", "quiet")


def pytest_terminal_summary(terminalreporter):
    counted = collections.defaultdict(collections.Counter)
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, answer in report.user_properties if report.when == "call" else ():
            if name == "answer":
                group, outcome = answer
                counted[tuple(group)][outcome] += 1
    if not counted:
        return
    terminalreporter.section("reported cases")
    terminalreporter.write_line(f"{'set':8} {'system':8} " + " ".join(f"{column:>12}" for column in COLUMNS))
    for group, outcomes in sorted(counted.items()):
        # What comes first is among the first three.
        shown = {**outcomes, "first three": outcomes["first"] + outcomes["first three"]}
        numbers = " ".join(f"{shown.get(column, 0):12}" for column in COLUMNS)
        terminalreporter.write_line(f"{group[0]:8} {group[1]:8} {numbers}")
