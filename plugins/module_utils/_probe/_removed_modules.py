# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Modules that Python removed from its library, and whether something else brings them back."""

from .._guest import handlers

REMOVED = {
    "imp": (3, 12),
    "distutils": (3, 12),
    "asyncore": (3, 12),
    "asynchat": (3, 12),
    "crypt": (3, 13),
    "pipes": (3, 13),
    "cgi": (3, 13),
    "telnetlib": (3, 13),
}
"""Modules of the standard library and the Python that came without them."""

SHIMMED = "distutils"

LIBRARIES = ("/usr/lib/python{0}", "/usr/lib64/python{0}", "/usr/local/lib/python{0}", "/usr/local/lib64/python{0}")
SITE_PLACES = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib/python{0}/site-packages",
    "/usr/local/lib/python{0}/dist-packages",
    "/usr/local/lib/python{0}/site-packages",
)
MODULE_FILES = ("{0}.py", "{0}/__init__.py")
SHIM = "distutils-precedence.pth"


def lacks(host, version):
    """The removed modules that an interpreter has not, by its version and library; None when its library is unknown."""
    library = next((place for place in (p.format(version) for p in LIBRARIES) if host.exists(place)), None)
    if library is None:
        return None
    return [
        name
        for name in sorted(REMOVED)
        if handlers.numbers(version) >= REMOVED[name] and not _has(host, library, version, name)
    ]


def _has(host, library, version, name):
    places = [library] + [place.format(version) for place in SITE_PLACES]
    if any(host.exists("{0}/{1}".format(place, file.format(name))) for place in places for file in MODULE_FILES):
        return True
    return name == SHIMMED and any(host.exists("{0}/{1}".format(place, SHIM)) for place in places)
