# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Where the distributions put the agent, and what they call its service."""

EXECUTABLES = ("/usr/sbin/waagent", "/usr/bin/waagent", "/usr/local/sbin/waagent", "/usr/share/oem/bin/waagent")
SERVICES = ("walinuxagent", "waagent")
"""Debian's and Ubuntu's name first, then everybody else's."""

UNITS = tuple(name + ".service" for name in SERVICES)
LIB_DIR = "/var/lib/waagent"
DISABLE_MARKER = "disable_agent"
"""A file of this name in the agent's directory makes a running agent sleep."""

LOG = "/var/log/waagent.log"


def executable(host):
    """The path of the agent's executable; None when it is in none of the usual places."""
    return next((path for path in EXECUTABLES if host.exists(path)), None)
