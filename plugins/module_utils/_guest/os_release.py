# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""/etc/os-release as the distributions write it: shell assignments without expansion."""

PATHS = ("/etc/os-release", "/usr/lib/os-release")


def load(host):
    """``(path, values)``, read once for all sections; two None when there is no such file."""
    return host.once("os_release", lambda: _load(host))


def _load(host):
    for path in PATHS:
        text = host.text(path)
        if text is not None:
            return path, parse(text)
    return None, None


def parse(text):
    values = {}
    for line in text.split("\n"):
        key, mark, value = line.strip().partition("=")
        if mark and not key.startswith("#"):
            values[key] = value.strip("\"'")
    return values


def distribution(host):
    """The distribution's ``ID``; None where nothing says it."""
    return (load(host)[1] or {}).get("ID")


def families(host):
    """The distribution's ``ID`` and those that it says it is like, the nearest first."""
    values = load(host)[1] or {}
    return [word for word in [values.get("ID")] + values.get("ID_LIKE", "").split() if word]
