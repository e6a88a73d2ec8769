# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module vmbackup_conf does: options of the snapshot extension with the types that it reads."""

import re

from ..._guest.errors import Refused
from ..._guest.ini_edit import EditedIni
from ..._guest.vmbackup_keys import KEYS, MAIN_SECTION, PATH, REFUSED
from ..errors import cannot
from ..steps import FileStep
from ..transaction import Plan, execute

OPTIONS = {
    "settings": {"type": "dict"},
    "section": {"type": "str", "default": MAIN_SECTION},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "normalize": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "path": {"type": "path", "default": PATH},
    "root": {"type": "path"},
}


def work(params, context):
    """Return the module's result."""
    wanted = asked(params)
    return execute(lambda: plan(params["path"], params["section"], wanted, params["normalize"]), context)


def plan(path, section, wanted, normalize=False):
    """Plan the options of `wanted` (text, or None to take an option out) and, if told to, normalising."""
    step = FileStep(path, None)
    data = step.before.data if step.before else None
    before, conf = EditedIni(data), EditedIni(data)
    if normalize:
        conf.normalize()
    for key in wanted:
        if wanted[key] is None:
            conf.unset(section, key)
        else:
            _set(path, conf, section, key, wanted[key])
    step.data = conf.data if step.before or any(value is not None for value in wanted.values()) else None
    if conf.error and any(value is not None for value in wanted.values()):
        raise cannot("edit", path, "the extension would not read it, normalize=true repairs it: " + conf.error)
    was, now = before.values(section), conf.values(section)
    keys = sorted({key.lower() for key in wanted} | {k for k in set(was) | set(now) if was.get(k) != now.get(k)})
    return Plan(
        [step],
        {key: was.get(key) for key in keys},
        {key: now.get(key) for key in keys},
        {"file": path, "parse_error": conf.error or ""},
    )


def _set(path, conf, section, key, value):
    try:
        conf.set(section, key, value)
    except Refused as error:
        raise cannot("edit", path, error) from None


def asked(params):
    """Return what the options ask for: key to text, None for one to take out. Raises ChangeError."""
    given = params["settings"] or {}
    if not given and not params["normalize"]:
        raise cannot("edit", params["path"], "give settings or normalize")
    if not re.match(r"[^\[\]\r\n]+\Z", params["section"]):
        raise cannot("use the section", params["section"], "not a name of a section")
    wanted = {}
    for key, value in given.items():
        if params["state"] == "absent" or value is None:
            wanted[key] = None
        else:
            wanted[key] = to_text(params["section"], key, value, params["force"])
    return wanted


def to_text(section, key, value, force=False):
    """Return the value as the file spells it; raises ChangeError for one that the extension cannot use."""
    kinds = {name.lower(): kind for name, kind in KEYS.get(section, {}).items()}
    kind = kinds.get(key.lower())
    if kind is None and not force:
        reason = REFUSED.get(key.lower(), "the extension reads no such option in [{}]".format(section))
        raise cannot("set", key, reason + " (force=true sets it anyway)")
    if not re.match(r"[A-Za-z0-9_.-]+\Z", key):
        raise cannot("set", key, "not a name of an option")
    if isinstance(value, list):
        value = ",".join(str(item).strip() for item in value)
    text = str(value).strip()
    if kind == "truth":
        return _truth(key, text)
    if kind == "seconds" and not (re.match(r"[0-9]{1,5}\Z", text) and int(text) > 0):
        raise cannot("set", key, "'{}' is not a number of seconds".format(text))
    if kind == "mounts":
        return _mounts(key, text)
    if kind == "user" and not re.match(r"[a-z_][a-z0-9_-]*\Z", text):
        raise cannot("set", key, "'{}' is not a user's name".format(text))
    if isinstance(kind, tuple) and text not in kind:
        raise cannot("set", key, "'{}' is not one of {}".format(text, ", ".join(kind)))
    if not text or re.search(r"[\x00-\x1f\x7f]", text):
        raise cannot("set", key, "the value is empty or holds control characters")
    return text


def _truth(key, text):
    if text.lower() not in ("true", "false"):
        raise cannot("set", key, "'{}' is neither true nor false".format(text))
    # Compared as text by the extension, letter for letter.
    return text.capitalize()


def _mounts(key, text):
    mounts = [mount.strip() for mount in text.split(",")]
    if not all(mount.startswith("/") for mount in mounts):
        raise cannot("set", key, "every mount point is an absolute path")
    if "/" in mounts:
        raise cannot("set", key, "the extension never skips '/'")
    return ",".join(mounts)
