# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shadow copies, their providers and writers, and SQL Server."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, WINDOWS, data, mapping, only, record, records, text, texts, whole

VALUE = record(
    "A registry value.", type=text("Its type, such as REG_SZ."), value=data("Its data; binary data as base64.")
)

SECTION = only(
    WINDOWS,
    "Linux freezes file systems (section storage).",
    record(
        __doc__,
        bcdr_agent=mapping("BcdrAgent.", VALUE, NULL),
        bcdr_agent_wow64=mapping("BcdrAgent of the 32-bit view.", VALUE, NULL),
        bcdr_persistent=mapping("BcdrAgentPersistentKeys.", VALUE, NULL),
        providers=records(
            "Registered shadow copy providers.",
            id=text("Identifier."),
            name=text("Name.", NULL),
            type=whole("1 system, 2 software, 3 hardware.", NULL, PEOPLE),
        ),
        volume_filters=record("Drivers above volumes (UpperFilters).", NULL, names=texts("In their order.")),
        classes_acl=text("Access rights of SOFTWARE\\Classes as SDDL.", NULL),
        msdtc_account_sid=text("Account of MSDTC as a SID.", NULL),
        vc_runtimes=records("Visual C++ runtimes.", name=text("Name."), version=text("Version.", NULL)),
        cluster=record(
            "Failover cluster.",
            csv_writer=whole("EnableCsvVssWriter.", NULL),
            csv_volumes=whole("Cluster Shared Volumes."),
        ),
        sql_instances=records(
            "SQL Server instances.",
            name=text("Name."),
            version=text("Version.", NULL),
            edition=text("Edition.", NULL, PEOPLE),
        ),
        other_products=records(
            "Services of other products that take snapshots.",
            name=text("Product."),
            sign=text("What shows it."),
            state=text("State of the service.", NULL),
        ),
        writers=records(
            "Shadow copy writers.",
            id=text("Identifier."),
            state=whole("State number: 1 stable, 5 waiting for completion, 6 and above failed."),
        ),
    ),
)
