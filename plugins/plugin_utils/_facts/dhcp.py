# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces, and how the primary one gets its address."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, differs, flag, linux, mapping, one_of, record, records, text, texts, whole, windows

SECTION = record(
    __doc__,
    interfaces=records(
        "Interfaces with hardware or an address, without loopback and tunnels.",
        name=text("Name; Windows may translate it."),
        index=whole("Index.", NULL, PEOPLE),
        mac=text("Hardware address.", NULL),
        up=flag("Its link is not down."),
        addresses=records(
            "IPv4 addresses.",
            PEOPLE,
            address=text("IPv4 address."),
            prefix=whole("Length of the network's prefix."),
            **linux(
                "Windows tells what is no source (skip_as_source).",
                secondary=flag("The kernel holds it as a secondary address."),
            ),
        ),
        **linux(
            "Windows shows one adapter for both halves.",
            virtual_function=flag("The second half of an accelerated interface; it has no address of its own.", PEOPLE),
        ),
        **windows(
            "Linux has drivers without words of their own, routes (fabric.route) and one list of name servers.",
            description=text("Description of its driver."),
            id=text("GUID."),
            gateways=texts("Gateways."),
            dns=texts("Name servers.", PEOPLE),
        ),
    ),
    primary=differs(
        linux=record(
            "The primary interface and what configures it.",
            interface=text("Name."),
            mac=text("Hardware address.", NULL, PEOPLE),
            addresses=texts("Its IPv4 addresses; null without a running system.", NULL),
            client=one_of(
                "What runs it.", "netplan", "networkd", "networkmanager", "ifcfg", "ifupdown", "dhcpcd", NULL, PEOPLE
            ),
            method=one_of(
                "How it gets its address by configuration; null where nothing says it.", "dhcp", "static", NULL
            ),
            static_addresses=texts("Addresses that the configuration writes down."),
            waits=text("The place that leaves it to somebody to bring it up; null where it comes up at boot.", NULL),
            on_trial=text(
                "The file that tells of a change that no one has confirmed and that is reverted unless someone does.",
                NULL,
            ),
            why=text("How it was told.", PEOPLE),
        ),
        windows=record(
            "The adapter towards the Azure host; null without a usable one.",
            NULL,
            interface=text("Name."),
            mac=text("Hardware address.", PEOPLE),
            addresses=texts("Its IPv4 addresses."),
            client=text("Always windows.", PEOPLE),
            method=one_of("EnableDHCP.", "dhcp", "static"),
            static_addresses=texts("Addresses set by hand."),
            static_dns=text("Name servers set by hand.", NULL, PEOPLE),
            lease_address=text("Address of the last lease.", NULL),
            lease_server=text("Server of the last lease.", NULL, PEOPLE),
        ),
    ),
    **linux(
        "Windows keeps its lease with the adapter (primary), ties it to no MAC address, and has no such files.",
        lease=record(
            "The lease that counts; null when no file of one is there.",
            NULL,
            client=text("Whose file.", PEOPLE),
            option_245=text("The wire server's address in it.", NULL),
            keeps_options=flag("This client writes options like 245 down."),
            address=text("The leased address.", NULL),
            expires=text("UTC time, or never.", NULL),
            expired=flag("Null where the file, or a saved tree, does not say it.", NULL),
        ),
        pinned_macs=records("Hardware addresses that files tie interfaces to.", mac=text("Lower case, with colons.")),
        cached_endpoint=record("The wire server's address as the agent last found it.", NULL, value=text("Content.")),
        cached_protocol=record("The protocol as the agent last found it.", NULL, PEOPLE, value=text("Content.")),
    ),
    **windows(
        "Linux tells it of each address (interfaces).",
        absent_adapters=whole("Adapters with settings that the machine has no longer.", PEOPLE),
        skip_as_source=mapping("SkipAsSource by address.", flag("Not used as source.", NULL)),
    ),
)
