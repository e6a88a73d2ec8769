# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The keys of waagent.conf with the types by which the agent reads them, and how values are checked."""

import ipaddress
import re

from ..._guest.waagent_keys import HOST, INTEGER, KEYS, PATH, PORT, SWITCH, is_known, meant
from ..errors import cannot

_CHOICES = {
    "Protocol.EndpointDiscovery": ("dhcp", "static"),
    "Provisioning.Agent": ("auto", "waagent", "cloud-init", "disabled"),
    "Provisioning.SshHostKeyPairType": ("auto", "rsa", "dsa", "ecdsa", "ed25519"),
}

_YES, _NO = ("y", "yes", "true"), ("n", "no", "false")
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?\Z")
_KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def check_key(key, force):
    """Raise ChangeError for a key that the agent does not know, or that cannot be one at all."""
    if not _KEY_NAME.match(key):
        raise cannot("set", key, "a key is letters, digits, '.', '_' and '-'")
    if is_known(key) or force:
        return
    near = meant(key)
    hint = "; did you mean '{}'?".format(near) if near else ""
    raise cannot("set", key, "the agent has no such key (force=true sets it anyway){}".format(hint))


def to_text(key, value, force=False):
    """Return the value as the file spells it; raises ChangeError for one that the agent would not take."""
    text = ("y" if value else "n") if isinstance(value, bool) else str(value).strip()
    if text == "None" and KEYS.get(key) != SWITCH:
        return text  # the agent's own word for «use the default»
    kind = KEYS.get(key)
    if kind == SWITCH:
        return _switch(key, text)
    if kind in (INTEGER, PORT):
        return _integer(key, text, *((1, 65535) if kind == PORT else (0, 2**63)))
    if kind == HOST:
        return _host(key, text)
    if kind == PATH and not text.startswith("/"):
        raise cannot("set", key, "'{}' is not an absolute path".format(text))
    if key in _CHOICES and text not in _CHOICES[key] and not force:
        raise cannot("set", key, "'{}' is not one of {}".format(text, ", ".join(_CHOICES[key])))
    return _plain(key, text)


def _switch(key, text):
    if text.lower() in _YES:
        return "y"
    if text.lower() in _NO:
        return "n"
    raise cannot("set", key, "'{}' is neither y nor n".format(text))


def _integer(key, text, low, high):
    if not re.match(r"[0-9]{1,19}\Z", text) or not low <= int(text) <= high:
        raise cannot("set", key, "'{}' is not a whole number from {} to {}".format(text, low, high))
    return str(int(text))


def _host(key, text):
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not _HOST_NAME.match(text) or len(text) > 253:
        # The text is not repeated: what is no bare host name may hold a password.
        raise cannot("set", key, "not a bare host name or address (no scheme, port, user or blanks)")
    return text


def _plain(key, text):
    if not text:
        raise cannot("set", key, "the value is empty; state=absent removes a key")
    if re.search(r"[\x00-\x1f\x7f#\"]", text) or text != text.strip():
        raise cannot("set", key, "a value cannot contain quotes, '#' or control characters")
    return text
