# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writers and providers of the Volume Shadow Copy service by their identifiers."""

from __future__ import annotations

from ..._engine._state import Facts

SYSTEM_PROVIDER = "{b5946137-7b9f-4925-af80-51abd60b20d5}"
SYSTEM_WRITER = "{e8132975-6f93-4464-a53e-1050253ae220}"
CSV_WRITER = "{1072ae1c-e5a7-4ea1-9e4a-6f7964656570}"
HOLD_WRITES = r"0x8004231[34]"
"""Codes of shadow copies that took too long: flushing, and holding writes."""

_WRITERS = {
    SYSTEM_WRITER: "System Writer (CryptSvc)",
    "{afbab4a2-367d-4d15-a586-71dbb18f8485}": "Registry Writer (VSS)",
    "{a6ad56c2-b509-4e6c-bb19-49d8f43532f0}": "WMI Writer (Winmgmt)",
    "{4dc3bdd4-ab48-4d07-adb0-3bee2926fd7f}": "Shadow Copy Optimization Writer (VSS)",
    "{be000cbe-11fe-4426-9c58-531aa6355fc4}": "ASR Writer (VSS)",
    "{542da469-d3e1-473c-9f4f-7847f01fc64f}": "COM+ REGDB Writer (VSS)",
    "{a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}": "SqlServerWriter (SQLWriter)",
    "{2a40fd15-dfca-4aa8-a654-1f8c654603f6}": "IIS Config Writer (AppHostSvc)",
    "{59b1f0cf-90ef-465f-9609-6ca8b2938366}": "IIS Metabase Writer (IISADMIN)",
    "{b2014c9e-8711-4c5c-a5a9-3cf384484757}": "NTDS (NTDS)",
    "{d76f5a28-3092-4589-ba48-2958fb88ce29}": "FRS Writer (NtFrs)",
    "{2707761b-2324-473d-88eb-eb007a359533}": "DFS Replication service writer (DFSR)",
    "{be9ac81e-3619-421f-920f-4c6fea9e93ad}": "DHCP Jet Writer (DHCPServer)",
    "{66841cd4-6ded-4f4b-8f17-fd23f8ddc3de}": "Microsoft Hyper-V VSS Writer (vmms)",
    "{76fe1ac4-15f7-4bcd-987e-8e1acb462fb7}": "Microsoft Exchange Writer (MSExchangeIS)",
    "{41e12264-35d8-479b-8e5c-9b23d1dad37e}": "Cluster Database (ClusSvc)",
    "{0bada1de-01a9-4625-8278-69e735f39dd2}": "Performance Counters Writer (pla)",
    "{75dfb225-e2e4-4d39-9ac9-ffaff65ddf06}": "VSS Metadata Store Writer (VSS)",
    "{cd3f2362-8bef-46c7-9181-d62844cdc0b2}": "MSSearch Service Writer (WSearch)",
    "{d61d61c8-d73a-4eee-8cdd-f6f9786b7124}": "Task Scheduler Writer (Schedule)",
    "{4969d978-be47-48b0-b100-f328f07ac1e0}": "BITS Writer (BITS)",
    "{35e81631-13e1-48db-97fc-d5bc721bb18a}": "NPS VSS Writer (EventSystem)",
    "{12ce4370-5bb7-4c58-a76a-e5d5097e3674}": "FSRM Writer (srmsvc)",
    "{6f5b15b5-da24-4d88-b737-63063e3a1f86}": "Certificate Authority (CertSvc)",
    "{5382579c-98df-47a7-ac6c-98a6d7106e09}": "TermServLicensing (TermServLicensing)",
    "{368753ec-572e-4fc7-b4b9-ccd9bdc624cb}": "TS Gateway Writer (TSGateway)",
    "{f08c1483-8407-4a26-8c26-6c267a629741}": "WINS Jet Writer (WINS)",
    "{8d5194e1-e455-434a-b2e5-51296cce67df}": "WIDWriter (WIDWriter)",
    "{82cb5521-68db-4626-83a4-7fc6f88853e9}": "WDS VSS Writer (WDSServer)",
    "{7e47b561-971a-46e6-96b9-696eeaa53b2a}": "MSMQ Writer (MSMQ)",
    CSV_WRITER: "Cluster Shared Volume VSS Writer (ClusSvc)",
}
STATES = {
    1: "stable",
    2: "waiting for freeze",
    3: "waiting for thaw",
    4: "waiting for post-snapshot",
    5: "waiting for completion",
    6: "failed at identify",
    7: "failed at prepare backup",
    8: "failed at prepare snapshot",
    9: "failed at freeze",
    10: "failed at thaw",
    11: "failed at post-snapshot",
    12: "failed at backup complete",
    13: "failed at pre-restore",
    14: "failed at post-restore",
    15: "failed at backup shutdown",
}
_FIRST_FAILED = 6


def writer_name(id_: str) -> str:
    """The writer with the service to restart for it, or its identifier."""
    return _WRITERS.get(id_, id_)


def writers_in(text: str) -> set[str]:
    """The identifiers of known writers that a text names."""
    return {id_ for id_ in _WRITERS if id_ in text.lower()}


def has_failed(writer: Facts) -> bool:
    """Whether a writer is in one of the states of a failure."""
    return writer.state >= _FIRST_FAILED
