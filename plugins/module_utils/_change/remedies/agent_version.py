# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the module agent_version does on the host: versions, minimum, and the keys of the agent's own update."""

import os
import re

from ..._guest import os_release
from ..._guest.agent import EXECUTABLES, executable
from ..._guest.azure import MINIMUM_AGENT
from ..._guest.host import Host
from .. import commands
from ..errors import cannot
from ..transaction import execute
from . import waagent_conf

# The agent by distribution; where a package owns the program already, that one is meant.
PACKAGES = (
    *(("ubuntu", "walinuxagent"), ("debian", "waagent")),
    # Version 12 of SLES does not say that it is like SUSE.
    *((family, "python-azure-agent") for family in ("suse", "sles", "sles_sap")),
    ("", "WALinuxAgent"),
)

OPTIONS = {
    "minimum": {"type": "str", "default": MINIMUM_AGENT},
    "state": {"type": "str", "choices": ["present", "latest"]},
    "package": {"type": "str"},
    "auto_update": {"type": "bool"},
}


def work(params, context):
    """Return the module's result; the package itself is the action plugin's part."""
    versions = read_versions()
    running = versions["goal_state"] or versions["installed"]
    enough = bool(running) and parse(running) >= parse(params["minimum"])
    if params["auto_update"] is not None and versions["installed"]:
        wanted: dict = {"AutoUpdate.UpdateToLatestVersion": "y" if params["auto_update"] else "n"}
        if params["auto_update"]:
            wanted["AutoUpdate.Enabled"] = None
        path = waagent_conf.find()
        result = execute(lambda: waagent_conf.plan(path, wanted), context)
    else:
        result = {"changed": False, "compliant": True, "before": {}, "after": {}, "diff": [], "journal": ""}
        result["run_id"] = context.run_id or ""
    result.pop("warnings", None)
    result.update(
        versions,
        compliant=result["compliant"] and enough,
        minimum=params["minimum"],
        minimum_met=enough,
        package=params["package"] or package_name(),
        restart_required=result["changed"],
    )
    return result


def read_versions(run=commands.run):
    """Return the version of the packaged agent and of the one that runs; None where there is none."""
    program = next((path for path in EXECUTABLES if os.access(path, os.X_OK)), None)
    if program is None:
        return {"installed": None, "goal_state": None}
    # With much on the host the agent looks through all of /proc.
    out = run([program, "--version"], timeout=30).out
    installed = re.search(r"(?m)^WALinuxAgent-([0-9.]+[0-9])", out)
    goal_state = re.search(r"(?m)^Goal state agent: ([0-9.]+)", out)
    return {
        "installed": installed.group(1) if installed else None,
        "goal_state": goal_state.group(1) if goal_state else None,
    }


def parse(version):
    """Return a version as numbers to compare; raises ChangeError for anything else."""
    if not re.match(r"[0-9]+(\.[0-9]+)*\Z", version):
        raise cannot("compare the version", version, "not numbers with dots between them")
    return tuple(int(part) for part in version.split("."))


def package_name(run=commands.run, host=None):
    """Return the package that owns the agent, or the one that this distribution names so."""
    host = host or Host()
    program = executable(host)
    if program:
        owner = run(["dpkg-query", "-S", program])
        if owner.rc == 0 and ": " in owner.out:
            return owner.out.partition(":")[0]
        owner = run(["rpm", "-qf", "--queryformat", "%{NAME}", program])
        if owner.rc == 0:
            return owner.out.strip()
    family = os_release.families(host)
    return next(package for name, package in PACKAGES if not name or name in family)
