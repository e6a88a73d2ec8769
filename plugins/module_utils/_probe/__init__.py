# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""States the facts of a Linux guest: sections side by side, each isolated from the others, inside one deadline.

A probe section is a module with ``collect(host, options, facts)``. It states facts and never judges. It imports
statically: inside a module's payload nothing is discovered.
"""

import json
import os
import platform
import threading
import time

from .._guest import apart, disks
from .._guest.errors import surprise
from .._guest.host import NEEDS_LIVE, NEEDS_ROOT, Host, Missing
from .._guest.masking import mask
from .._guest.options import OPTIONS
from . import agent, clock, conf, dhcp, extension, fabric, identity, load, proxy, security, storage

SCHEMA = 1
SECTIONS = (
    ("identity", identity.collect),
    ("agent", agent.collect),
    ("load", load.collect),
    ("clock", clock.collect),
    ("security", security.collect),
    ("conf", conf.collect),
    ("proxy", proxy.collect),
    ("dhcp", dhcp.collect),
    ("fabric", fabric.collect),
    ("extension", extension.collect),
    ("storage", storage.collect),
)

DEFAULTS = {name: option.get("default") for name, option in OPTIONS.items()}
DEFAULTS.update(root="/")

MAX_STATE = 2 << 20
"""Characters of the answer: the largest facts are left out of a larger one."""

REPLY_MARGIN = 0.5
"""Seconds kept of the deadline for writing the answer."""


class Facts(dict):
    """The facts of one section, and why others are missing."""

    def __init__(self):
        dict.__init__(self)
        self.missing = {}

    def lack(self, name, reason):
        """Says why the fact ``name`` (dotted below this section) is missing."""
        self.missing[name] = reason.reason if isinstance(reason, Missing) else str(reason)

    def take(self, name, make):
        """Stores ``make()`` under ``name``, or the reason why it cannot be had. Returns the value or None."""
        try:
            self[name] = make()
        except Missing as missing:
            self.lack(name, missing)
            return None
        return self[name]


def answer(options=None):
    """The guest state as JSON text, in time even when files hang the kernel. Raises RuntimeError without an answer."""
    given = dict(options or {})
    timeout = given.get("timeout") or DEFAULTS["timeout"]
    # The process that reads the guest leaves the directory that it was started in.
    given["root"] = os.path.abspath(given.get("root") or DEFAULTS["root"])
    text = apart.run(lambda: json.dumps(_bounded(collect(given))).encode("ascii"), timeout)
    if text is None:
        raise RuntimeError("Cannot probe the guest: no answer within {0:g} s".format(timeout))
    return text.decode("ascii")


def collect(options=None):
    """The guest state, by threads of this process.

    Raises for nothing that is wrong with the guest; is back before ``timeout`` seconds are over.
    ``beside``: where other file systems of a tree may be mounted, if not below it.
    """
    given = {key: value for key, value in (options or {}).items() if value is not None}
    options = dict(DEFAULTS, **given)
    started = time.monotonic()
    host = disks.host_of(
        options["root"], options.get("beside"), started + max(1.0, float(options["timeout"])) - REPLY_MARGIN
    )
    work = []
    for name, function in SECTIONS:
        facts = Facts()
        # Daemons: a thread that hangs in the kernel (a dead mount) must not keep the process.
        thread = threading.Thread(target=_section, args=(name, function, host, options, facts), name=name)
        thread.daemon = True
        thread.start()
        work.append((name, thread, facts))

    missing = {}
    probe = {"python": platform.python_version(), "timeout_s": options["timeout"]}
    if not host.live:
        probe.update(root=host.root, parts=host.parts, unmounted=mask(disks.unmounted(host)))
    state = {
        "schema": SCHEMA,
        "platform": "linux",
        "mode": "live" if host.live else "tree",
        "captured": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "privileged": host.privileged,
        "probe": probe,
        "missing": missing,
    }
    for name, thread, facts in work:
        thread.join(host.remaining())
        late = thread.is_alive()
        state[name] = _settled(facts)
        for fact, reason in list(facts.missing.items()):
            missing["{0}.{1}".format(name, fact) if fact else name] = mask(reason)
        if late:
            missing.setdefault(name, "no answer within {0:g} s".format(options["timeout"]))
    probe["seconds"] = round(time.monotonic() - started, 3)
    return state


def _bounded(state):
    """The state without its largest facts where it would be too large: the others are not to suffer."""
    total = len(json.dumps(state))
    facts = [(section, fact) for section, _function in SECTIONS for fact in state[section]] if total > MAX_STATE else []
    sizes = {(section, fact): len(json.dumps(state[section][fact])) for section, fact in facts}
    for section, fact in sorted(facts, key=lambda place: -sizes[place]):
        if total <= MAX_STATE:
            break
        total -= sizes[section, fact]
        del state[section][fact]
        state["missing"]["{0}.{1}".format(section, fact)] = "{0} characters are too many".format(sizes[section, fact])
    return state


def _section(name, function, host, options, facts):
    try:
        function(host, options, facts)
    except Missing as missing:
        facts.lack("", missing)
    except Exception as error:  # pylint: disable=broad-except
        # One section's surprise must not take the others down; it is stated, and the facts stay missing.
        facts.lack("", "Cannot probe '{0}': {1}".format(name, surprise(error)))


def _settled(facts):
    """A copy of facts that a late thread may still be writing to, without what is secret: here they leave the guest."""
    while True:
        try:
            return mask(dict(facts))
        except RuntimeError:
            continue


__all__ = ["DEFAULTS", "NEEDS_LIVE", "NEEDS_ROOT", "Facts", "Host", "Missing", "answer", "collect"]
