# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report for a terminal: causes first, then the hosts that need somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .._engine._evaluate import READY, VERDICTS
from ._azure import notes, warning
from ._changes import headline as changes_headline
from ._changes import sections, waiver_notes
from ._groups import (
    KINDS,
    VERDICT_NAMES,
    Group,
    by_verdict,
    cause_text,
    counted,
    further_causes,
    groups,
    headline,
    scope,
    share,
)
from ._text import pad, visible, width, wrap

SMALL_FLEET = 25
"""Up to so many hosts every one is listed."""

_MOST_CAUSES = {"unprotected": 10, "blocked": 10, "no_state": 4, "undecided": 4, "degraded": 5, "at_risk": 5}
_HOSTS_OF_A_CAUSE = 3
_MOST_CHANGES = 10
_NARROW = 60
_LEAST_TEXT_COLUMNS = 30
_VERDICT_COLUMNS = max(map(len, VERDICT_NAMES.values()))
_COLOURS = {
    "blocked": "31",
    "unreachable": "35",
    "unknown": "36",
    "degraded": "33",
    "at_risk": "33",
    "partial": "36",
    "ready": "32",
}
_BOLD = "1"


def render(report: Mapping, width: int = 80, colour: bool = False, height: int | None = None) -> str:
    """The report as text of at most ``width`` columns (not below 20). ``colour``: with ANSI codes for colours.

    ``height``: how many lines one sees at once. A large fleet that does not fit is told in short: no table of examples.
    Where the beginning is not seen at the end, its first sentence is said there again.
    """
    screen = _Screen(max(width, 20), colour)
    found = groups(report)
    lines = list(_lines(report, found, screen))
    if height and len(report["hosts"]) > SMALL_FLEET:
        for most in range(min(len(found), height), 0, -1):
            if len(lines) <= height:
                break
            lines = list(_lines(report, found, screen, most))
    if height and len(lines) > height:
        lines += ["", *screen.heading(headline(report["summary"]))]
    return "\n".join(lines) + "\n"


class _Screen:
    def __init__(self, columns: int, colour: bool):
        self.columns = columns
        self._colour = colour

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text

    def block(self, text: str, prefix: str = "") -> Iterator[str]:
        """Wrapped text behind a prefix, further lines below it."""
        for number, line in enumerate(wrap(text, self.columns - width(prefix))):
            yield ((" " * width(prefix) if number else prefix) + line).rstrip()

    def heading(self, text: str) -> Iterator[str]:
        return (self.paint(line, _BOLD) for line in self.block(text))


def _lines(report: Mapping, found: list[Group], screen: _Screen, most: int | None = None) -> Iterator[str]:
    """``most``: in short, with so many causes at most."""
    short = most is not None
    yield from screen.heading(headline(report["summary"]))
    if report["hosts"]:
        yield from screen.block(", ".join(by_verdict(report)))
    if share(found):
        yield from screen.block(share(found))
    for sentence in scope(report):
        yield from screen.block(sentence)
    if warning(report):
        yield from screen.block(visible(warning(report)))
    for kind, heading in KINDS.items():
        yield from _causes([group for group in found[:most] if group.kind == kind], kind, heading, screen, short)
    if short:
        yield from _further(found[most:], screen)
    yield from _of_fleet(report["fleet"], screen)
    yield from _what_changed(report.get("history"), screen)
    if report["hosts"]:
        yield ""
        yield from _hosts(report["hosts"], [] if short else found, screen)
    for title, said in (("Waivers", list(waiver_notes(report))), ("Azure", notes(report))):
        if said:
            yield ""
            yield from screen.heading(title)
            for note in said:
                yield from screen.block(visible(note), "  ")


def _causes(found: list[Group], kind: str, heading: str, screen: _Screen, short: bool) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield from screen.heading(heading)
    column = max(width(counted(len(group.hosts))) for group in found)
    shown = found[: _MOST_CAUSES[kind]]
    for group in shown:
        count = counted(len(group.hosts)).rjust(column)
        prefix = "    " if screen.columns < _NARROW else f"  {count}: "
        if screen.columns < _NARROW:
            yield f"  {count}:"
        yield from screen.block(_cause(group), prefix)
        for line in _in_short(group) if short else _what_to_do(group):
            yield from screen.block(line, " " * width(prefix))
    yield from _further(found[len(shown) :], screen)


def _further(rest: list[Group], screen: _Screen) -> Iterator[str]:
    if rest:
        hosts = sum(len(group.hosts) for group in rest)
        yield from screen.block(f"and {counted(len(rest), 'further cause')} with {counted(hosts)}", "  ")


def _of_fleet(findings: list[Mapping], screen: _Screen) -> Iterator[str]:
    """What was found about the hosts together."""
    if not findings:
        return
    yield ""
    yield from screen.heading("Across the fleet")
    for finding in findings:
        yield from screen.block(f"{visible(finding['why'])} [{visible(finding['id'])}]", "  ")
        if finding["advice"]:
            yield from screen.block(f"What to do: {visible(finding['advice'])}", "  ")


def _what_changed(changes: Mapping | None, screen: _Screen) -> Iterator[str]:
    """What came and went since the run that is compared with."""
    if changes is None:
        return
    yield ""
    yield from screen.heading(changes_headline(changes))
    for heading, found in sections(changes):
        yield from screen.block(heading, "  ")
        for one in found[:_MOST_CHANGES]:
            names = ", ".join(map(visible, one["hosts"][:_HOSTS_OF_A_CAUSE]))
            rest = len(one["hosts"]) - _HOSTS_OF_A_CAUSE
            more = f" and {rest:,} more" if rest > 0 else ""
            yield from screen.block(f"{visible(one['title'])} [{one['id']}, {one['status']}]: {names}{more}", "    ")
        if len(found) > _MOST_CHANGES:
            yield from screen.block(f"and {counted(len(found) - _MOST_CHANGES, 'further condition')}", "    ")


def _cause(group: Group) -> str:
    notes = [visible(group.id)] if group.id else []
    if group.remedy:
        notes.append(f"remedy {visible(group.remedy)}")
    return visible(group.text) + (f" [{', '.join(notes)}]" if notes else "")


def _what_to_do(group: Group) -> Iterator[str]:
    if group.several:
        some = f"{group.several:,} of them {'has' if group.several == 1 else 'have'}"
        yield f"{'It has' if len(group.hosts) == 1 else some} a further cause."
    if group.advice:
        yield f"What to do: {visible(group.advice)}"
    if group.sources:
        yield f"See {visible(group.sources[0][1])}"


def _in_short(group: Group) -> Iterator[str]:
    """What to do, and on which hosts: where no table names them."""
    if group.advice:
        yield f"What to do: {visible(group.advice)}"
    more = len(group.hosts) - _HOSTS_OF_A_CAUSE
    names = ", ".join(map(visible, group.hosts[:_HOSTS_OF_A_CAUSE]))
    yield f"Hosts: {names}" + (f" and {more:,} more" if more > 0 else "")


def _hosts(hosts: list[Mapping], found: list[Group], screen: _Screen) -> Iterator[str]:
    listed = hosts if len(hosts) <= SMALL_FLEET else _examples(hosts, found)
    if listed:
        yield from _table(listed, screen)
    left_out = _left_out(hosts, listed)
    if left_out:
        yield from screen.block(left_out)


def _examples(hosts: Iterable[Mapping], found: Iterable[Group]) -> list[Mapping]:
    """A few hosts of each of the largest causes: of more than that the table would be a copy of the causes."""
    by_name = {host["host"]: host for host in hosts}
    shown: list[Mapping] = []
    for group in found:
        if len(shown) < SMALL_FLEET:
            shown += [by_name[name] for name in group.hosts[:_HOSTS_OF_A_CAUSE]]
    return sorted(shown, key=lambda host: VERDICTS.index(host["verdict"]))


def _table(hosts: list[Mapping], screen: _Screen) -> Iterator[str]:
    if screen.columns < _NARROW:
        for host in hosts:
            yield from _stacked(host, screen)
        return
    free = screen.columns - _VERDICT_COLUMNS - 4
    longest = max(width(visible(host["host"])) for host in hosts)
    name_columns = max(min(longest, free - _LEAST_TEXT_COLUMNS), len("HOST"))
    text_columns = free - name_columns
    titles = f"{'VERDICT':{_VERDICT_COLUMNS}}  {'HOST':{name_columns}}  FIRST CAUSE"
    yield screen.paint(titles, _BOLD)
    for host in hosts:
        names = wrap(visible(host["host"]), name_columns)
        texts = [line for text in _causes_of(host) for line in wrap(text, text_columns)]
        for number in range(max(len(names), len(texts))):
            verdict = pad(VERDICT_NAMES[host["verdict"]] if number == 0 else "", _VERDICT_COLUMNS)
            name = pad(names[number] if number < len(names) else "", name_columns)
            text = texts[number] if number < len(texts) else ""
            row = f"  {name}  {text}".rstrip()
            yield screen.paint(verdict, _COLOURS[host["verdict"]]) + row if number == 0 else (verdict + row).rstrip()


def _causes_of(host: Mapping) -> list[str]:
    first = visible(cause_text(host))
    return [first, *(f"also: {visible(text)}" for text in further_causes(host))] if first else []


def _stacked(host: Mapping, screen: _Screen) -> Iterator[str]:
    """One host on a screen that is too narrow for columns."""
    verdict = VERDICT_NAMES[host["verdict"]]
    for number, line in enumerate(screen.block(f"{verdict} {visible(host['host'])}")):
        yield screen.paint(verdict, _COLOURS[host["verdict"]]) + line[len(verdict) :] if number == 0 else line
    for text in _causes_of(host):
        yield from screen.block(text, "  ")


def _left_out(hosts: list[Mapping], listed: list[Mapping]) -> str:
    ready = sum(host["verdict"] == READY for host in hosts) - sum(host["verdict"] == READY for host in listed)
    others = len(hosts) - len(listed) - ready
    parts = [f"{others:,} more that {'is' if others == 1 else 'are'} not ready"] if others else []
    if ready:
        parts.append(f"{ready:,} ready")
    return f"Not listed: {', '.join(parts)}. The report has them all." if parts else ""
