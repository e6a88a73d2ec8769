# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the files of a journal hold. Types are checked here, once: whoever uses a record can rely on its form.

A form is a check of one value, a list with the form of each item, or a dictionary of names and their forms;
names that a dictionary does not mention do no harm.
"""

import json
import os
import re

from . import atomic
from .errors import cannot

SCHEMA = 1
MAX_ORDER = 10**9
MAX_ENTRIES = 9999
# Far more than any change writes; what is larger costs minutes and memory to take apart.
READ_LIMIT = 1024 * 1024
TEXT_LIMIT = 4096
MISSING = object()


def _matches(pattern):
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(compiled.match(value))


def _is_switch(value):
    return isinstance(value, bool)


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32


def _is_order(value):
    return _is_number(value) and value <= MAX_ORDER


def _is_order_if_any(value):
    return value is MISSING or _is_order(value)


def _is_after_if_any(value):
    """What a run altered of a service; entries of earlier versions do not say it."""
    return value is MISSING or isinstance(value, dict) and all(_is_switch(part) for part in value.values())


def _is_text(value):
    if not isinstance(value, str) or len(value) > TEXT_LIMIT or "\0" in value:
        return False
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _is_path(value):
    return _is_text(value) and value.startswith("/")


def _is_xattrs(value):
    return isinstance(value, dict) and all(_is_text(name) and _is_hex(data) for name, data in value.items())


def _is_command(value):
    return isinstance(value, list) and bool(value) and all(_is_text(word) for word in value)


def _is_content(value):
    return fault_of(value, _PRESENT if isinstance(value, dict) and value.get("exists") else _ABSENT) is None


def _is_file(value):
    return _is_content(value) and (not value["exists"] or fault_of(value, _DRESS) is None)


_is_hex = _matches(r"([0-9a-f]{2})*\Z")
_is_name = _matches(r"[A-Za-z0-9_.@:\\][A-Za-z0-9_.@:\\-]{0,254}\Z")
_is_ipv4 = _matches(r"[0-9]{1,3}(\.[0-9]{1,3}){3}\Z")
_is_ipv4_network = _matches(r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}\Z")
_is_time = _matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")

_PRESENT = {"exists": _is_switch, "sha256": _matches(r"[0-9a-f]{64}\Z")}
_ABSENT = {"exists": _is_switch, "sha256": lambda value: value is None}
_DRESS = {"mode": _matches(r"[0-7]{4}\Z"), "uid": _is_number, "gid": _is_number, "xattrs": _is_xattrs}

MARK = {"schema": _is_number, "journal": _matches(r"vmbackup\.azure\Z")}
RUN = {"schema": _is_number, "created": _is_time, "order": _is_order}
ENTRY = {"schema": _is_number, "time": _is_time, "order": _is_order_if_any, "module": _is_text, "kind": _is_text}
_UNIT = {
    "unit": _is_name,
    "before": {
        "active": _is_switch,
        "active_state": _is_text,
        "unit_file_state": _is_text,
        "masked": _is_switch,
        "links": [_is_path],
    },
    "after": _is_after_if_any,
}
KINDS = {
    "file": {"path": _is_path, "before": _is_file, "after": _is_content, "directories": [_is_path]},
    "unit": _UNIT,
    "unmasked": dict(_UNIT, mark=_matches(r"[0-9a-f]{8}\Z")),
    "script": {
        "service": _is_name,
        "before": {"active": _is_switch, "enabled": _is_switch},
        "after": _is_after_if_any,
    },
    "moved": {"unit": _is_name, "items": [{"path": _is_path, "aside": _matches(r"[0-9a-f]{8}-[0-9]+\Z")}]},
    "commands": {"interface": _is_name, "undo": [_is_command]},
    "rule": {
        "firewall": _matches(r"(firewalld|ufw|nftables)\Z"),
        "rule": {
            "port": _is_number,
            "source": _matches(r"[0-9a-fA-F.:]{2,39}(/[0-9]{1,3})?\Z"),
            "place": _matches(r"[A-Za-z0-9_. /\\-]{0,255}\Z"),
        },
        "before": {"now": _is_switch, "boot": _is_switch},
    },
    "routes": {
        "interface": _is_name,
        "way": {"interface": _is_name, "gateway": _is_ipv4, "metric": _is_number},
        "added": [_is_ipv4_network],
        "deleted": [_is_ipv4_network],
    },
    "reload": {},
}


def read(path):
    """Return the FileState of a file of our own, None if there is none; raises ChangeError for any other."""
    if os.path.islink(path):
        raise cannot("read", path, "it is a symbolic link")
    try:
        state = atomic.read(path)
    except OSError as error:
        raise cannot("read", path, error) from None
    if state and state.uid != os.geteuid():
        raise cannot("read", path, "it belongs to another user")
    return state


def load(path, form):
    """Return the facts in one file; raises ChangeError, which names the file, unless they have the form."""
    state = read(path)
    if state is None:
        raise cannot("read", path, "it does not exist")
    if len(state.data) > READ_LIMIT:
        raise cannot("read", path, "it is larger than {} bytes".format(READ_LIMIT))
    if not state.data.strip():
        raise cannot("read", path, "it is damaged: it is empty")
    try:
        facts = json.loads(state.data.decode("utf-8"), parse_int=_integer)
    except (ValueError, RecursionError):
        raise cannot("read", path, "it is damaged: it is not JSON") from None
    fault = fault_of(facts, form)
    if fault:
        raise cannot("read", path, "it is damaged: " + fault)
    if facts["schema"] != SCHEMA:
        raise cannot("read", path, "another version of this collection wrote it")
    return facts


def load_entry(path):
    """Return the facts of one entry; of a kind that is not known here, only what all kinds have is checked."""
    facts = load(path, ENTRY)
    fault = fault_of(facts, KINDS.get(facts["kind"], {}))
    if fault:
        raise cannot("read", path, "it is damaged: " + fault)
    return facts


def fault_of(value, form, name=None):
    """Return what is wrong with a value in a few words, None when it has the form."""
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return "{} is not an object".format(name or "it")
        faults = (fault_of(value.get(key, MISSING), form[key], "'{}'".format(key)) for key in sorted(form))
    elif isinstance(form, list):
        if not isinstance(value, list):
            return "{} is not a list".format(name)
        faults = (fault_of(item, form[0], "an item of " + name) for item in value)
    else:
        return None if form(value) else "{} is missing or wrong".format(name)
    return next((fault for fault in faults if fault), None)


def _integer(digits):
    # No number of ours is longer, and very long ones take minutes to convert.
    if len(digits) > 20:
        raise ValueError("a number is too long")
    return int(digits)
