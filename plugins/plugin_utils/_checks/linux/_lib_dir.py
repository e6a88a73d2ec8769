# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the agent's directory is not what, or not where, it has to be."""

from __future__ import annotations

from ..._engine._model import Verdict, by_hand, fail
from ..._engine._state import Facts
from ..._facts._types import LinuxState

USUAL = "/var/lib/waagent"
RESTORE = (
    "Mount the file system that the link leads to, or replace the link with a directory of root and restart the agent."
    " The temporary disk of a VM loses its content: do not keep the agent's directory there."
)


def no_directory(place: Facts) -> Verdict | None:
    """The agent makes its directory where there is nothing; it cannot replace something else."""
    if place.exists and place.get("is_directory") is False:
        repair = by_hand(f"Move {place.path} away and restart the agent, which creates its directory.")
        return fail(f"{place.path} is not a directory", place.fact("is_directory", place.path), fix=repair)
    if not place.exists and place.leads_to:
        link = place.fact("leads_to", place.path)
        return fail(f"{place.path} is a link to {place.leads_to}, which does not exist", link, fix=by_hand(RESTORE))
    return None


def moved_away(state: LinuxState) -> Verdict | None:
    """The extension looks for its certificates in the usual directory, wherever the agent's is."""
    place, extension = state.storage.lib_dir, state.get("extension")
    if place.path == USUAL or not extension or not extension.get("settings"):
        return None
    settings, certificate = extension.settings, extension.get("certificate")
    if certificate is None or certificate.crt and certificate.prv or not settings.protected:
        return None
    why = f"Lib.Dir is {place.path}, and the snapshot extension looks for its certificates in {USUAL}"
    return fail(why, certificate.fact("crt"))


def covered(state: LinuxState) -> Verdict | None:
    """What is mounted in its place hides what a running agent has put there: its key, and that it is provisioned."""
    place, agent = state.storage.lib_dir, state.get("agent")
    mount = place.mount
    if mount is None or mount.target != place.path or agent is None or not agent.get("handler"):
        return None
    provisioning, openssl = agent.get("provisioning"), agent.get("openssl")
    if provisioning is None or provisioning.provisioned or openssl is None or openssl.get("key") is not False:
        return None
    why = f"{mount.source} ({mount.fstype}) is mounted over {place.path} and hides the files of the running agent"
    repair = by_hand(f"Run `umount {place.path}`, restart the agent, and remove what mounts it (/etc/fstab, units).")
    return fail(why, mount.fact("source", f"{mount.origin}: {mount.target}"), openssl.fact("key"), fix=repair)
