# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual machine."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, flag, mapping, record, text, texts

SECTION = record(
    __doc__,
    id=text("Resource id, as Azure writes it."),
    name=text("Name of the resource."),
    resource_group=text("Resource group.", PEOPLE),
    subscription=text("Subscription id."),
    location=text("Region."),
    vm_id=text("Unique id of the machine, which a new machine of the same name does not have.", NULL, PEOPLE),
    size=text("Size, such as Standard_D2s_v5."),
    created=text("When it was made, UTC.", NULL),
    provisioning_state=text(
        "Succeeded, Failed, Canceled, Updating, Creating, Deleting, ...; null when Azure does not say.", NULL
    ),
    power=text("running, stopped, deallocated, starting, stopping, deallocating; null when Azure does not say.", NULL),
    os_type=text("Linux or Windows.", NULL),
    computer_name=text("Host name that Azure gave it.", NULL, PEOPLE),
    allow_extensions=flag("Extensions may run; null when the model does not say, which allows them.", NULL),
    provision_agent=flag("Azure expects an agent; null when the model does not say.", NULL),
    security_type=text("TrustedLaunch or ConfidentialVM; null for a standard machine.", NULL),
    proxy_agent=record(
        "Metadata Security Protocol: what the guest proxy agent does with requests to the fabric.",
        NULL,
        wire_server=text("Enforce, Audit or Disabled.", NULL),
        imds=text("Enforce, Audit or Disabled.", NULL),
    ),
    image=record(
        "Image that it was made from.",
        NULL,
        PEOPLE,
        publisher=text("Publisher.", NULL, PEOPLE),
        offer=text("Offer.", NULL, PEOPLE),
        sku=text("Plan of the offer.", NULL, PEOPLE),
    ),
    tags=mapping("Tags.", text("Value.", NULL), PEOPLE),
    claimed=flag(
        "Only the guest of the host says that it is this machine; the inventory does not. Else absent.", PEOPLE
    ),
    addresses=texts("Private addresses of its network interfaces.", PEOPLE),
)
