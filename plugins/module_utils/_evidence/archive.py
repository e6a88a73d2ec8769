# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the archive: what there is room and time for, the newest first, and last of all the manifest, which says so.

An archive is a zip file: members are written as they are read, and its directory is at its end, so a part of one is not
taken for a whole. Memory is bounded by a piece of text, the disk by the archive's limit.
"""

import collections
import contextlib
import hashlib
import json
import os
import re
import socket
import time
import zipfile

from .._change.errors import cannot
from .._guest import agent, commands
from . import places
from .redact import LEFT_OUT, Redactor
from .source import Binary, Source

SCHEMA, KIND, MANIFEST = 1, "vmbackup.evidence", "manifest.json"
PREFIX, SUFFIX, PART = "vmbackup-evidence-", ".zip", ".part"
MIB = 1 << 20
LEAST = 4096
"""Bytes below which a part of a file tells nothing."""

KEPT_FREE = 64 * MIB
MAX_LISTED = 2000
LISTED_BYTES = 4 << 20
"""Of the manifest, for files: whoever reads it takes four times as much, and 20,000 members."""

JOURNAL_LINES, JOURNAL_SECONDS = 50000, 30
_STRANGE = re.compile(r"[\\\x00-\x1f\x7f]")
"""In a name, what not everyone reads alike."""


Limits = collections.namedtuple("Limits", "total file age seconds")
"""Bytes of all files and of one, seconds since the last change of one, seconds for all the work."""


class Unread(Exception):
    """Why a file cannot be read, as the manifest says it."""


class Archive(object):
    """One archive under way."""

    def __init__(self, path, limits, redact):
        self._path, self._limits = path, limits
        self._redactor = Redactor() if redact else None
        self._until = time.monotonic() + limits.seconds
        self._left = limits.total
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._file, "w")
        self.files, self.left_out, self.more_left_out = [], [], 0
        self._names, self._manifest_bytes = set(), 0
        self.redacted = collections.Counter()

    @property
    def room(self):
        """Bytes that the next file may have."""
        return min(self._limits.file, self._left)

    def add_files(self, found, now):
        """Take in what places has found, as far as limits allow."""
        for each in found:
            reason = self._reason_against(each, now)
            try:
                if not reason:
                    self._add_file(each)
            except Unread as error:
                reason = str(error)
            if reason:
                self._leave_out(each, reason)

    def _reason_against(self, each, now):
        if each.kind != "file":
            return each.kind
        if self._redactor and each.path.endswith(LEFT_OUT):
            return "secrets"
        if not each.first and now - each.modified > self._limits.age:
            return "age"
        if time.monotonic() > self._until:
            return "time"
        if self._manifest_bytes > LISTED_BYTES:
            return "number"
        return None if self._left >= LEAST else "size"

    def _add_file(self, each):
        with _reading():
            source = Source(each.path, self.room, each.top)
        with source:
            facts = {"path": _shown(each.path), "bytes": source.size, "first_byte": source.first}
            facts["modified"] = _utc(each.modified)
            if self._redactor or each.lines:
                texts = source.text()
                if each.lines:
                    texts = _only(texts, each.lines)
                    facts["lines"] = "about the agent, backups and the network"
                chunks = (text.encode("utf-8", "replace") for text in self._pieces(texts))
            else:
                chunks = source.bytes()
            name = facts["path"][: len(facts["path"]) - len(source.packed)]
            self._write("files" + _STRANGE.sub("_", name), chunks, facts)

    def add_text(self, name, text, facts=None):
        """Take in a text of our own making, such as a service's journal."""
        self._write(name, (piece.encode("utf-8", "replace") for piece in self._pieces([text])), facts or {})

    def add_document(self, name, value):
        """Take in facts that are without secrets already."""
        self._write(name, [json.dumps(value, indent=1, sort_keys=True).encode()], {})

    def _pieces(self, texts):
        return self._redactor.pieces(texts) if self._redactor else texts

    def _write(self, name, chunks, facts):
        # The first piece says whether it is text at all; nothing is in the archive by then.
        chunks = iter(chunks)
        with _reading():
            first = next(chunks, b"")
        digest, size = hashlib.sha256(), 0
        name = self._free(name)
        facts = dict(facts, name=name)
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for chunk in _after(first, chunks, facts):
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
                self._check_space()
                if time.monotonic() > self._until:
                    facts["incomplete"] = "time"
                    break
                # Text can grow: in JSON, a letter may become six.
                if size > self._left:
                    facts["incomplete"] = "size"
                    break
        facts.update(size=size, sha256=digest.hexdigest())
        self._left -= size
        if self._redactor:
            counts, cut = self._redactor.take_counts()
            facts["redacted"] = _listed(counts)
            if cut:
                facts["lines_cut"] = cut
            self.redacted.update(counts)
        self.files.append(facts)
        self._manifest_bytes += len(json.dumps(facts, indent=1))

    def _free(self, name):
        """The name, or one like it, where a file has it that was packed, or whose name reads alike."""
        free, number = name, 1
        while free in self._names:
            number += 1
            free = "{}~{}".format(name, number)
        self._names.add(free)
        return free

    def _check_space(self):
        space = os.fstatvfs(self._file.fileno())
        if space.f_bavail * space.f_frsize < KEPT_FREE:
            raise cannot("write", self._path, "less than {} MiB are free there".format(KEPT_FREE // MIB))

    def _leave_out(self, each, reason):
        if len(self.left_out) >= MAX_LISTED:
            self.more_left_out += 1
            return
        entry = {"path": _shown(each.path), "bytes": each.size, "modified": _utc(each.modified), "reason": reason}
        self.left_out.append(entry)

    def close(self, facts):
        """Write the manifest and return it."""
        manifest = dict(
            facts,
            schema=SCHEMA,
            kind=KIND,
            created=_utc(time.time()),
            host=socket.gethostname(),
            is_redacted=self._redactor is not None,
            limits=dict(self._limits._asdict()),
            files=self.files,
            left_out=self.left_out,
            more_left_out=self.more_left_out,
            redacted=_listed(self.redacted),
        )
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
        self._zip.writestr(_member(MANIFEST), text.encode("utf-8", "replace"))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        return manifest

    def abort(self):
        """Remove what was begun."""
        self._zip.fp = None  # it must not write its directory
        self._file.close()
        os.unlink(self._path)


def fill(archive, documents, for_support):
    """Take in all that there is; returns what the manifest says beside it."""
    for name in sorted(documents):
        archive.add_document(name + ".json", documents[name])
    for unit in agent.UNITS:
        name = "journal/" + unit + ".log"
        text, reason = _journal(unit, archive.room)
        if text:
            archive.add_text(name, text, {"incomplete": reason} if reason else {})
        elif reason:
            archive.add_files([places.absent(name, reason)], 0)
    found, is_cut = places.find(for_support)
    archive.add_files(found, time.time())
    return {"for_support": for_support, "is_listing_cut": is_cut}


def _journal(unit, room):
    """The newest lines of a unit's journal in so many bytes, and why these are not all that was asked for."""
    # Backwards, so that what does not fit is the oldest.
    argv = ["journalctl", "--no-pager", "-q", "-o", "short-iso", "-r", "-n", str(JOURNAL_LINES), "-u", unit]
    try:
        outcome = commands.run(argv, JOURNAL_SECONDS)
    except FileNotFoundError:
        return "", None  # no systemd, no journal
    except OSError as error:
        return "", "unreadable: " + str(error.strerror)
    reason = {None: "time", 0: None}.get(outcome.rc, "unreadable: status {}".format(outcome.rc))
    lines = outcome.out.splitlines(True)
    kept = []
    for line in lines[:-1] if outcome.cut or outcome.rc is None else lines:
        room -= len(line.encode("utf-8", "replace"))
        if room < 0:
            break
        kept.append(line)
    if len(kept) < len(lines):
        reason = reason or "size"
    return "".join(reversed(kept)), reason


def _only(texts, pattern):
    for text in texts:
        kept = "".join(line for line in text.splitlines(True) if pattern.search(line))
        if kept:
            yield kept


def _after(first, chunks, facts):
    """All chunks; what cannot be read to its end is there as far as it was."""
    yield first
    try:
        with _reading():
            yield from chunks
    except Unread as error:
        facts["incomplete"] = str(error)


@contextlib.contextmanager
def _reading():
    # Whatever a file does to its reader, it is one of many.
    try:
        yield
    except Binary:
        raise Unread("not_text") from None
    except Exception as error:  # pylint: disable=broad-except
        raise Unread("unreadable: " + (getattr(error, "strerror", None) or type(error).__name__)) from None


def _shown(path):
    # Names are bytes, which the system's language says how to read; here that is always UTF-8.
    return os.fsencode(path).decode("utf-8", "replace")


def _listed(counts):
    # As a mapping, the masker would take a number for the secret itself.
    return [{"kind": kind, "count": counts[kind]} for kind in sorted(counts)]


def _utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _member(name):
    now = time.gmtime()
    # A guest's clock may show a year that no zip file can hold.
    year = max(1980, min(now.tm_year, 2107))
    member = zipfile.ZipInfo(name, (year, now.tm_mon, now.tm_mday, now.tm_hour, now.tm_min, now.tm_sec))
    # What an archive does by default is not done for members that are given so.
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
