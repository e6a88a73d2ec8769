# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of the virtual machine: what its security groups deny and where its route tables lead."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, record, records, text, texts, whole

SECTION = record(
    __doc__,
    interfaces=records(
        "Network interfaces.",
        id=text("Resource id.", PEOPLE),
        addresses=texts("Private addresses.", PEOPLE),
        subnet=text("Id of the subnet.", NULL, PEOPLE),
        security_groups=texts("Ids of the security groups of interface and subnet.", PEOPLE),
        denies=records(
            "Outbound rules that deny it something, by priority; not Azure's own default rules.",
            group=text("Security group."),
            name=text("Rule."),
            priority=whole("Priority: a lower number comes first."),
            protocol=text("Tcp, Udp, *."),
            destinations=texts("Addresses, service tags."),
            ports=texts("Ports of the destination."),
        ),
        allows=records(
            "Outbound rules that allow, in the same form.",
            group=text("Security group."),
            name=text("Rule.", PEOPLE),
            priority=whole("Priority."),
            protocol=text("Tcp, Udp, *."),
            destinations=texts("Addresses, service tags."),
            ports=texts("Ports of the destination."),
        ),
        routes=records(
            "Routes of the subnet: those of its route table, and those of its service endpoints.",
            table=text("Route table; the subnet, for a service endpoint."),
            name=text("Route."),
            prefix=text("Destination."),
            hop=text(
                "Internet, VirtualAppliance, VirtualNetworkGateway, VnetLocal, VirtualNetworkServiceEndpoint, None."
            ),
            address=text("Address of the next hop.", NULL),
        ),
    ),
)
