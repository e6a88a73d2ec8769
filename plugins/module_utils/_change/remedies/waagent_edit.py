# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""An edit of waagent.conf after which its readers see what is wanted, and of everything else what they saw before."""

from ..._guest.errors import Refused
from ..._guest.waagent_conf_edit import EXTENSION_KEYS
from ..._guest.waagent_keys import is_known
from ..._guest.waagent_syntax import BOM, NotParsed, agent_entries, extension_entries

# The agent does not start with an empty file, so an edit never leaves one.
NOTHING_SET = b"# Nothing is set here: the agent's defaults apply.\n"


def edit(conf, wanted, normalize):
    """Change the lines of `conf`. Raises Refused where a reader would not see just what is wanted."""
    before = conf.values()
    for_extension = any(key in EXTENSION_KEYS for key in wanted)
    if normalize:
        conf.normalize()
    elif for_extension:
        conf.unbreak()
    for key in sorted(wanted):
        if wanted[key] is None:
            conf.unset(key)
        else:
            conf.set(key, wanted[key])
    if wanted:
        _check_wanted(_read(agent_entries, conf.data), wanted, wanted)
    if for_extension:
        _check_wanted(_read(extension_entries, conf.data), wanted, EXTENSION_KEYS)
    if not normalize:
        _check_others(before, conf.values(), wanted)


def _read(entries, data):
    try:
        return {entry.key: entry.value for entry in entries(data or NOTHING_SET)}
    except NotParsed as error:
        raise Refused("it would not be read ({}); normalize=true makes it readable".format(error)) from None


def _check_wanted(seen, wanted, keys):
    for key in sorted(set(wanted) & set(keys)):
        if seen.get(key) != (None if wanted[key] == "None" else wanted[key]):
            raise Refused("{} would not be read as intended; correct the file by hand".format(key))


def _check_others(before, now, wanted):
    """Raise Refused when a key that nobody named changes: one that a reader can ask for, in one word."""
    for key in sorted(set(before) | set(now)):
        named = "#" in key or len(key.split()) != 1 or key.lstrip(BOM).strip() in wanted
        if not named and before.get(key) != now.get(key):
            which = key if is_known(key) else "another key"
            raise Refused("{} would change as well; correct its line by hand".format(which))
