# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module evidence_archive does: makes an archive, finds one that was made, removes one."""

import fcntl
import hashlib
import json
import os
import re
import time

from .._change import answer, atomic
from .._change.errors import cannot, words
from . import archive

DIRECTORY = "/var/lib/vmbackup/evidence"
DEFAULT_MIB, MOST_MIB = 50, 4096
KEPT_SECONDS = 86400
_NAME = re.compile(re.escape(archive.PREFIX) + r"[0-9TZ]+-[0-9a-f]{8}" + re.escape(archive.SUFFIX) + r"\Z")
DAY = 86400
MORE_SECONDS = 120
"""What journals, and the end of a large file, may take after the time for files is over."""

OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "name": {"type": "str"},
    "directory": {"type": "path", "default": DIRECTORY},
    "max_mib": {"type": "int", "default": DEFAULT_MIB},
    "max_file_mib": {"type": "int", "default": 10},
    "max_age_days": {"type": "int", "default": 14},
    "seconds": {"type": "int", "default": 300},
    "redact": {"type": "bool", "default": True},
    "collect_for": {"type": "str", "choices": ["diagnosis", "support"], "default": "diagnosis"},
    "documents": {"type": "path"},
    # Of the controller.
    "dest": {"type": "path"},
    "variables": {"type": "str"},
}


def work(params, check):
    """Return the module's result."""
    for name, most in (("max_mib", MOST_MIB), ("max_file_mib", MOST_MIB), ("max_age_days", 3650), ("seconds", 3600)):
        if not 1 <= params[name] <= most:
            raise cannot("collect with " + name, params[name], "give 1 to {}".format(most))
    if params["name"] is not None and not _NAME.match(params["name"]):
        raise cannot("use the archive", params["name"], "that is not the name of one")
    folder = params["directory"]
    if params["state"] == "absent":
        return _remove(folder, params["name"], check)
    if params["name"]:
        path = os.path.join(folder, params["name"])
        found = os.path.isfile(path) and not os.path.islink(path)
        return dict(_described(path) if found else {"path": None}, changed=False)
    if check:
        return {"changed": True, "path": None}
    return dict(_make(folder, params), changed=True)


def _make(folder, params):
    os.nice(10)
    documents = _documents(params["documents"])
    handle = _own(folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise cannot("collect into", folder, "another run collects there") from None
    try:
        _clean(folder)
        name = "{}{}-{}{}".format(
            archive.PREFIX, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), os.urandom(4).hex(), archive.SUFFIX
        )
        path = os.path.join(folder, name)
        manifest = _write(path, params, documents)
    finally:
        os.close(handle)
    return dict(_described(path), manifest=_summary(manifest))


def _write(path, params, documents):
    mib = archive.MIB
    age = DAY * params["max_age_days"]
    limits = archive.Limits(mib * params["max_mib"], mib * params["max_file_mib"], age, params["seconds"])
    answer.goes_on(params["seconds"] + MORE_SECONDS)
    made = archive.Archive(path + archive.PART, limits, params["redact"])
    try:
        manifest = made.close(archive.fill(made, documents, params["collect_for"] == "support"))
        os.rename(path + archive.PART, path)
    except BaseException as error:
        made.abort()
        if isinstance(error, OSError):
            raise cannot("write", path, error) from None
        raise
    return manifest


def _own(folder):
    """Open the directory, made for root only; raises ChangeError for one that others may write to."""
    atomic.make_directories(folder, 0o700)
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise cannot("use", folder, error) from None
    info = os.fstat(handle)
    if info.st_uid != os.geteuid() or info.st_mode & 0o022:
        os.close(handle)
        raise cannot("use", folder, "others may write into it")
    return handle


def _clean(folder):
    """Remove what killed runs left, and archives that nobody has fetched for a day."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.startswith(archive.PREFIX) and (name.endswith(archive.PART) or _is_old(path)):
            os.unlink(path)


def _is_old(path):
    return time.time() - os.lstat(path).st_mtime > KEPT_SECONDS


def _remove(folder, name, check):
    path = os.path.join(folder, name or "")
    found = bool(name) and os.path.lexists(path)
    if found and not check:
        try:
            os.unlink(path)
            atomic.remove_directories([folder])
        except OSError as error:
            raise cannot("remove", path, words(error)) from None
    return {"changed": found, "path": None}


def _described(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            answer.goes_on()
            digest.update(chunk)
    return {"path": path, "name": os.path.basename(path), "size": os.stat(path).st_size, "sha256": digest.hexdigest()}


def _summary(manifest):
    reasons = {}
    for entry in manifest["left_out"]:
        reason = entry["reason"].partition(":")[0]
        reasons[reason] = reasons.get(reason, 0) + 1
    names = ("redacted", "is_redacted", "for_support", "is_listing_cut")
    return dict({name: manifest[name] for name in names}, files=len(manifest["files"]), left_out=reasons)


def _documents(path):
    if not path:
        return {}
    state = atomic.read(path)
    if state is None:
        raise cannot("read", path, "it does not exist")
    return json.loads(state.data.decode("utf-8"))
