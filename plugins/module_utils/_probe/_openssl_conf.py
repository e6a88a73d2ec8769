# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The configuration that openssl reads, and the first value in it that names a variable which is not set.

openssl gives the whole file up for one such value. A variable is a value that stands above in the same section or in
the default one, or, as ``$ENV::NAME``, one of the environment; the default section stands in for what that lacks.
"""

import re

PLACES = ("/etc/pki/tls/openssl.cnf", "/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf")
DEFAULT = "default"
MAX_LINES = 2000
SECTION = re.compile(r"\[([^\]]*)\]")
ASSIGNED = re.compile(r"(?:([\w.-]+)::)?([\w.;, -]+)\Z")
VARIABLE = re.compile(r"\$(?:\{(?:(\w+)::)?(\w+)\}|\((?:(\w+)::)?(\w+)\)|(?:(\w+)::)?(\w+))")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\\.")


def unset(host, named, environment):
    """``{line, variable, read_from}`` of the first one, or None. ``named``: the file of OPENSSL_CONF."""
    path = named or next((place for place in PLACES if host.exists(place)), None)
    text = host.text(path) if path else None
    # Values in which dollars stand for themselves are not followed; other files may set variables, but no environment.
    if text is None or re.search(r"^[^\S\n]*\.pragma", text, re.MULTILINE):
        return None
    more = re.search(r"^[^\S\n]*\.include", text, re.MULTILINE) is not None
    sections, section = {DEFAULT: set()}, DEFAULT
    for number, line in enumerate(text.split("\n")[:MAX_LINES], 1):
        line = QUOTED.sub("", line).partition("#")[0]
        header = SECTION.match(line.strip())
        if header:
            section = header.group(1).strip()
            sections.setdefault(section, set())
            continue
        name, equals, value = line.partition("=")
        found = ASSIGNED.match(name.strip())
        if not (found and equals):
            continue
        for match in VARIABLE.finditer(value):
            parts = match.groups()
            place, name = parts[0] or parts[2] or parts[4], parts[1] or parts[3] or parts[5]
            if not _is_set(sections, place or section, name, environment) and (place == "ENV" or not more):
                return {"line": number, "variable": match.group(), "read_from": path}
        sections.setdefault(found.group(1) or section, set()).add(found.group(2).strip())
    return None


def _is_set(sections, section, name, environment):
    if section == "ENV" and name in environment:
        return True
    return name in sections.get(section, ()) or name in sections[DEFAULT]
