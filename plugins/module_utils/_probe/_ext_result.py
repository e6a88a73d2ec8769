# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the extension was told last and what came of it: settings (never their content), status, certificate."""

import re

from .._guest import handlers
from .._guest.agent import LIB_DIR


def settings(host, directory, clock, enabled):
    """The newest settings file without its content, or None when there is none.

    ``clock``: the time by which it has an age, ``enabled``: when the agent last handed such a file over by its log;
    None where that is not known.
    """
    found = handlers.newest_file(host, directory + "/config", "settings")
    if found is None:
        return None
    sequence, path = found
    content = handlers.load_json(host, path)
    try:
        handler = content["runtimeSettings"][0]["handlerSettings"]
        public, protected = handler.get("publicSettings"), handler.get("protectedSettings")
        thumbprint = handler.get("protectedSettingsCertThumbprint")
    except (TypeError, KeyError, IndexError, AttributeError):
        handler = public = protected = thumbprint = None
    info = host.stat(path)
    age = int(clock - info.st_mtime) if clock is not None and info else None
    return {
        "sequence": sequence,
        # A copy that is younger than the tree's clock tells nothing of the guest.
        "age_s": age if age is not None and age >= 0 else None,
        "enabled_age_s": max(0, int(clock - enabled)) if clock is not None and enabled is not None else None,
        "readable": isinstance(handler, dict),
        "public": bool(public),
        "protected": bool(protected),
        "thumbprint": thumbprint
        if isinstance(thumbprint, str) and re.match(r"[0-9A-Fa-f]{40}\Z", thumbprint)
        else None,
        "read_from": path,
    }


def certificate(host, thumbprint):
    """Whether certificate and key of a thumbprint lie where the extension looks, and hold something; never read.

    It takes the agent's usual directory, whatever Lib.Dir says.
    """
    folder = LIB_DIR
    return {
        "thumbprint": thumbprint,
        "crt": _filled(host, "{0}/{1}.crt".format(folder, thumbprint)),
        "prv": _filled(host, "{0}/{1}.prv".format(folder, thumbprint)),
        "read_from": folder,
    }


def _filled(host, path):
    info = host.stat(path)
    return bool(info and info.st_size)


def last_sequence(host, directory):
    """The sequence number that the extension noted as done, or None."""
    return handlers.integer(host.line(directory + "/mrseq"))
