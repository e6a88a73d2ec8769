# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the extension was told last and what came of it: settings (never their content), status, certificate."""

import json
import re

from . import _handlers

NUMBERED = re.compile(r"([0-9]+)\.(settings|status)\Z")


def settings(host, directory):
    """The newest settings file without its content, or None when there is none."""
    found = _newest(host, directory + "/config", "settings")
    if found is None:
        return None
    sequence, path = found
    content = _handlers.load_json(host, path)
    try:
        handler = content["runtimeSettings"][0]["handlerSettings"]
        public, protected = handler.get("publicSettings"), handler.get("protectedSettings")
        thumbprint = handler.get("protectedSettingsCertThumbprint")
    except (TypeError, KeyError, IndexError, AttributeError):
        handler = public = protected = thumbprint = None
    return {
        "sequence": sequence,
        "readable": isinstance(handler, dict),
        "public": bool(public),
        "protected": bool(protected),
        "thumbprint": thumbprint
        if isinstance(thumbprint, str) and re.match(r"[0-9A-Fa-f]{40}\Z", thumbprint)
        else None,
        "read_from": path,
    }


def certificate(host, thumbprint):
    """Whether certificate and key of a thumbprint lie where the extension looks; by name, they are never read.

    It takes the agent's usual directory, whatever Lib.Dir says.
    """
    folder = _handlers.DEFAULT_LIB_DIR
    return {
        "thumbprint": thumbprint,
        "crt": host.exists("{0}/{1}.crt".format(folder, thumbprint)),
        "prv": host.exists("{0}/{1}.prv".format(folder, thumbprint)),
        "read_from": folder,
    }


def status(host, directory):
    """The status file with the highest sequence number, or None when there is none."""
    found = _newest(host, directory + "/status", "status")
    if found is None:
        return None
    sequence, path = found
    result = parse_status(_handlers.load_json(host, path))
    info = host.stat(path)
    return dict(result, sequence=sequence, written=int(info.st_mtime) if info else None, read_from=path)


def parse_status(content):
    """``{code, word, reported_word, message}`` of a status document.

    The word of the file says success for every ended command; the true one stands in the document inside it.
    """
    try:
        outer = content[0]["status"]
        code, word = _handlers.integer(outer.get("code")), outer.get("status")
    except (TypeError, KeyError, IndexError, AttributeError):
        return {"code": None, "word": None, "reported_word": None, "message": None}
    inner = _embedded(outer)
    message = outer.get("formattedMessage")
    return {
        "code": code,
        "word": inner.get("status") or word,
        "reported_word": word,
        "message": _handlers.short(_text(message.get("message") if isinstance(message, dict) else message)),
    }


def _embedded(outer):
    for part in outer.get("substatus") or ():
        try:
            return dict(json.loads(part["name"])[0]["status"])
        except (TypeError, KeyError, IndexError, ValueError):
            continue
    return {}


def _text(message):
    """The words inside a message that is itself a JSON document."""
    try:
        return json.loads(message)["messageStr"]
    except (TypeError, KeyError, ValueError):
        return message


def last_sequence(host, directory):
    """The sequence number that the extension noted as done, or None."""
    return _handlers.integer(host.line(directory + "/mrseq"))


def _newest(host, folder, kind):
    numbered = []
    for name in host.names(folder):
        match = NUMBERED.match(name)
        if match and match.group(2) == kind:
            numbered.append((int(match.group(1)), "{0}/{1}".format(folder, name)))
    return max(numbered) if numbered else None
