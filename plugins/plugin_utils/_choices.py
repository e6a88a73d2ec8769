# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator chooses for a diagnosis: checks, an error code, the desired state. Read before any host is asked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from . import _error_codes, _registry
from ._engine import _want
from ._engine._model import CLASSES
from ._remedies import REMEDIES
from ._words import did_you_mean

SPEC: dict[str, dict] = {
    "only": {"type": "list", "elements": "str", "default": []},
    "skip": {"type": "list", "elements": "str", "default": []},
    "error_code": {"type": "str"},
    **_want.OPTIONS,
}


def read(options: Mapping, variables: Container[str] = ()) -> dict:
    """Keyword arguments for a diagnosis. Raises ValueError in an operator's words.

    ``variables`` are those of the host: an option that is given by one is called by its name.
    """

    def called(name: str) -> str:
        variable = f"{options.get('variables')}{name}"
        return variable if variable in variables else name

    for name in ("only", "skip"):
        of_checks(called(name), options[name])
    code = options["error_code"]
    return {
        "want": _want.Want.from_options(options, called("expect_proxy")),
        "only": frozenset(options["only"]),
        "skip": frozenset(options["skip"]),
        "error_code": _error_codes.name(code) if code else None,
    }


def of_checks(option: str, words: Iterable[str]) -> None:
    """Raises ValueError in an operator's words where an option names a check that does not exist."""
    _known(option, words, _registry.names(), "check")


def of_plan(allow: Iterable[str], skip: Iterable[str]) -> None:
    """Raises ValueError in an operator's words where a plan is allowed, or told to skip, what does not exist."""
    names = (*REMEDIES, *_registry.names())
    _known("remediate_allow", allow, (*CLASSES, *names), "class, remedy or check")
    _known("remediate_skip", skip, names, "remedy or check")


def notes(options: Mapping) -> list[str]:
    """Sentences on the choices that an operator should read before the diagnosis."""
    code = options["error_code"]
    return [*former([*options["only"], *options["skip"]]), *(_error_codes.notes(code) if code else [])]


def former(words: Iterable[str]) -> list[str]:
    """One sentence for each word that is the former id of a check."""
    today = _registry.names()
    return [f"'{word}' is now called '{today[word]}'" for word in words if today.get(word, word) != word]


def _known(option: str, words: Iterable[str], known: Iterable[str], kind: str) -> None:
    for word in words:
        if word not in known:
            raise ValueError(f"Cannot use '{word}' in '{option}': unknown {kind}{did_you_mean(word, known)}")
