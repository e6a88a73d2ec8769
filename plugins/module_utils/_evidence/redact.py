# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Text without its secrets, and a count of each kind: what the masker of the guest hides, and what only logs hold."""

import collections
import json
import re

from .._guest.masking import MASK, MAX_LINE, mask

WHOLE = 4 << 20
"""Characters up to which a document of JSON is read as a whole."""

INDENTED = 64 << 10
"""Characters up to which it is written for people."""

LEFT_OUT = ("Certificates.xml", ".prv", ".pem", ".pfx", ".p12", ".p7m", ".crt", ".cer", ".key")
"""How files end of which nothing but secrets would be left."""

_BASE64 = r"(?:[A-Za-z0-9+/=_-]|\\[/nr]|\s){16,}"
_PROTECTED = re.compile(
    r"((?:protectedSettings|CustomData|(?<=[\"'])script(?=\\{0,8}[\"']))"
    r"\\{0,8}[\"']?\s{0,8}[:=>]\s{0,8}\\{0,8}[\"']?)" + _BASE64,
    re.IGNORECASE,
)
_PROTECTED_KEYS = ("protectedsettings", "customdata", "script")
"""What is packed or encrypted before it becomes base64: no masker can look into it."""

_PEM = re.compile(r"(-----BEGIN (?!PUBLIC)[A-Z0-9 ]{1,40}-----)(?!\*)(?:[\sA-Za-z0-9+/=]|\\[nr/])+")
_PEM_BEGIN = re.compile(r"-----BEGIN (?!PUBLIC)[A-Z0-9 ]{1,40}-----\s*\Z")
_PEM_BODY = re.compile(r"[\s>|#]*[A-Za-z0-9+/=]*\s*\Z")
_MASKED = re.compile(r"([^\n]{0,64}?)\*{3}")
_KINDS = (
    ("protected_settings", r"protectedSettings\W*\Z"),
    ("custom_data", r"CustomData\W*\Z"),
    ("scripts", r"[\"']script\W*\Z"),
    ("certificates", r"-----BEGIN [A-Z0-9 ]*(?:CERTIFICATE|PKCS7|CMS)[A-Z0-9 ]*-----\Z"),
    ("private_keys", r"-----BEGIN [A-Z0-9 ]*-----\Z"),
    ("sas_signatures", r"(?:\bsig|signature)\W*\Z"),
    ("passwords", r"pass|pwd|credential"),
    ("tokens", r"token|bearer|auth|cookie|negotiate|basic|eyJ"),
    ("keys", r"key|secret|psk"),
)


class Redactor(object):
    """Takes secrets out of one file after the other. ``counts``: how many of each kind since it was asked last."""

    def __init__(self):
        self._counts = collections.Counter()
        self._lines_cut = 0

    def take_counts(self):
        """What was taken out since the last call, by kind, and how many long lines were cut."""
        counts, cut = dict(self._counts), self._lines_cut
        self._counts, self._lines_cut = collections.Counter(), 0
        return counts, cut

    def pieces(self, texts):
        """Pieces of whole lines, without secrets; a document of JSON in one line keeps its form."""
        texts = iter(texts)
        first = next(texts, "")
        document = self._document(first, texts) if first.lstrip()[:1] in ("{", "[") else None
        if document is not None:
            whole, rest = document
            if whole is not None:
                yield whole
                return
            first = rest
        inside = False
        for text in _chained(first, texts):
            lines, inside = self._without_pem(text, inside)
            yield self.text(lines)

    def text(self, text):
        """One text without its secrets."""
        text = _PROTECTED.sub(r"\1" + MASK, text)
        text = _PEM.sub(r"\1" + MASK, text)
        if len(text) > MAX_LINE:
            text = "\n".join(_split(line) if len(line) > MAX_LINE else line for line in text.split("\n"))
            self._lines_cut += sum(len(line) > MAX_LINE for line in text.split("\n"))
        masked = mask(text)
        if MASK in masked:
            self._counts.update(_kinds(masked))
        return masked

    def _document(self, first, texts):
        """``(the document, None)``, or ``(None, its text)`` where it is none."""
        parts, size = [first], len(first)
        for text in texts:
            parts.append(text)
            size += len(text)
            if size > WHOLE:
                return None, "".join(parts)
        whole = "".join(parts)
        try:
            value = _without_protected(mask(json.loads(whole)))
            # A line for each value of a large document would be many times as long.
            masked = json.dumps(value, ensure_ascii=False, indent=1 if len(whole) <= INDENTED else None) + "\n"
        except (ValueError, RecursionError):
            return None, whole
        self._counts.update(_kinds(masked))
        return masked, None

    def _without_pem(self, text, inside):
        """The text without the lines between BEGIN and END, which may lie in different pieces."""
        lines = []
        for line in text.splitlines(True):
            if inside and _PEM_BODY.match(line):
                continue
            inside = False
            if _PEM_BEGIN.search(line):
                inside = True
                line = line.rstrip() + MASK + "\n"
            lines.append(line)
        return "".join(lines), inside


def _chained(first, rest):
    if first:
        yield first
    yield from rest


def _without_protected(value):
    if isinstance(value, dict):
        return {
            key: MASK if key.lower() in _PROTECTED_KEYS and item else _without_protected(item)
            for key, item in value.items()
        }
    return [_without_protected(item) for item in value] if isinstance(value, list) else _again(value)


def _again(value):
    """A text in a document may hold a document of its own."""
    return _PEM.sub(r"\1" + MASK, _PROTECTED.sub(r"\1" + MASK, value)) if isinstance(value, str) else value


def _split(line):
    """A long line of XML or JSON as several, which are not cut: nothing is split between a name and its value."""
    return re.sub(r"(?<=>)(?=<[\w/])|(?<=[}\]],)(?=[{\"\[\\])", "\n", line)


def _kinds(masked):
    kinds = []
    for found in _MASKED.finditer(masked):
        before = masked[max(0, found.end() - 67) : found.end() - 3].rpartition("\n")[2].rpartition(MASK)[2]
        if masked[found.end() : found.end() + 1] == "@":
            kinds.append("credentials_in_addresses")
            continue
        kinds.append(next((kind for kind, sign in _KINDS if re.search(sign, before, re.IGNORECASE)), "others"))
    return kinds
