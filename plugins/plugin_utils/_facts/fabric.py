# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guest reaches, without a proxy where none is named."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, flag, linux, number, one_of, record, records, text, texts, whole, windows

CONNECTION = {
    "connected": flag("The TCP connection was made."),
    "error": text("Why it was not, in words of the probe.", NULL),
    "seconds": number("How long it took.", NULL, PEOPLE),
    **windows("Linux has one word for each.", error_code=whole("Winsock error, 0 for none.", NULL)),
}
ANSWER = {
    **CONNECTION,
    "address": text("Address."),
    "port": whole("Port."),
    "status": whole("HTTP status.", NULL),
    "answer_error": text("What was wrong with the answer.", NULL),
    "via": text("An intermediary's mark in the answer.", NULL),
}

PORT = {**ANSWER, "seconds": number("How long the connection took.", NULL)}
"""A port of the wire server's address, where slow connections are judged."""

SECTION = record(
    __doc__,
    wire_http=record(
        "The wire server's list of protocol versions.",
        **PORT,
        is_version_list=flag("The body is that list and not another server's page."),
        clock_offset_s=number("Seconds by which the guest's clock is ahead of the answer's date.", NULL),
    ),
    host_plugin=record("The host plugin.", **PORT, is_version_list=flag("The body is a list.")),
    imds=record(
        "The instance metadata service.",
        **ANSWER,
        instance=record(
            "What it says, null when it is something else.",
            NULL,
            os_type=text("osType.", NULL, PEOPLE),
            primary_address=text("Primary address of the primary interface.", NULL),
            further_addresses=texts("Its further addresses."),
            primary_mac=text("Its hardware address.", NULL, PEOPLE),
            compute=record(
                "The machine as Azure has it.",
                resource_id=text("Resource id.", NULL, PEOPLE),
                vm_id=text("Unique id.", NULL),
                location=text("Region.", NULL, PEOPLE),
                size=text("Size.", NULL, PEOPLE),
                computer_name=text("Host name that Azure gave it.", NULL, PEOPLE),
                security_type=text("TrustedLaunch or ConfidentialVM; null for a standard machine.", NULL, PEOPLE),
                disks=records(
                    "Its disks.",
                    PEOPLE,
                    name=text("Name.", NULL),
                    role=one_of("What it is for.", "os", "data"),
                    sku=text("Kind of storage; null for an unmanaged disk.", NULL),
                    write_accelerator=flag("Write accelerator is on."),
                    ephemeral=flag("It lies on the Azure host's local storage."),
                    unmanaged=flag("It is a blob in a storage account."),
                ),
            ),
        ),
    ),
    route=record(
        "The way of packets to the wire server.",
        source=text("Source address.", NULL),
        error=text("Why there is none.", NULL),
        **linux(
            "Windows tells the source of a connection and its persistent routes, and no more without CIM.",
            interface=text("Interface.", NULL),
            gateway=text("Gateway.", NULL),
            explicit=text("Interface of a route for this address in the main table.", NULL),
            default_interface=text("Interface of the default route.", NULL),
            addressed_interfaces=texts("Interfaces with an address, by index."),
            source_secondary=flag("The source is a secondary address."),
        ),
    ),
    storage=record(
        "A storage endpoint, without proxy; only where one was named.",
        **CONNECTION,
        endpoint=text("host:port.", PEOPLE),
        addresses=texts("Addresses of its name."),
        dns_error=text("Why the name is not resolved.", NULL),
        tls_error=text("What is wrong with TLS; null when the certificate is trusted.", NULL),
    ),
    proxies=records(
        "Proxies that agent or extension use, tried once each.",
        **{**CONNECTION, "seconds": number("How long its answer took.", NULL)},
        proxy=text("host:port."),
        clients=texts("Who uses it."),
        target=text("What a tunnel was asked to.", PEOPLE),
        target_is_storage=flag("That is the storage endpoint that was named."),
        status=whole("Status of the answer.", NULL),
        answer=text("Its first line, or what was wrong.", NULL),
        tls_error=text("What is wrong with TLS through the tunnel.", NULL),
    ),
    **linux(
        "Windows keeps its rules in one place (section firewall).",
        firewall=record(
            "Rules that stop or divert root's connections to the wire server; looked at when a port does not answer.",
            blocking=records(
                "One for each port that is stopped.",
                address=text("Address."),
                port=whole("Port."),
                verdict=one_of("What becomes of packets.", "drop", "reject", "redirect", "snat"),
                chain=text("Family, table and chain."),
                rule=text("The rule, or the policy."),
                certain=flag("False when the rule has a condition that was not understood."),
                inbound=flag("It stops the answers, not the connection."),
                agents_own_table=flag("It is in a table that the agent maintains."),
            ),
        ),
        saved_routes=texts(
            "Lines of the network configuration of a disk that set a route for the wire server, file:line: text."
        ),
    ),
    pinned_names=records(
        "Names of Azure Storage in the hosts file.",
        name=text("Name."),
        address=text("The address that the file gives it."),
    ),
    **windows(
        "Linux tells the route in force (route).",
        persistent_routes=texts("Persistent routes, destination,mask,gateway,metric."),
    ),
)
