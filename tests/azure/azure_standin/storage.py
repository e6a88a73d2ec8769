# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks, their encryption sets, restore points, key vaults and what a key vault says of its keys."""

from .arm import Response, Routes, shown
from .resources import get_any, list_any

route = Routes()
SUBSCRIPTION = "/subscriptions/{subscription}"
GROUP = SUBSCRIPTION + "/resourceGroups/{group}/providers/"
COLLECTIONS = "Microsoft.Compute/restorePointCollections"

for _kind in ("Microsoft.Compute/disks", "Microsoft.Compute/diskEncryptionSets", "Microsoft.KeyVault/vaults"):
    route("GET", f"{GROUP}{_kind}/{{name}}")(get_any)
    route("GET", f"{GROUP}{_kind}", f"{SUBSCRIPTION}/providers/{_kind}")(list_any)
route("GET", GROUP + "Microsoft.KeyVault/vaults/{vault}/keys/{key}")(get_any)


@route("GET", f"{GROUP}{COLLECTIONS}/{{name}}")
def get_collection(cloud, request, **_names):
    """The points of a collection are shown with $expand=restorePoints only."""
    body = shown(cloud.store.need(request.path))
    if request.query.get("$expand") != "restorePoints":
        body["properties"].pop("restorePoints", None)
    return Response(200, body)
