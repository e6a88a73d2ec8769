# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the playbooks and roles: which there are, and what each takes. Read before any host is asked."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import ArgumentTypeError, ArgumentValueError, ElementError

from ..module_utils._guest.masking import mask
from ..module_utils._guest.options import OPTIONS
from . import _choices, _fix_plan, _history, _machines, _waivers
from ._engine import _want, _window
from ._report._files import FORMATS, FORMATS_BY_DEFAULT
from ._report._gate import GATES, NEVER
from ._run import REPORT_DIR
from ._words import did_you_mean, nearly

_TEXT, _RAW, _PATH = {"type": "str"}, {"type": "raw"}, {"type": "path"}
_NUMBER, _ON = {"type": "int"}, {"type": "str", "choices": ["present", "absent"]}
_WORDS = {"type": "list", "elements": "str"}
_GATE = {"type": "str", "choices": list(GATES), "default": NEVER}

OF_GUEST: dict[str, dict] = {
    **OPTIONS,
    "become": {"type": "bool"},
    **_choices.SPEC,
    "state_file": _PATH,
    "kept_guest": _PATH,
    "kept_machine": _PATH,
    "machine_now": _TEXT,
    "report_dir": REPORT_DIR,
}
"""Options of the diagnosis of one guest. Each is a variable as well, after ``diagnose_``."""

OF_REPORT: dict[str, dict] = {
    **_choices.SPEC,
    **_machines.SPEC,
    **_history.SPEC,
    **_waivers.SPEC,
    "report_dir": REPORT_DIR,
    "formats": {"type": "list", "elements": "str", "choices": list(FORMATS), "default": list(FORMATS_BY_DEFAULT)},
    "fail_on": _GATE,
    "fail_on_new": _GATE,
    "saved": {"type": "list", "elements": "path"},
}
"""Options of a report, likewise."""

_GIVEN: dict[str, Mapping[str, dict]] = {
    "diagnose_": {**OF_GUEST, **OF_REPORT, "hosts": _RAW},
    "remediate_": {
        "diagnosis": {"type": "dict"},
        "allow": _WORDS,
        "skip": _WORDS,
        "window": _RAW,
        "run_id": _TEXT,
        "report_dir": _PATH,
        "approved": {"type": "dict"},
    },
    "fix_": {
        "hosts": _RAW,
        "report_dir": _PATH,
        "serial": _RAW,
        "max_fail_percentage": {"type": "float"},
        "prove_by_backup": {"type": "bool"},
        "allow_regressions": {"type": "bool"},
        "plan": _PATH,
        "plan_out": _PATH,
        "plan_days": {"type": "float"},
    },
    "test_backup_": {
        "hosts": _RAW,
        "report_dir": _PATH,
        "serial": _RAW,
        "wait": {"type": "str", "choices": ["snapshot", "job"]},
        "most_in_24h": {"type": "int", "choices": list(range(1, 10))},
        "timeout": _NUMBER,
    },
    "schedule_": {
        "limit": {"type": "int"},
        "start": _TEXT,
        "end": _TEXT,
        "subscriptions": _WORDS,
        "apply": {"type": "bool"},
        "run_id": _TEXT,
        "undo_run_id": _TEXT,
        "report_dir": _PATH,
    },
    "verify_": {"hosts": _RAW, "wait": {"type": "int"}, "fail_on": _GATE},
    "undo_": {"hosts": _RAW, "run_id": _TEXT, "root": _PATH, "report_dir": _PATH},
    "verbose_logging_": {"hosts": _RAW, "state": _ON, "minutes": _NUMBER},
    "collect_logs_": {
        "hosts": _RAW,
        "dest": _PATH,
        "for": {"type": "str", "choices": ["diagnosis", "support"]},
        "raw": {"type": "bool"},
        **dict.fromkeys(("max_mib", "max_file_mib", "max_age_days", "seconds"), _NUMBER),
    },
    "merge_": {"reports": {"type": "list", "elements": "path"}, "report_dir": _PATH, "hosts": _RAW},
    "compare_": {"before": _PATH, "after": _PATH, "dest": _PATH},
    "proxy_setup_": {
        **dict.fromkeys(("url", "security_group", "destination", "run_id"), _TEXT),
        **dict.fromkeys(("clients", "servers"), _RAW),
        **dict.fromkeys(("networks", "bypass"), _WORDS),
        "report_dir": _PATH,
    },
    "failed_backup_": {
        **dict.fromkeys(("machine", "token", "listen"), _TEXT),
        "report_dir": _PATH,
        "azure": {"type": "bool"},
        "port": _NUMBER,
        "then": {"type": "str", "choices": ["diagnose", "fix"]},
    },
    "network_path_": {
        **dict.fromkeys(("gateway", "security_group", "rule", "run_id"), _TEXT),
        **dict.fromkeys(("service_tags", "sources", "destinations"), _WORDS),
        **dict.fromkeys(("service_tags_file", "report_dir"), _PATH),
        "hosts": _RAW,
    },
    "proxy_server_": {"port": _NUMBER, "networks": _WORDS, "run_id": _TEXT},
}
"""Variables of operators, by prefix."""

_OWN = {
    "diagnose_": ("result", "_gate", "_hosts"),
    "remediate_": "_window applied closed number outcome plan proof reason rest step".split(),
    "fix_": (
        "approved checked compared diagnosis document earlier entries failure joined plan_file report result"
    ).split(),
    "verify_": ("agent",),
    "verbose_logging_": ("result",),
    "collect_logs_": ("result",),
    "undo_": (
        "azure elsewhere failure fix heard here journal journal_azure outcome report result runs silent unknown wanted"
    ).split(),
    "test_backup_": "before cause explained fresh id job report said".split(),
    "schedule_": ("done", "move", "moved", "plan", "report", "undone"),
    "proxy_setup_": "agent asked closed environment guest host is_open is_windows port proof run undo".split(),
    "network_path_": "is_windows networks proof routes routes_windows run undo wrong".split(),
    "proxy_server_": ("is_windows", "rule", "rule_windows"),
    "failed_backup_": ("folder", "found"),
}
"""Variables that playbooks and roles set themselves."""

KNOWN = {prefix + name: spec for prefix, names in _GIVEN.items() for name, spec in names.items()}
_NAMES = {*KNOWN, *(prefix + name for prefix, names in _OWN.items() for name in names)}
COMMON = ("schedule_", "compare_", "merge_")
"""Prefixes that an inventory may well have for something else: what is unknown behind them is none of ours."""
PREFIXES = tuple(_GIVEN)
_OURS = tuple(prefix for prefix in PREFIXES if prefix not in COMMON)
ONLY_OURS = ("diagnose_", "remediate_")
"""Prefixes behind which all is ours. Of others, an inventory may have what only begins alike, such as verify_ssl."""

_RULES: dict[str, Callable[[Any], object]] = {
    "diagnose_only": lambda given: _choices.of_checks("diagnose_only", given),
    "diagnose_skip": lambda given: _choices.of_checks("diagnose_skip", given),
    "diagnose_expect_proxy": lambda given: _want.Want.from_options({"expect_proxy": given}, "diagnose_expect_proxy"),
    "fix_plan": lambda given: _fix_plan.read(given, datetime.datetime.now(datetime.timezone.utc)),
    "remediate_allow": lambda given: _choices.of_plan(given, ()),
    "remediate_skip": lambda given: _choices.of_plan((), given),
    "remediate_window": lambda given: _window.obstacle(given, time.time()),
}
"""What a type does not say. Each raises ValueError with a full sentence."""


_OF_PLAYS = {
    *(f"{prefix}hosts" for prefix in ("diagnose_", "fix_", "test_backup_", "verify_", "undo_")),
    *(f"{prefix}hosts" for prefix in ("verbose_logging_", "collect_logs_", "network_path_")),
    *("fix_serial", "fix_max_fail_percentage", "test_backup_serial", "failed_backup_then"),
    *("proxy_setup_clients", "proxy_setup_servers"),
}
"""Variables for which hosts a play is, and how it takes them: Ansible reads these before it looks at any host."""

_SAVED = ("diagnose_state_file", "diagnose_root", "diagnose_kept_guest")
"""Variables by which a state is not that of the host."""


_MORE_THAN_ZERO = {
    "diagnose_timeout",
    "fix_plan_days",
    "schedule_limit",
    "test_backup_timeout",
    "verbose_logging_minutes",
    *(f"collect_logs_{name}" for name in ("max_mib", "max_file_mib", "max_age_days", "seconds")),
}
_NOT_NEGATIVE = {"diagnose_history", "fix_max_fail_percentage", "verify_wait"}


_NAMELESS = "_raw_params"
"""Where Ansible keeps words of ``-e`` that no variable gets."""


def refuse(hosts: Mapping[str, Mapping], live: bool = False, typed: Iterable[str] = ()) -> None:
    """Raises ValueError for a variable of a host (``hosts``: variables by host) that does not exist, or whose value is
    none. Values with templates are left to the task that needs them. ``live``: saved states are refused as well.
    ``typed``: names on the command line, where a mistyped prefix would be heard by no one."""
    for name in typed:
        if name == _NAMELESS:
            raise ValueError(
                "Cannot use what follows a space in '-e NAME=VALUE': write lists without spaces, or quote the value "
                "for Ansible as well, -e 'NAME=\"VALUE\"'"
            )
        if name not in _NAMES and (name.startswith(_OURS) or nearly(name, KNOWN)):
            raise _unknown(name)
    used = {name for variables in hosts.values() for name in variables if name.startswith(_OURS)}
    for name in sorted(used - _NAMES):
        if name.startswith(ONLY_OURS) or nearly(name, KNOWN):
            raise _unknown(name)
    values: dict[tuple[str, str], tuple[str, Any]] = {}
    for host, variables in hosts.items():
        for name in variables:
            if name not in _NAMES:
                continue
            if live and name in _SAVED and variables[name]:
                raise ValueError(
                    f"Cannot fix '{host}' by a saved state: '{name}' is set, and a fix asks the host itself"
                )
            text = json.dumps(variables[name], default=str)
            if name in KNOWN and "{{" not in text and "{%" not in text:
                values.setdefault((name, text), (host, variables[name]))
    for (name, _text), (_host, value) in values.items():
        if value is not None and value != "":
            _judge(name, value)


def refuse_of_plays(hosts: Mapping[str, Mapping], typed: Iterable[str]) -> None:
    """Raises ValueError for a variable of the inventory that no play would heed. ``hosts``: variables by host, without
    those of plays. ``typed``: names on the command line."""
    for name in sorted(_OF_PLAYS.difference(typed)):
        host = next((host for host, variables in hosts.items() if name in variables), None)
        if host is not None:
            raise ValueError(f"Cannot use '{name}' of '{host}': a play does not see the inventory; give it with -e")


def _unknown(name: str) -> ValueError:
    return ValueError(f"Cannot use '{name}': there is no such variable{did_you_mean(name, KNOWN)}")


def _judge(name: str, value: Any) -> None:
    spec = {part: one for part, one in KNOWN[name].items() if part != "default"}
    result = ArgumentSpecValidator({name: spec}).validate({name: value})
    if result.error_messages:
        raise ValueError(f"Cannot use '{name}': {_wrong(result.errors[0], spec, value)}")
    taken = result.validated_parameters[name]
    if name in _MORE_THAN_ZERO and not taken > 0:
        raise ValueError(f"Cannot use '{name}': '{value}' is not more than 0")
    if name in _NOT_NEGATIVE and not taken >= 0:
        raise ValueError(f"Cannot use '{name}': '{value}' is less than 0")
    if name in _RULES:
        _RULES[name](taken)


_CALLED = {
    "bool": "true or false",
    "dict": "a mapping",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "path": "a path",
    "str": "a text",
}


def _wrong(error: Exception, spec: Mapping, value: Any) -> str:
    """Why a value cannot be used, in the same words on every version of Ansible."""
    if isinstance(error, ArgumentTypeError):
        return f"'{mask(str(value))}' is not {_CALLED[spec['type']]}"
    if isinstance(error, ElementError):
        return f"'{mask(str(value))}' is not a list of which each is {_CALLED[spec['elements']]}"
    if isinstance(error, ArgumentValueError):
        given = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
        words = [str(word) for word in (given if isinstance(given, list) else [given])]
        known = list(map(str, spec["choices"]))
        word = next(word for word in words if word not in known)
        return f"'{mask(word)}' is not one of {', '.join(known)}{did_you_mean(word, known)}"
    return str(error)
